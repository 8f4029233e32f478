"""Coupling mandates to means of own users, one by one and in bulk (M-11, M-12, M-22). All raise `ChangeRefused`.

What is asked in bulk is many mandates times some means. It is done in parts that each are a transaction: whoever calls
goes on with the next part from where the last one ended, so memory stays the same whatever the number, and a bulk that
stopped half way is taken up by asking again. One mandate that cannot be coupled never blocks the others.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from broker.core.administration import couplings as transitions
from broker.core.administration.actors import Actor
from broker.core.administration.couplings import HeldMeans
from broker.core.administration.lifecycle import Moment
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import require_manager
from broker.core.mandates import ChainMandate, MandateCoupling
from broker.simulator.administration.recording import (
    change,
    coupling_event,
    moment_of,
    own_mandate,
    store_coupling,
)
from broker.simulator.context import Simulator
from broker.store.administration import couplings, events, people
from broker.store.administration.couplings import CoupledMeans
from broker.store.changes import add
from broker.store.database import Transaction

BATCH = 500
"""Mandates in one transaction of a bulk: others can write in between."""
PART = 6 * BATCH
"""Mandates in one part of a bulk, to one means: about a second."""

Transition = Callable[[ChainMandate, MandateCoupling, Actor, Moment], MandateCoupling]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of coupling: how many new couplings, how many were there already, and how many were refused and why."""

    coupled: int = 0
    already: int = 0
    refused: Mapping[Obstacle, int] = field(default_factory=dict)

    def __add__(self, other: "Outcome") -> "Outcome":
        """Both together."""
        refused = Counter(self.refused) + Counter(other.refused)
        return Outcome(self.coupled + other.coupled, self.already + other.already, dict(refused))


@dataclass(frozen=True, slots=True)
class Bulk:
    """All mandates of clients that `typed` finds (nothing typed is all), each to all these means."""

    means_ids: tuple[str, ...]
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bulk that was done. `after` is where the next part goes on; None when this was the last."""

    outcome: Outcome
    after: str | None


def couple(sim: Simulator, actor: Actor, mandate_id: str, means_ids: Sequence[str]) -> Outcome:
    """Couple one mandate to each of these means."""
    require_manager(actor, sim.register_policy)

    def work(tx: Transaction, now: Moment) -> Outcome:
        mandate = _received(tx, actor, mandate_id)
        return _couple(sim, tx, actor, now, [mandate], _held(tx, means_ids, now))

    return change(sim, work)


def count(sim: Simulator, actor: Actor, typed: str) -> int:
    """How many mandates a bulk would go through."""
    own, today = require_manager(actor, sim.register_policy), moment_of(sim).today
    return sim.store.read(lambda tx: couplings.count_to_couple(tx, own, typed, today))


def check(sim: Simulator, actor: Actor, means_ids: Sequence[str]) -> tuple[HeldMeans, ...]:
    """The means of a bulk, each fit for the organisation's chains; raises for the first that is not (M-31, M-48)."""
    own, now = require_manager(actor, sim.register_policy), moment_of(sim)
    held = sim.store.read(lambda tx: _held(tx, means_ids, now))
    for one in held:
        transitions.check_means(one, own, now)
    return held


def look(sim: Simulator, actor: Actor, coupling_id: str) -> CoupledMeans:
    """One coupling of the organisation's, with its means and holder."""
    own = require_manager(actor, sim.register_policy)

    def read(tx: Transaction) -> CoupledMeans:
        found = couplings.load(tx, coupling_id)
        mandate = own_mandate(tx, actor, found.mandate_id).mandate if found else None
        if mandate is None or mandate.intermediary_id != own:
            raise ChangeRefused(Obstacle.NOT_FOUND, coupling_id)
        return next(one for one in couplings.of_mandate(tx, mandate.id) if one.coupling.id == coupling_id)

    return sim.store.read(read)


def couple_part(
    sim: Simulator, actor: Actor, bulk: Bulk, after: str = "", *, most: int = PART, batch: int = BATCH
) -> Part:
    """Couple the next `most` mandates of a bulk, by id from behind `after` on, `batch` in a transaction."""
    own = require_manager(actor, sim.register_policy)
    outcome, place = Outcome(), after
    for _ in range(-(-most // batch)):

        def work(tx: Transaction, now: Moment, place: str = place) -> tuple[Outcome, str | None]:
            found = couplings.to_couple(tx, own, bulk.typed, now.today, after=place, most=batch)
            done = _couple(sim, tx, actor, now, found, _held(tx, bulk.means_ids, now))
            return done, found[-1].id if len(found) == batch else None

        done, following = change(sim, work)
        outcome += done
        if following is None:
            return Part(outcome, None)
        place = following
    return Part(outcome, place)


def uncouple(sim: Simulator, actor: Actor, coupling_id: str, version: int | None = None) -> MandateCoupling:
    """End a coupling; other means keep theirs (M-12)."""
    return _moved(sim, actor, coupling_id, version, "ended", transitions.uncouple)


def suspend(sim: Simulator, actor: Actor, coupling_id: str, version: int | None = None) -> MandateCoupling:
    """No login with these means until the coupling is resumed."""
    return _moved(sim, actor, coupling_id, version, "suspended", transitions.suspend)


def resume(sim: Simulator, actor: Actor, coupling_id: str, version: int | None = None) -> MandateCoupling:
    """Usable again."""
    return _moved(sim, actor, coupling_id, version, "resumed", transitions.resume)


def _moved(
    sim: Simulator, actor: Actor, coupling_id: str, version: int | None, verb: str, transition: Transition
) -> MandateCoupling:
    own = require_manager(actor, sim.register_policy)

    def work(tx: Transaction, now: Moment) -> MandateCoupling:
        before = couplings.load(tx, coupling_id)
        mandate = own_mandate(tx, actor, before.mandate_id).mandate if before else None
        if before is None or mandate is None or mandate.intermediary_id != own:
            raise ChangeRefused(Obstacle.NOT_FOUND, coupling_id)
        if version is not None and before.version != version:
            raise ChangeRefused(Obstacle.CHANGED_MEANWHILE, f"{coupling_id} v{before.version}, seen was v{version}")
        after = transition(mandate, before, actor, now)
        return store_coupling(tx, before, after, verb, intermediary_id=own, actor=actor, now=now)

    return change(sim, work)


def _received(tx: Transaction, actor: Actor, mandate_id: str) -> ChainMandate:
    """The mandate, if the actor's organisation is its intermediary: couplings are no business of the client."""
    mandate = own_mandate(tx, actor, mandate_id).mandate
    if mandate.intermediary_id != actor.organisation_id:
        raise ChangeRefused(Obstacle.NOT_BY_THIS_PARTY, mandate_id)
    return mandate


def _held(tx: Transaction, means_ids: Sequence[str], now: Moment) -> tuple[HeldMeans, ...]:
    held = [people.held_means(tx, means_id, now.today) for means_id in dict.fromkeys(means_ids)]
    if not held or None in held:
        raise ChangeRefused(Obstacle.COUPLED_MEANS_OF_OTHERS, ", ".join(means_ids))
    return tuple(one for one in held if one is not None)


def _couple(
    sim: Simulator,
    tx: Transaction,
    actor: Actor,
    now: Moment,
    mandates: Collection[ChainMandate],
    held: Collection[HeldMeans],
) -> Outcome:
    there = couplings.coupled_means(tx, {mandate.id for mandate in mandates}, now.today)
    new, happened, refused, already = [], [], Counter[Obstacle](), 0
    for mandate in mandates:
        for one in held:
            if (mandate.id, one.means.id) in there:
                already += 1
                continue
            try:
                coupling = transitions.couple(mandate, one, actor, now, sim.ids.token())
            except ChangeRefused as error:
                refused[error.obstacle] += 1
                continue
            new.append(coupling)
            own = mandate.intermediary_id
            happened.append(coupling_event(None, coupling, "added", intermediary_id=own, actor=actor, now=now))
    add(tx, new)
    events.append(tx, happened)
    return Outcome(len(new), already, dict(refused))
