"""What the first page of the Beheermodule tells: how much there is."""

from broker.simulator.context import Simulator
from broker.simulator.module_sessions import Visitor
from broker.store.mandate_counts import MandateCounts, count_mandates


def counts(sim: Simulator, visitor: Visitor) -> MandateCounts:
    """The chain mandates that the visitor's organisation gave and got."""
    return sim.store.read(lambda tx: count_mandates(tx, visitor.organisation.id, visitor.day))
