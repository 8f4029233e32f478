"""Whether the broker can do its work, and how much it did."""

from broker.simulator.context import Simulator
from broker.store import figures, migrate
from broker.store.errors import StoreUnavailable
from broker.store.figures import Figures


def require_ready(sim: Simulator) -> None:
    """Raises `StoreUnavailable` when no login can be served: the store is silent, or has other tables than ours."""
    found = sim.store.read(migrate.version)
    if found != migrate.HEAD:
        raise StoreUnavailable(f"the tables of the store have version {found}, this program needs {migrate.HEAD}")


def measure(sim: Simulator) -> Figures:
    """What the store holds now. Raises `StoreUnavailable`."""
    moment = sim.clock()
    return sim.store.read(lambda tx: figures.count(tx, moment))
