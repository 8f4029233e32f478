"""The shape of a scenario file. Unknown keys are refused; names that point elsewhere are looked up in `assembly`."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from broker.core.administration.manager_roles import RoleStatus
from broker.core.administration.representatives import Authority
from broker.core.mandates import ChainStatus, LinkStatus, Origin
from broker.core.organisations import KvkStatus, LegalForm, MeansStatus, MeansType, PersonStatus
from broker.store.scenario.notation import (
    Branch,
    Country,
    Day,
    DefinitionUuid,
    Email,
    Id,
    Kvk,
    Level,
    Name,
    ProviderOin,
    RsinNumber,
    Slug,
    Version,
    Words,
)
from broker.store.scenario.paper_shapes import (
    CheckShape,
    DossierShape,
    InvitationShape,
    RelationShape,
    RevocationRequestShape,
)
from broker.store.scenario.shape import PeriodShape, ScopeShape, Shape


class BranchShape(Shape):
    """A branch of the organisation it stands under."""

    number: Branch
    name: Words = ""
    city: Words = ""
    main: bool = False


class RepresentativeShape(Shape):
    """Who may sign for the organisation it stands under."""

    name: Name
    authority: Authority
    country: Country = "NL"
    since: Day | None = None
    until: Day | None = None


class OrganisationShape(Shape):
    """One organisation, with its branches and who may sign for it."""

    id: Id
    name: Name
    kvk: Kvk
    rsin: RsinNumber | None = None
    form: LegalForm
    city: Name
    status: KvkStatus = KvkStatus.ACTIVE
    trade_names: tuple[Name, ...] = ()
    branches: tuple[BranchShape, ...] = ()
    representatives: tuple[RepresentativeShape, ...] = ()


class GroupShape(Shape):
    """Organisations by the number: `<group>-0001` and on, with every combination of a first and a second word."""

    group: Slug
    count: Annotated[int, Field(ge=1, le=100_000)]
    kvk_from: Kvk
    rsin_from: Annotated[str, Field(pattern=r"^[0-9]{9}$")]
    first: Annotated[list[Name], Field(min_length=1)]
    second: Annotated[list[Name], Field(min_length=1)]
    forms: Annotated[list[LegalForm], Field(min_length=1)]
    cities: Annotated[list[Name], Field(min_length=1)]


class DirectMandateShape(PeriodShape):
    """A direct mandate of the means it stands under; the level is that of the means unless it is given."""

    id: Id | None = None
    organisation: str
    scope: ScopeShape
    level: Level | None = None
    status: LinkStatus = LinkStatus.ACTIVE
    branch: Branch | None = None
    for_third_parties_only: bool = False
    version: Version = 1


class MeansShape(PeriodShape):
    """A means of the person it stands under; of the file's authentication service unless it names another."""

    id: Id
    authentication_service: str | None = None
    type: MeansType = MeansType.REGULAR
    level: Level
    status: MeansStatus = MeansStatus.ACTIVE
    direct: tuple[DirectMandateShape, ...] = ()


class ManagerRoleShape(PeriodShape):
    """A role as manager (beheerder) of the person it stands under."""

    id: Id | None = None
    organisation: str
    level: Level
    status: RoleStatus = RoleStatus.ACTIVE
    may_act_alone: bool = True


class PersonShape(Shape):
    """A person, their means, and the organisations that they manage."""

    id: Id
    name: Name
    employer: str
    email: Email | None = None
    status: PersonStatus = PersonStatus.ACTIVE
    last_used: Day | None = None
    manager_of: tuple[ManagerRoleShape, ...] = ()
    means: tuple[MeansShape, ...] = ()


class CouplingShape(Shape):
    """A coupling: the id of a means, or a mapping that also differs from the mandate in something."""

    means: str
    id: Id | None = None
    scope: ScopeShape | None = None
    level: Level | None = None
    status: LinkStatus = LinkStatus.ACTIVE
    valid_from: Day | None = Field(default=None, alias="from")
    valid_until: Day | None = Field(default=None, alias="until")
    version: Version = 1

    @model_validator(mode="before")
    @classmethod
    def _read_id(cls, written: Any) -> Any:
        return {"means": written} if isinstance(written, str) else written


def _only_one(written: Any) -> Any:
    if isinstance(written, list):
        raise ValueError("CHAIN_TOO_LONG: a chain has exactly one intermediary")
    return written


class ChainMandateShape(PeriodShape):
    """Equal chain mandates of several clients to one intermediary; `group` names a group of organisations.

    Without a dossier they have that of a mandate whose past is not known.
    """

    id: Id | None = None
    clients: tuple[str, ...] = ()
    group: str | None = None
    intermediary: Annotated[str, BeforeValidator(_only_one)]
    origin: Origin = Origin.INVITED_BY_INTERMEDIARY
    scope: ScopeShape
    level: Level
    status: ChainStatus = ChainStatus.ACTIVE
    version: Version = 1
    dossier: DossierShape = DossierShape()
    couple: tuple[CouplingShape, ...] = ()


class ScenarioShape(Shape):
    """The whole file.

    Every client of a mandate is a relation of its intermediary, unless `relations_of_mandates` is false; what stands
    under `relations` comes in its place.
    """

    authentication_service: str
    providers: dict[str, ProviderOin] = Field(default_factory=dict)
    services: dict[str, DefinitionUuid] = Field(default_factory=dict)
    organisations: tuple[OrganisationShape, ...] = ()
    organisation_groups: tuple[GroupShape, ...] = ()
    people: tuple[PersonShape, ...] = ()
    chain_mandates: tuple[ChainMandateShape, ...] = ()
    relations_of_mandates: bool = True
    relations: tuple[RelationShape, ...] = ()
    invitations: tuple[InvitationShape, ...] = ()
    kvk_checks: tuple[CheckShape, ...] = ()
    revocation_requests: tuple[RevocationRequestShape, ...] = ()
