"""Answers that wait to be fetched by artifact, once, by the service provider they were made for."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from broker.store.tables import artifacts

_column = artifacts.c
_PUT = sa.insert(artifacts)
_TAKE = (
    sa.delete(artifacts)
    .where(_column.handle_digest == sa.bindparam("digest"))
    .returning(_column.service_provider, _column.payload, _column.expires_at, _column.login_id)
)
_DELETE_EXPIRED = sa.delete(artifacts).where(_column.expires_at <= sa.bindparam("now"))


@dataclass(frozen=True, slots=True)
class WaitingAnswer:
    """`payload` waits for `service_provider` (its EntityID) until `expires_at` (UTC); it ends the login `login_id`."""

    service_provider: str
    payload: bytes
    expires_at: datetime
    login_id: str


def put(tx: sa.Connection, handle_digest: bytes, answer: WaitingAnswer) -> None:
    """Keep an answer. `handle_digest` is a digest of the artifact's handle, so nobody who reads the store can fetch."""
    tx.execute(
        _PUT,
        {
            "handle_digest": handle_digest,
            "service_provider": answer.service_provider,
            "payload": answer.payload,
            "expires_at": answer.expires_at,
            "login_id": answer.login_id,
        },
    )


def claim(tx: sa.Connection, handle_digest: bytes, service_provider: str, now: datetime) -> WaitingAnswer | None:
    """Take an answer away and give it; None when it was taken before, never was, has expired or is for another.

    Whoever asks, right or wrong, the artifact is spent.
    """
    row = tx.execute(_TAKE, {"digest": handle_digest}).one_or_none()
    if row is None or row.service_provider != service_provider or row.expires_at <= now:
        return None
    return WaitingAnswer(*row)


def delete_expired(tx: sa.Connection, now: datetime) -> int:
    """Forget the answers that expired at `now` or before; gives their number."""
    return tx.execute(_DELETE_EXPIRED, {"now": now}).rowcount
