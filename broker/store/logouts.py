"""Logouts for which an authentication service still has to send the browser back, each to be taken once."""

from datetime import datetime

import sqlalchemy as sa

from broker.store.tables import logouts

_column = logouts.c
_PUT = sa.insert(logouts)
_FIND = sa.select(_column.document, _column.expires_at).where(_column.id == sa.bindparam("wanted"))
_TAKE = sa.delete(logouts).where(_column.id == sa.bindparam("wanted"))
_DELETE_EXPIRED = sa.delete(logouts).where(_column.expires_at <= sa.bindparam("now"))


def put(tx: sa.Connection, logout_id: str, document: str, expires_at: datetime) -> None:
    """Keep `document`, JSON text that only the caller understands, until `expires_at` (UTC)."""
    tx.execute(_PUT, {"id": logout_id, "document": document, "expires_at": expires_at})


def find(tx: sa.Connection, logout_id: str, now: datetime) -> str | None:
    """The document; None when it was taken, never was, or expired. The id may be any text."""
    if not logout_id.isprintable():  # PostgreSQL takes no NUL, and no id has one
        return None
    row = tx.execute(_FIND, {"wanted": logout_id}).one_or_none()
    return None if row is None or row.expires_at <= now else str(row.document)


def take(tx: sa.Connection, logout_id: str) -> bool:
    """Take it away; of two that try, one is told yes."""
    return tx.execute(_TAKE, {"wanted": logout_id}).rowcount == 1


def delete_expired(tx: sa.Connection, now: datetime) -> int:
    """Forget what expired at `now` or before; gives the number."""
    return tx.execute(_DELETE_EXPIRED, {"now": now}).rowcount
