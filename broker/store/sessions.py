"""At which authentication service a service provider's login was, so that logging out can find it.

This is no session of the broker: nobody is let in by it.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from broker.store.digest import digest_of
from broker.store.tables import sessions

_column = sessions.c
_FIND = sa.select(_column.authentication_service, _column.transient, _column.login_id, _column.expires_at).where(
    _column.digest == sa.bindparam("wanted")
)
_DELETE = sa.delete(sessions).where(_column.digest == sa.bindparam("wanted"))
_PUT = sa.insert(sessions)
_DELETE_EXPIRED = sa.delete(sessions).where(_column.expires_at <= sa.bindparam("now"))


@dataclass(frozen=True, slots=True)
class KnownSession:
    """The EntityID of the authentication service, and the transient subject that it gave the person.

    `login_id` says in which login; empty for logins of before it was kept.
    """

    authentication_service: str
    transient: str
    login_id: str = ""


def put(tx: sa.Connection, service_provider: str, name_id: str, session: KnownSession, expires_at: datetime) -> None:
    """Remember until `expires_at` (UTC) where the login came from of which `service_provider` got this NameID.

    The NameID is kept as a digest only. A later login with the same NameID takes the place of an earlier one.
    """
    digest = digest_of(service_provider, name_id)
    tx.execute(_DELETE, {"wanted": digest})
    tx.execute(
        _PUT,
        {
            "digest": digest,
            "authentication_service": session.authentication_service,
            "transient": session.transient,
            "login_id": session.login_id,
            "expires_at": expires_at,
        },
    )


def find(tx: sa.Connection, service_provider: str, name_id: str, now: datetime) -> KnownSession | None:
    """Where the login came from; None when it never was, was another's, or expired. The texts may be anything."""
    row = tx.execute(_FIND, {"wanted": digest_of(service_provider, name_id)}).one_or_none()
    if row is None or row.expires_at <= now:
        return None
    return KnownSession(row.authentication_service, row.transient, row.login_id)


def delete_expired(tx: sa.Connection, now: datetime) -> int:
    """Forget what expired at `now` or before; gives the number."""
    return tx.execute(_DELETE_EXPIRED, {"now": now}).rowcount
