"""Mandates joined with the organisations they name: what a login can travel along, and who travels."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from broker.core.assurance import AssuranceLevel
from broker.core.invariants import InvariantBroken
from broker.core.mandates import ChainMandate, DirectMandate, LinkStatus, MandateCoupling
from broker.core.organisations import Means, Organisation, Person
from broker.core.scope import ScopeKind


class LinkKind(Enum):
    """Direct: for an organisation itself. Chain: for a client, through an intermediary."""

    DIRECT = "direct"
    CHAIN = "chain"


@dataclass(frozen=True, slots=True)
class LinkReference:
    """Names a link so that it can be read again: `id` is that of the direct mandate or of the coupling."""

    kind: LinkKind
    id: str


class Part(Enum):
    """The parts of a login that each have a level of their own."""

    MEANS = "means"
    DIRECT_MANDATE = "direct_mandate"
    COUPLING = "coupling"
    CHAIN_MANDATE = "chain_mandate"


@dataclass(frozen=True, slots=True)
class DirectLink:
    """A direct mandate and the organisation it is for."""

    mandate: DirectMandate
    organisation: Organisation

    def __post_init__(self) -> None:
        _same(self.mandate.organisation_id, self.organisation.id)

    @property
    def reference(self) -> LinkReference:
        """What `store.register.reload_link` reads this link by."""
        return LinkReference(LinkKind.DIRECT, self.mandate.id)

    @property
    def levels(self) -> tuple[tuple[Part, AssuranceLevel], ...]:
        """The level of each registered part."""
        return ((Part.DIRECT_MANDATE, self.mandate.level),)

    @property
    def scope_kind(self) -> ScopeKind:
        """The kind of scope that the link rests on."""
        return self.mandate.scope.kind

    @property
    def valid_until(self) -> date:
        """The last day on which the link can be used."""
        return self.mandate.validity.valid_until


@dataclass(frozen=True, slots=True)
class ChainLink:
    """A coupling, its chain mandate, the client (the grantor) and the intermediary: the two links of one chain."""

    coupling: MandateCoupling
    mandate: ChainMandate
    client: Organisation
    intermediary: Organisation

    def __post_init__(self) -> None:
        _same(self.coupling.mandate_id, self.mandate.id)
        _same(self.mandate.grantor_id, self.client.id)
        _same(self.mandate.intermediary_id, self.intermediary.id)

    @property
    def organisation(self) -> Organisation:
        """The organisation acted for: the client."""
        return self.client

    @property
    def reference(self) -> LinkReference:
        """What `store.register.reload_link` reads this link by."""
        return LinkReference(LinkKind.CHAIN, self.coupling.id)

    @property
    def levels(self) -> tuple[tuple[Part, AssuranceLevel], ...]:
        """The level of each registered part."""
        return ((Part.COUPLING, self.coupling.level), (Part.CHAIN_MANDATE, self.mandate.level))

    @property
    def scope_kind(self) -> ScopeKind:
        """The narrowest kind of scope of the two links."""
        narrowing = self.coupling.narrowing
        return min(self.mandate.scope.kind, narrowing.kind) if narrowing else self.mandate.scope.kind

    @property
    def valid_until(self) -> date:
        """The last day on which both links can be used."""
        return min(self.coupling.validity.valid_until, self.mandate.validity.valid_until)


Link = DirectLink | ChainLink


@dataclass(frozen=True, slots=True)
class UncoupledMandate:
    """A chain mandate of the person's organisation that nobody coupled to the means in use; it carries no login."""

    mandate: ChainMandate
    client: Organisation
    intermediary: Organisation

    def __post_init__(self) -> None:
        _same(self.mandate.grantor_id, self.client.id)
        _same(self.mandate.intermediary_id, self.intermediary.id)

    @property
    def organisation(self) -> Organisation:
        """The organisation that could have been acted for."""
        return self.client

    @property
    def levels(self) -> tuple[tuple[Part, AssuranceLevel], ...]:
        """The level of each registered part."""
        return ((Part.CHAIN_MANDATE, self.mandate.level),)


@dataclass(frozen=True, slots=True)
class MeansInUse:
    """The means that somebody logged in with, its holder, their employer, and all direct mandates of the means."""

    means: Means
    person: Person
    employer: Organisation
    direct: tuple[DirectLink, ...]

    def __post_init__(self) -> None:
        _same(self.means.person_id, self.person.id)
        _same(self.person.organisation_id, self.employer.id)
        for link in self.direct:
            _same(link.mandate.means_id, self.means.id)

    def works_for(self, day: date) -> frozenset[str]:
        """Ids of the organisations whose chains this means may take part in on `day` (I2): the employer, and every
        organisation with an effective direct mandate for the means.
        """
        mandated = (link.mandate for link in self.direct if link.mandate.status is LinkStatus.ACTIVE)
        return frozenset(m.organisation_id for m in mandated if m.validity.contains(day)) | {self.employer.id}


def _same(named: str, found: str) -> None:
    if named != found:
        raise InvariantBroken("I2", f"{named} was joined with {found}")
