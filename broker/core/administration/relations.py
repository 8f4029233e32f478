"""Relations (relaties): the clients that an intermediary keeps in its Beheermodule."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Relation:
    """A client of an intermediary, with whom to write to. `removed_at` hides it; its history stays (M-21)."""

    intermediary_id: str
    client_id: str
    added_at: datetime
    email: str = ""
    contact: str = ""
    removed_at: datetime | None = None
