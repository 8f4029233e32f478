"""The shape of a scenario file. Unknown keys are refused; names that point elsewhere are looked up in `assembly`."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from broker.core.administration.manager_roles import RoleStatus
from broker.core.mandates import ChainStatus, LinkStatus, Origin
from broker.core.organisations import KvkStatus, LegalForm, MeansStatus, MeansType, PersonStatus
from broker.store.scenario.notation import (
    Branch,
    Day,
    DefinitionUuid,
    Kvk,
    Level,
    Name,
    ProviderOin,
    RsinNumber,
    Slug,
)


class Shape(BaseModel):
    """A mapping with these keys and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OrganisationShape(Shape):
    """One organisation."""

    id: Slug
    name: Name
    kvk: Kvk
    rsin: RsinNumber | None = None
    form: LegalForm
    city: Name
    status: KvkStatus = KvkStatus.ACTIVE


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


class ScopeShape(Shape):
    """`all`, or lists of names from `providers` and `services`."""

    everything: bool = False
    providers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _read_all(cls, written: Any) -> Any:
        if not isinstance(written, str):
            return written
        if written != "all":
            raise ValueError(f"{written!r}: expected all, or a mapping with providers, services or both")
        return {"everything": True}


class PeriodShape(Shape):
    """From and until, both included."""

    valid_from: Day = Field(alias="from")
    valid_until: Day = Field(alias="until")


class DirectMandateShape(PeriodShape):
    """A direct mandate of the means it stands under; the level is that of the means unless it is given."""

    id: Slug | None = None
    organisation: str
    scope: ScopeShape
    level: Level | None = None
    status: LinkStatus = LinkStatus.ACTIVE
    branch: Branch | None = None
    for_third_parties_only: bool = False


class MeansShape(PeriodShape):
    """A means of the person it stands under."""

    id: Slug
    type: MeansType = MeansType.REGULAR
    level: Level
    status: MeansStatus = MeansStatus.ACTIVE
    direct: tuple[DirectMandateShape, ...] = ()


class RoleShape(PeriodShape):
    """The person that it stands under is a manager of an organisation."""

    id: Slug | None = None
    organisation: str
    level: Level
    status: RoleStatus = RoleStatus.ACTIVE
    may_act_alone: bool = True


class PersonShape(Shape):
    """A person, their means, and the organisations that they are manager of."""

    id: Slug
    name: Name
    employer: str
    status: PersonStatus = PersonStatus.ACTIVE
    last_used: Day | None = None
    means: tuple[MeansShape, ...] = ()
    manager_of: tuple[RoleShape, ...] = ()


class CouplingShape(Shape):
    """A coupling: the id of a means, or a mapping that also differs from the mandate in something."""

    means: str
    scope: ScopeShape | None = None
    level: Level | None = None
    status: LinkStatus = LinkStatus.ACTIVE
    valid_from: Day | None = Field(default=None, alias="from")
    valid_until: Day | None = Field(default=None, alias="until")

    @model_validator(mode="before")
    @classmethod
    def _read_id(cls, written: Any) -> Any:
        return {"means": written} if isinstance(written, str) else written


def _only_one(written: Any) -> Any:
    if isinstance(written, list):
        raise ValueError("CHAIN_TOO_LONG: a chain has exactly one intermediary")
    return written


class ChainMandateShape(PeriodShape):
    """Equal chain mandates of several clients to one intermediary; `group` names a group of organisations."""

    id: Slug | None = None
    clients: tuple[str, ...] = ()
    group: str | None = None
    intermediary: Annotated[str, BeforeValidator(_only_one)]
    origin: Origin = Origin.INVITED_BY_INTERMEDIARY
    scope: ScopeShape
    level: Level
    status: ChainStatus = ChainStatus.ACTIVE
    couple: tuple[CouplingShape, ...] = ()


class ScenarioShape(Shape):
    """The whole file."""

    authentication_service: str
    providers: dict[str, ProviderOin] = {}
    services: dict[str, DefinitionUuid] = {}
    organisations: tuple[OrganisationShape, ...] = ()
    organisation_groups: tuple[GroupShape, ...] = ()
    people: tuple[PersonShape, ...] = ()
    chain_mandates: tuple[ChainMandateShape, ...] = ()
