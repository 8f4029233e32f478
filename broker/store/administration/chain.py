"""The chain of events as it stands in the database, link by link: fast, and suspicious of every column.

Whoever changes rows can put anything in them: bytes that are no text, text in place of a digest, a number that does not
fit. All of that is a broken chain, and none of it an error of the database.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from broker.core.administration.events import FIRST_LINK, link_octets
from broker.store.administration.tables import events

_column = events.c
_FETCHED: Final = 10_000


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
    for found, content, stored in _rows(tx, after.number):
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


def _rows(tx: sa.Connection, after: int) -> Iterator[Any]:
    asked = sa.select(_column.number, _octets(tx), _column.digest).order_by(_column.number)
    # From the first on, also what stands before it has no place there.
    behind = asked if after == 0 else asked.where(_column.number > after)
    with tx.execute(behind.execution_options(yield_per=_FETCHED)) as found:
        yield from found


def _octets(tx: sa.Connection) -> sa.ColumnElement[object]:
    """The content as bytes: SQLite gives what stands there whatever that is, and text need not be decoded first."""
    if tx.dialect.name == "sqlite":
        return sa.type_coerce(sa.cast(_column.document, sa.LargeBinary), sa.types.NullType())
    return sa.type_coerce(sa.func.convert_to(_column.document, "UTF8"), sa.types.NullType())
