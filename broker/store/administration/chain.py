"""The chain of events as it stands in the database, link by link: fast, and suspicious of every column.

Whoever changes rows can put anything in them: bytes that are no text, text in place of a digest, a number that does not
fit. All of that is a broken chain, and none of it an error of the database.
"""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from broker.core.administration.events import FIRST_LINK, link_octets
from broker.store.administration.tables import events

_column = events.c
_FETCHED: Final = 10_000
_SQLITE: Final = "SELECT number, CAST(document AS BLOB), digest FROM events WHERE number >= ? ORDER BY number"
_POSTGRESQL: Final = (
    "SELECT number, convert_to(document, 'UTF8'), digest FROM events WHERE number >= %s ORDER BY number"
)


@dataclass(frozen=True, slots=True)
class Place:
    """An event of the chain: its number, and its digest. Number 0 stands for the beginning."""

    number: int = 0
    digest: bytes = FIRST_LINK


START: Final = Place()


class ChainBroken(Exception):
    """The events are not what was written. `number` is that of the first one that is wrong or missing."""

    def __init__(self, number: int, reason: str) -> None:
        """`reason` says what is wrong with it."""
        super().__init__(f"event {number}: {reason}")
        self.number = number
        self.reason = reason


def links(tx: sa.Connection, after: Place = START) -> Generator[tuple[int, bytes, bytes]]:
    """Number, content and digest of each event behind `after`, in order, each checked; raises `ChainBroken`."""
    number, digest = after.number, after.digest
    with closing(_rows(tx, after.number)) as rows:
        for found, content, stored in rows:
            number += 1
            if found != number:
                raise ChainBroken(min(number, found), "is missing" if found > number else "has no place in the chain")
            if not isinstance(content, bytes):
                raise ChainBroken(number, "is not what was written")
            digest = link_octets(digest, number, content)
            if digest != stored:
                raise ChainBroken(number, "is not what was written")
            yield number, content, digest


def digest_at(tx: sa.Connection, number: int) -> object | None:
    """What stands in the column of the digest of this event; None when there is no such event."""
    return tx.execute(sa.select(_column.digest).where(_column.number == number)).scalar_one_or_none()


def _rows(tx: sa.Connection, after: int) -> Any:
    """A cursor of the driver over the events: SQLAlchemy would make each row once more, which takes most of the time.

    SQLite gives the content as bytes, whatever stands there; nothing has to be decoded first.
    """
    tx.execute(sa.select(1))  # begins the transaction, if nothing did
    connection: Any = tx.connection.driver_connection
    # From the first on, also what stands before it has no place there.
    lowest = after + 1 if after else -(2**62)
    if tx.dialect.name == "sqlite":
        cursor = connection.cursor()
        cursor.execute(_SQLITE, (lowest,))
        return cursor
    cursor = connection.cursor(name="chain", binary=True)
    cursor.itersize = _FETCHED
    cursor.execute(_POSTGRESQL, (lowest,))
    return cursor
