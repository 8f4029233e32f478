"""The users of an intermediary: who has which means, whether it may be coupled, and how many mandates it can use."""

from dataclasses import dataclass

from broker.core.administration.actors import Actor
from broker.core.administration.couplings import HeldMeans, check_means
from broker.core.administration.lifecycle import Moment
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import require_manager
from broker.core.organisations import Means, Person
from broker.simulator.administration.recording import moment_of
from broker.simulator.context import Simulator
from broker.store.administration import couplings, people
from broker.store.administration.people import Holder
from broker.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Colleague:
    """A means of somebody who works for the organisation. `obstacle` says why it cannot be coupled (M-31, M-48);
    `couplings` is how many mandates it is coupled to.
    """

    person: Person
    means: Means
    obstacle: Obstacle | None
    couplings: int


def colleagues(sim: Simulator, actor: Actor) -> tuple[Colleague, ...]:
    """Everybody whose means may take part in chains of the organisation, by name. Raises `ChangeRefused`."""
    own, now = require_manager(actor, sim.register_policy), moment_of(sim)

    def read(tx: Transaction) -> tuple[Colleague, ...]:
        holders = people.holders(tx, own, now.today)
        counts = couplings.count_of_means(tx, {holder.means.id for holder in holders}, now.today)
        return tuple(
            Colleague(one.person, one.means, _obstacle(one, own, now), counts.get(one.means.id, 0)) for one in holders
        )

    return sim.store.read(read)


def _obstacle(holder: Holder, own: str, now: Moment) -> Obstacle | None:
    try:
        check_means(HeldMeans(holder.means, holder.person, frozenset({own})), own, now)
    except ChangeRefused as error:
        return error.obstacle
    return None
