"""Message ids that were seen, so that no message is accepted twice, by any process."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from broker.store.digest import digest_of
from broker.store.errors import AlreadyClaimed
from broker.store.tables import claims

_CLAIM = sa.insert(claims)
_PURGE = sa.delete(claims).where(claims.c.expires_at <= sa.bindparam("now"))


def claim(tx: sa.Connection, kind: str, issuer: str, message_id: str, expires_at: datetime) -> None:
    """Take this message id of this issuer, for good.

    `kind` keeps the ids of different messages apart; `expires_at`, in UTC, is when a replay would be refused for its
    age anyway and the claim may be purged. Raises `AlreadyClaimed` when it was taken before, and the transaction is
    then of no further use. The texts may be of any length and content.
    """
    try:
        tx.execute(_CLAIM, {"digest": digest_of(kind, issuer, message_id), "expires_at": expires_at})
    except IntegrityError:
        raise AlreadyClaimed(f"{kind} {message_id[:80]!r} of {issuer[:80]!r} was seen before") from None


def purge(tx: sa.Connection, now: datetime) -> int:
    """Forget the claims that expired at `now` or before; gives their number."""
    return tx.execute(_PURGE, {"now": now}).rowcount
