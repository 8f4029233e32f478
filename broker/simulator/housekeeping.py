"""Forgetting what has expired: logins that were never finished, answers that were never fetched, old message ids."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from broker.simulator.context import Simulator
from broker.store import artifacts, logins, replay
from broker.store.database import Transaction

EVERY: Final = timedelta(minutes=1)


@dataclass(slots=True)
class Housekeeping:
    """Remembers when this process last tidied, so that it does so once a minute and not at every request."""

    last: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def is_due(self, moment: datetime) -> bool:
        """Whether it is time; of several threads that ask at once, one is told yes."""
        with self.lock:
            if self.last is not None and self.last <= moment < self.last + EVERY:
                return False
            self.last = moment
            return True


def tidy(sim: Simulator) -> int:
    """Delete what has expired; gives the number of rows."""
    moment = sim.clock()

    def transaction(tx: Transaction) -> int:
        return sum(forget(tx, moment) for forget in (logins.delete_expired, artifacts.delete_expired, replay.purge))

    return sim.store.write(transaction)
