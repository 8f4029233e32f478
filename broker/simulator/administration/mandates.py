"""Looking at chain mandates: the lists of an organisation, and one mandate with all that belongs to it.

A mandate of others is NOT_FOUND, as if it did not exist (WEB-13). All raise `ChangeRefused`.
"""

from dataclasses import dataclass

from broker.core.administration.actors import Actor
from broker.core.administration.couplings import HeldMeans, check_means
from broker.core.administration.dossiers import FiledMandate
from broker.core.administration.lifecycle import Moment
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import require_manager
from broker.core.administration.trade_register import KvkCheck
from broker.core.mandates import ChainMandate, ChainStatus, MandateCoupling
from broker.core.organisations import Means, Organisation, Person
from broker.simulator.administration.granting import may_act_alone
from broker.simulator.administration.possibilities import Possibilities, possibilities
from broker.simulator.administration.recording import moment_of, own_mandate
from broker.simulator.context import Simulator
from broker.store.administration import checks, couplings, mandate_list, organisations, people
from broker.store.administration.couplings import CoupledMeans
from broker.store.administration.mandate_list import Filter, Listed, Side, Whose
from broker.store.database import Transaction

__all__ = ["PAGE_SIZE", "Filter", "Looked", "MandatePage", "Side", "listed", "look"]

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A mandate in a list: who is at its other end, its status now, and how many couplings; None where nobody tells."""

    filed: FiledMandate
    other: Organisation
    status: ChainStatus
    couplings: int | None


@dataclass(frozen=True, slots=True)
class MandatePage:
    """A page of mandates, and how many there are on all pages together."""

    mandates: tuple[MandateRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Coupled:
    """A coupling, the means that it is for, the holder, and why these means cannot use it, if they cannot."""

    coupling: MandateCoupling
    means: Means
    person: Person
    obstacle: Obstacle | None


@dataclass(frozen=True, slots=True)
class Looked:
    """One mandate with all that its page shows. `couplings` are for the intermediary alone."""

    filed: FiledMandate
    status: ChainStatus
    side: Side
    client: Organisation
    intermediary: Organisation
    couplings: tuple[Coupled, ...]
    check: KvkCheck | None
    possibilities: Possibilities
    moment: Moment


def listed(sim: Simulator, actor: Actor, side: Side, wanted: Filter, number: int = 1) -> MandatePage:
    """Page `number`, from 1, of the mandates that the organisation received or granted."""
    own, now = require_manager(actor, sim.register_policy), moment_of(sim)
    whose = Whose(own, side, now.at, now.policy.signing_months)

    def read(tx: Transaction) -> MandatePage:
        found = mandate_list.page(tx, whose, wanted, offset=(number - 1) * PAGE_SIZE, most=PAGE_SIZE)
        ids = {one.filed.mandate.id for one in found} if side is Side.RECEIVED else set()
        counts = couplings.count_of_mandates(tx, ids, now.today)
        rows = tuple(_row(one, counts, now, told=side is Side.RECEIVED) for one in found)
        return MandatePage(rows, mandate_list.count(tx, whose, wanted))

    return sim.store.read(read)


def look(sim: Simulator, actor: Actor, mandate_id: str) -> Looked:
    """One mandate of the organisation."""
    require_manager(actor, sim.register_policy)
    return sim.store.read(lambda tx: _look(tx, actor, mandate_id, moment_of(sim)))


def _look(tx: Transaction, actor: Actor, mandate_id: str, now: Moment) -> Looked:
    filed = own_mandate(tx, actor, mandate_id)
    mandate = filed.mandate
    side = Side.RECEIVED if mandate.intermediary_id == actor.organisation_id else Side.GRANTED
    names = organisations.by_ids(tx, {mandate.grantor_id, mandate.intermediary_id})
    return Looked(
        filed=filed,
        status=filed.status_at(now.at, now.policy.signing_months),
        side=side,
        client=_named(names, mandate.grantor_id),
        intermediary=_named(names, mandate.intermediary_id),
        couplings=_coupled(tx, mandate, now) if side is Side.RECEIVED else (),
        check=checks.find(tx, filed.dossier.check_id) if filed.dossier.check_id else None,
        possibilities=possibilities(filed, actor, now, acts_alone=may_act_alone(tx, actor, now)),
        moment=now,
    )


def _coupled(tx: Transaction, mandate: ChainMandate, now: Moment) -> tuple[Coupled, ...]:
    own = mandate.intermediary_id
    working = {holder.means.id for holder in people.holders(tx, own, now.today)}

    def obstacle(one: CoupledMeans) -> Obstacle | None:
        works_for = frozenset({own}) if one.means.id in working else frozenset[str]()
        try:
            check_means(HeldMeans(one.means, one.person, works_for), own, now)
        except ChangeRefused as error:
            return error.obstacle
        return None

    found = couplings.of_mandate(tx, mandate.id)
    return tuple(Coupled(one.coupling, one.means, one.person, obstacle(one)) for one in found)


def _named(names: dict[str, Organisation], wanted: str) -> Organisation:
    if wanted not in names:
        raise ChangeRefused(Obstacle.NOT_FOUND, wanted)
    return names[wanted]


def _row(one: Listed, counts: dict[str, int], now: Moment, *, told: bool) -> MandateRow:
    status = one.filed.status_at(now.at, now.policy.signing_months)
    return MandateRow(one.filed, one.other, status, counts.get(one.filed.mandate.id, 0) if told else None)
