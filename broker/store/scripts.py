"""What the next logins will do: a queue, first in, first out, that all processes share."""

from dataclasses import dataclass

import sqlalchemy as sa

from broker.store.tables import scripted_logins

_column = scripted_logins.c
_ALL = sa.select(scripted_logins).order_by(_column.number)
_NEXT = (
    sa.select(_column.number, _column.document)
    .where(sa.or_(_column.service_provider.is_(None), _column.service_provider == sa.bindparam("sender")))
    .order_by(_column.number)
    .limit(1)
)
_DELETE = sa.delete(scripted_logins).where(_column.number == sa.bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that waits: its number, whose next login it is for (an EntityID, or None for anybody's), and what to do.

    `document` is JSON text that only the caller understands.
    """

    number: int
    service_provider: str | None
    document: str


def put(tx: sa.Connection, service_provider: str | None, document: str) -> int:
    """Put one at the end; gives its number."""
    new = sa.insert(scripted_logins).values(service_provider=service_provider, document=document)
    return int(tx.execute(new.returning(_column.number)).scalar_one())


def listed(tx: sa.Connection) -> tuple[Waiting, ...]:
    """Those that wait, the next one first."""
    return tuple(Waiting(*row) for row in tx.execute(_ALL))


def count(tx: sa.Connection) -> int:
    """How many wait."""
    return tx.execute(sa.select(sa.func.count()).select_from(scripted_logins)).scalar_one()


def take(tx: sa.Connection, service_provider: str) -> str | None:
    """Take the next one for a login at this service provider; None when there is none."""
    found = tx.execute(_NEXT, {"sender": service_provider}).one_or_none()
    if found is None:
        return None
    tx.execute(_DELETE, {"wanted": found.number})
    return str(found.document)


def clear(tx: sa.Connection) -> int:
    """Forget all that wait; gives how many."""
    return tx.execute(sa.delete(scripted_logins)).rowcount
