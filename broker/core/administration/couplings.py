"""Couplings (koppelingen): which means of the intermediary's people may use a chain mandate. Raises `ChangeRefused`."""

from dataclasses import dataclass, replace
from datetime import date

from broker.core.administration.actors import Actor
from broker.core.administration.lifecycle import Moment
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import Action, permit, require_own_level
from broker.core.assurance import AssuranceLevel
from broker.core.mandates import ChainMandate, ChainStatus, LinkStatus, MandateCoupling
from broker.core.organisations import Means, MeansStatus, MeansType, Person, PersonStatus
from broker.core.scope import Scope
from broker.core.validity import Validity

_USABLE = frozenset({ChainStatus.ACTIVE, ChainStatus.SUSPENDED})


@dataclass(frozen=True, slots=True)
class HeldMeans:
    """A means, its holder, and the organisations whose chains it may take part in (`MeansInUse.works_for`, I2)."""

    means: Means
    person: Person
    works_for: frozenset[str]


@dataclass(frozen=True, slots=True)
class CouplingTerms:
    """In what a coupling differs from its mandate; None is as the mandate."""

    narrowing: Scope | None = None
    level: AssuranceLevel | None = None
    validity: Validity | None = None


AS_THE_MANDATE = CouplingTerms()


def couple(
    mandate: ChainMandate,
    held: HeldMeans,
    actor: Actor,
    now: Moment,
    coupling_id: str,
    terms: CouplingTerms = AS_THE_MANDATE,
) -> MandateCoupling:
    """A new coupling of `mandate` to the means.

    A level above that of means or manager comes down to it, unless it was asked for by name (I4).
    """
    _permit(mandate, actor, now)
    if mandate.status not in _USABLE or now.today > mandate.validity.valid_until:
        raise ChangeRefused(Obstacle.WRONG_STATE, mandate.status_at(now.today).value)
    check_means(held, mandate.intermediary_id, now)
    if terms.level is not None:
        require_own_level(actor, terms.level)
        if now.policy.chain_level is not None and terms.level < now.policy.chain_level:
            raise ChangeRefused(Obstacle.LEVEL_TOO_LOW, terms.level.label)
    bounds = [mandate.level, held.means.level, *([actor.own_level] if actor.own_level else [])]
    return MandateCoupling(
        id=coupling_id,
        mandate_id=mandate.id,
        means_id=held.means.id,
        narrowing=terms.narrowing,
        level=terms.level or min(bounds),
        validity=terms.validity or mandate.validity,
    )


def check_means(held: HeldMeans, intermediary_id: str, now: Moment) -> None:
    """Return if the means may take part in chains of the intermediary (I2, I5, M-31, M-48)."""
    means, floor = held.means, now.policy.chain_level
    if intermediary_id not in held.works_for:
        raise ChangeRefused(Obstacle.COUPLED_MEANS_OF_OTHERS, means.id)
    if means.type is not MeansType.REGULAR:
        raise ChangeRefused(Obstacle.COUPLED_MEANS_NOT_REGULAR, means.id)
    if floor is not None and means.level < floor:
        raise ChangeRefused(Obstacle.COUPLED_MEANS_TOO_LOW, means.level.label)
    in_order = means.status is MeansStatus.ACTIVE and held.person.status is PersonStatus.ACTIVE
    if not in_order or now.today > means.validity.valid_until:
        raise ChangeRefused(Obstacle.COUPLED_MEANS_NOT_USABLE, means.status.value)


def uncouple(mandate: ChainMandate, coupling: MandateCoupling, actor: Actor, now: Moment) -> MandateCoupling:
    """REVOKED: this means no longer uses the mandate; other means do (M-12)."""
    return _changed(mandate, coupling, actor, now, LinkStatus.REVOKED, LinkStatus.ACTIVE, LinkStatus.SUSPENDED)


def suspend(mandate: ChainMandate, coupling: MandateCoupling, actor: Actor, now: Moment) -> MandateCoupling:
    """SUSPENDED, until it is resumed."""
    return _changed(mandate, coupling, actor, now, LinkStatus.SUSPENDED, LinkStatus.ACTIVE)


def resume(mandate: ChainMandate, coupling: MandateCoupling, actor: Actor, now: Moment) -> MandateCoupling:
    """ACTIVE again."""
    return _changed(mandate, coupling, actor, now, LinkStatus.ACTIVE, LinkStatus.SUSPENDED)


def follow_renewal(
    coupling: MandateCoupling, before: ChainMandate, after: ChainMandate, today: date
) -> MandateCoupling:
    """`coupling` with the mandate's new end, if it ended with the mandate before: a renewal loses nobody."""
    ended_with_it = coupling.validity.valid_until == before.validity.valid_until
    if not ended_with_it or coupling.status is LinkStatus.REVOKED:
        return coupling
    start = max(coupling.validity.valid_from, min(today, after.validity.valid_from))
    return replace(coupling, validity=Validity(start, after.validity.valid_until))


def _changed(
    mandate: ChainMandate, coupling: MandateCoupling, actor: Actor, now: Moment, to: LinkStatus, *allowed: LinkStatus
) -> MandateCoupling:
    _permit(mandate, actor, now)
    status = coupling.status_at(now.today)
    if status not in allowed:
        final = status in (LinkStatus.REVOKED, LinkStatus.EXPIRED)
        raise ChangeRefused(Obstacle.ENDED if final else Obstacle.WRONG_STATE, status.value)
    return replace(coupling, status=to)


def _permit(mandate: ChainMandate, actor: Actor, now: Moment) -> None:
    permit(actor, Action.COUPLE, mandate.grantor_id, mandate.intermediary_id, mandate.origin, now.policy)
