"""Ending many couplings at once: of some means, with all mandates or with those of some clients (M-22).

Done in parts as coupling is. What was ended is no longer found, so each part begins at the front, and one that stopped
half way is taken up by asking again. All raise `ChangeRefused`.
"""

from dataclasses import dataclass

from broker.core.administration import couplings as transitions
from broker.core.administration.actors import Actor
from broker.core.administration.lifecycle import Moment
from broker.core.administration.permissions import require_manager
from broker.simulator.administration.coupling import BATCH, PART, Bulk
from broker.simulator.administration.recording import change, moment_of, store_coupling
from broker.simulator.context import Simulator
from broker.store.administration import couplings
from broker.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Ended:
    """A part that was done: how many couplings were ended, and how many are left to end."""

    ended: int
    left: int


def count(sim: Simulator, actor: Actor, bulk: Bulk) -> int:
    """How many couplings would be ended."""
    own, today = require_manager(actor, sim.register_policy), moment_of(sim).today
    return sim.store.read(lambda tx: couplings.count_to_uncouple(tx, own, bulk.means_ids, bulk.typed, today))


def uncouple_part(sim: Simulator, actor: Actor, bulk: Bulk, *, most: int = PART, batch: int = BATCH) -> Ended:
    """End the next `most` couplings, `batch` in a transaction; others keep theirs (M-12)."""
    own, done = require_manager(actor, sim.register_policy), 0

    def work(tx: Transaction, now: Moment) -> int:
        found = couplings.to_uncouple(tx, own, bulk.means_ids, bulk.typed, now.today, min(batch, most - done))
        for mandate, before in found:
            after = transitions.uncouple(mandate, before, actor, now)
            store_coupling(tx, before, after, "ended", intermediary_id=own, actor=actor, now=now)
        return len(found)

    while done < most and (ended := change(sim, work)):
        done += ended
    return Ended(done, count(sim, actor, bulk))
