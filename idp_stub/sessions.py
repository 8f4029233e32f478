"""Who is logged in where: kept in the process until the person logs out, or until it is too long ago."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

# etd Single sign-on and user sessions: a session lasts two hours at most.
LIFE: Final = timedelta(hours=2)
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Session:
    """A login: the name of the service provider as the broker told it, if it did, and when it was."""

    provider_name: str | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Sessions:
    """Logins by their transient subject; the oldest are forgotten first."""

    known: dict[str, Session] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, transient: str, session: Session) -> None:
        """Somebody logged in."""
        with self.lock:
            self.known[transient] = session
            if len(self.known) > _MOST:
                del self.known[next(iter(self.known))]

    def end(self, transient: str, moment: datetime) -> Session | None:
        """Somebody logs out: the session that ends, or None when there is none any more."""
        with self.lock:
            found = self.known.pop(transient, None)
        return found if found is not None and moment < found.started_at + LIFE else None
