"""Sessions of the Beheermodule. The token of a session is with its browser alone: here is a digest of it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from broker.core.assurance import AssuranceLevel
from broker.store.digest import digest_of
from broker.store.tables import module_sessions

_column = module_sessions.c
_FIND = sa.select(module_sessions).where(_column.digest == sa.bindparam("wanted"))
_SEEN = sa.update(module_sessions).where(_column.digest == sa.bindparam("wanted"))
_DELETE = sa.delete(module_sessions).where(_column.digest == sa.bindparam("wanted"))
_DELETE_EXPIRED = sa.delete(module_sessions).where(_column.expires_at <= sa.bindparam("now"))


@dataclass(frozen=True, slots=True)
class ModuleSession:
    """Who logged in with which means for which organisation (ids), and how strongly; `name_id` names the login.

    `seen_at` is when a page was last asked for, to within a minute; the session ends at `expires_at`. Both are in UTC.
    """

    means_id: str
    organisation_id: str
    level: AssuranceLevel
    name_id: str
    seen_at: datetime
    expires_at: datetime


def put(tx: sa.Connection, token: str, session: ModuleSession) -> None:
    """Keep a new session under the digest of its token."""
    tx.execute(
        sa.insert(module_sessions),
        {
            "digest": digest_of(token),
            "means_id": session.means_id,
            "organisation_id": session.organisation_id,
            "level": session.level,
            "name_id": session.name_id,
            "seen_at": session.seen_at,
            "expires_at": session.expires_at,
        },
    )


def find(tx: sa.Connection, token: str) -> ModuleSession | None:
    """The session of this token, which may have ended; None when there is none. The token may be any text."""
    row = tx.execute(_FIND, {"wanted": digest_of(token)}).mappings().one_or_none()
    if row is None:
        return None
    return ModuleSession(
        means_id=row[_column.means_id],
        organisation_id=row[_column.organisation_id],
        level=row[_column.level],
        name_id=row[_column.name_id],
        seen_at=row[_column.seen_at],
        expires_at=row[_column.expires_at],
    )


def seen(tx: sa.Connection, token: str, moment: datetime) -> None:
    """Remember that the session was used at `moment`."""
    tx.execute(_SEEN.values(seen_at=moment), {"wanted": digest_of(token)})


def delete(tx: sa.Connection, token: str) -> None:
    """End the session of this token, if there is one."""
    tx.execute(_DELETE, {"wanted": digest_of(token)})


def delete_expired(tx: sa.Connection, now: datetime) -> int:
    """Forget what expired at `now` or before; gives the number."""
    return tx.execute(_DELETE_EXPIRED, {"now": now}).rowcount
