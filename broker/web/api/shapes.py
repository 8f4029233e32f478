"""What the calls about the register take and give, and how that becomes values of the core and back.

Levels are written `EH2`, `EH2+`, `EH3`, `EH4`; days as 2026-01-31, both ends of a period included; moments with their
time zone. Identifiers are strings: leading zeros count.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Catalogue
from broker.core.clock import amsterdam_date
from broker.core.identifiers import BranchNumber, KvkNumber, Oin, Rsin, ServiceUuid
from broker.core.mandates import ChainMandate, ChainStatus, DirectMandate, LinkStatus, MandateCoupling, Origin
from broker.core.organisations import (
    KvkStatus,
    LegalForm,
    Means,
    MeansStatus,
    MeansType,
    Organisation,
    Person,
    PersonStatus,
)
from broker.core.scope import Scope
from broker.core.validity import Validity, years_later

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]+$", max_length=400)]
Name = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$", max_length=200)]
Level = Literal["EH2", "EH2+", "EH3", "EH4"]
Moment = Annotated[AwareDatetime, PlainSerializer(lambda value: value.isoformat(), return_type=str)]
_LEVELS = {level.label: level for level in AssuranceLevel}


class Shape(BaseModel):
    """What all have in common: nothing that is not known is taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Empty(Shape):
    """Nothing to say: `{}`."""


class ScopeShape(Shape):
    """What a mandate covers: everything, or providers by OIN and services by ServiceID or UUID of the definition."""

    everything: bool = False
    providers: list[str] = []
    services: list[str] = []

    def value(self, catalogue: Catalogue) -> Scope:
        """The scope; raises ValueError."""
        if not (self.everything or self.providers or self.services):
            return Scope(everything=True)
        return Scope(
            everything=self.everything,
            providers=frozenset(map(Oin, self.providers)),
            services=frozenset(_definition(name, catalogue) for name in self.services),
        )


class PeriodShape(Shape):
    """A period; from today on, for a year, unless something else is said."""

    valid_from: date | None = None
    valid_until: date | None = None

    def period(self, moment: datetime) -> Validity:
        """The period; raises `InvariantBroken`."""
        start = self.valid_from or amsterdam_date(moment)
        return Validity(start, self.valid_until or years_later(start, 1))


class OrganisationShape(Shape):
    """An organisation. A sole proprietorship (EENMANSZAAK) has no RSIN."""

    id: Id
    kvk_number: str = Field(description="8 digits.")
    name: Name
    legal_form: LegalForm = LegalForm.BV
    city: Name = "Testerdam"
    rsin: str | None = Field(default=None, description="9 digits that pass the elfproef.")
    trade_names: list[Name] = []
    status: KvkStatus = Field(default=KvkStatus.ACTIVE, description="How KVK's trade register holds it.")

    def value(self) -> Organisation:
        """The organisation; raises `InvalidIdentifier`."""
        return Organisation(
            id=self.id,
            kvk_number=KvkNumber(self.kvk_number),
            rsin=Rsin(self.rsin) if self.rsin else None,
            legal_form=self.legal_form,
            statutory_name=self.name,
            city=self.city,
            kvk_status=self.status,
            trade_names=tuple(self.trade_names),
        )

    @classmethod
    def of(cls, known: Organisation) -> "OrganisationShape":
        """As it is."""
        return cls(
            id=known.id,
            kvk_number=known.kvk_number,
            name=known.statutory_name,
            legal_form=known.legal_form,
            city=known.city,
            rsin=known.rsin,
            trade_names=list(known.trade_names),
            status=known.kvk_status,
        )


class OrganisationStatus(Shape):
    """How KVK's trade register holds an organisation from now on."""

    status: KvkStatus


class DirectMandateShape(PeriodShape):
    """A direct mandate (machtiging) of a means; the level is that of the means unless it is given."""

    id: Id | None = None
    means: Id | None = Field(default=None, description="Id of the means; left out within a means.")
    organisation: Id = Field(description="Id of the organisation that may be acted for.")
    scope: ScopeShape = ScopeShape()
    level: Level | None = None
    status: LinkStatus = LinkStatus.ACTIVE
    branch: str | None = Field(default=None, description="For one branch only (vestigingsnummer, 12 digits).")
    for_third_parties_only: bool = Field(default=False, description="In chains of the organisation, not for itself.")

    def value(self, means: Means, catalogue: Catalogue, moment: datetime) -> DirectMandate:
        """The mandate of `means`; raises ValueError."""
        return DirectMandate(
            id=self.id or f"{means.id}--{self.organisation}",
            means_id=means.id,
            organisation_id=self.organisation,
            scope=self.scope.value(catalogue),
            level=_LEVELS[self.level] if self.level else means.level,
            validity=self.period(moment),
            status=self.status,
            branch=BranchNumber(self.branch) if self.branch else None,
            for_third_parties_only=self.for_third_parties_only,
        )

    @classmethod
    def of(cls, known: DirectMandate) -> "DirectMandateShape":
        """As it is."""
        return cls(
            id=known.id,
            means=known.means_id,
            organisation=known.organisation_id,
            scope=_scope(known.scope),
            level=_label(known.level),
            status=known.status,
            branch=known.branch,
            for_third_parties_only=known.for_third_parties_only,
            **_days(known.validity),
        )


class LinkStatusShape(Shape):
    """What becomes of a direct mandate."""

    status: Literal["active", "suspended", "revoked"]


class MeansShape(PeriodShape):
    """A means (inlogmiddel) of a person at the stub authentication service, with its direct mandates."""

    id: Id
    level: Level = "EH3"
    type: MeansType = MeansType.REGULAR
    status: MeansStatus = MeansStatus.ACTIVE
    direct_mandates: list[DirectMandateShape] = []


class MeansStatusShape(Shape):
    """What becomes of a means."""

    status: MeansStatus


class PersonShape(Shape):
    """A person who works for an organisation, with their means."""

    id: Id
    name: Name
    employer: Id = Field(description="Id of the organisation.")
    email: str | None = None
    status: PersonStatus = PersonStatus.ACTIVE
    means: list[MeansShape] = []

    def value(self) -> Person:
        """The person, without means."""
        return Person(self.id, self.employer, self.name, self.status, email=self.email)


class PersonStatusShape(Shape):
    """Whether a person may log in at all."""

    status: PersonStatus


class CouplingShape(Shape):
    """A coupling (koppeling): a means may use a chain mandate."""

    id: Id | None = None
    means: Id
    level: Level | None = None
    status: LinkStatus = LinkStatus.ACTIVE

    @classmethod
    def of(cls, known: MandateCoupling) -> "CouplingShape":
        """As it is."""
        return cls(id=known.id, means=known.means_id, level=_label(known.level), status=known.status)


class NewCouplingShape(Shape):
    """The means that may use a chain mandate from now on."""

    means: Id


class ChainMandateShape(PeriodShape):
    """A chain mandate (ketenmachtiging) of a client to an intermediary."""

    id: Id | None = None
    client: Id = Field(description="Id of the organisation that grants it.")
    intermediary: Id = Field(description="Id of the organisation that may act.")
    scope: ScopeShape = ScopeShape()
    level: Level = "EH3"
    origin: Origin = Origin.INVITED_BY_INTERMEDIARY
    status: Literal["active", "suspended", "under_review"] = "active"
    couple: list[Id] = Field(default=[], description="Ids of means of the intermediary's people that may use it.")

    def value(self, catalogue: Catalogue, moment: datetime) -> ChainMandate:
        """The mandate; raises ValueError."""
        return ChainMandate(
            id=self.id or f"{self.intermediary}--{self.client}",
            grantor_id=self.client,
            intermediary_id=self.intermediary,
            origin=self.origin,
            scope=self.scope.value(catalogue),
            level=_LEVELS[self.level],
            validity=self.period(moment),
            status=ChainStatus(self.status),
        )


class ChainMandateKnown(Shape):
    """A chain mandate as it is, with expiry counted in, and its couplings."""

    id: str
    client: str
    intermediary: str
    scope: ScopeShape
    level: Level
    origin: Origin
    status: ChainStatus
    valid_from: date
    valid_until: date
    version: int
    couplings: list[CouplingShape]

    @classmethod
    def of(cls, known: ChainMandate, status: ChainStatus, couplings: Iterable[MandateCoupling]) -> "ChainMandateKnown":
        """As it is."""
        return cls(
            id=known.id,
            client=known.grantor_id,
            intermediary=known.intermediary_id,
            scope=_scope(known.scope),
            level=_label(known.level),
            origin=known.origin,
            status=status,
            version=known.version,
            couplings=[CouplingShape.of(one) for one in couplings],
            **_days(known.validity),
        )


class ReasonShape(Shape):
    """Why; it stands in the history of the mandate."""

    reason: Name = "over the API"


class PageQuery(Shape):
    """Which part of a list: at most 200 at a time."""

    offset: int = Field(default=0, ge=0, le=1_000_000_000)
    most: int = Field(default=50, ge=1, le=200)


def level_of(label: Level) -> AssuranceLevel:
    """The level that is written so."""
    return _LEVELS[label]


def means_of(known: Means, direct: Iterable[DirectMandate]) -> MeansShape:
    """A means as it is."""
    return MeansShape(
        id=known.id,
        level=_label(known.level),
        type=known.type,
        status=known.status,
        direct_mandates=[DirectMandateShape.of(mandate) for mandate in direct],
        **_days(known.validity),
    )


def _label(level: AssuranceLevel) -> Level:
    return level.label  # type: ignore[return-value]  # all labels are of this type


def _days(validity: Validity) -> dict[str, date]:
    return {"valid_from": validity.valid_from, "valid_until": validity.valid_until}


def _scope(scope: Scope) -> ScopeShape:
    return ScopeShape(
        everything=scope.everything, providers=sorted(scope.providers), services=sorted(map(str, scope.services))
    )


def _definition(name: str, catalogue: Catalogue) -> ServiceUuid:
    known = catalogue.find(name)
    return known.definition_uuid if known is not None else ServiceUuid(name)
