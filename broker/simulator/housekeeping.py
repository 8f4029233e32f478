"""Forgetting what has expired: logins that were never finished, answers that were never fetched, old message
ids, where logins came from, logouts that nobody came back from, sessions of the Beheermodule, what old messages said.
What must not be forgotten is noted at the same time: the sequence number of the network metadata.

A login is kept for an hour longer, so that whoever returns to it hears that it expired (EH-FLW-03).
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from broker.simulator import participants
from broker.simulator.administration import daily
from broker.simulator.audit import keeping
from broker.simulator.context import Simulator
from broker.store import artifacts, logins, logouts, module_sessions, replay, sessions
from broker.store.database import Transaction

_FORGET: Final = (
    artifacts.delete_expired,
    replay.purge,
    sessions.delete_expired,
    logouts.delete_expired,
    module_sessions.delete_expired,
)
EVERY: Final = timedelta(minutes=1)
_TOLD_FOR: Final = timedelta(hours=1)


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
    """Delete what has expired, note which network metadata is in use, and tell people what time brought.

    Gives the number of rows that were deleted or emptied.
    """
    moment, network = sim.clock(), sim.network.get()

    def transaction(tx: Transaction) -> int:
        participants.note(tx, network)
        forgotten = logins.delete_expired(tx, moment - _TOLD_FOR)
        return forgotten + sum(forget(tx, moment) for forget in _FORGET)

    daily.run(sim)
    return sim.store.write(transaction) + keeping.forget(sim)
