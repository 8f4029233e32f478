"""Logins that are under way. Any broker process can take the next step of any login."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from broker.store.errors import StoreConflict
from broker.store.tables import pending_logins

_column = pending_logins.c


@dataclass(frozen=True, slots=True)
class PendingLogin:
    """One login. `document` is JSON text that only the caller understands.

    `browser` ties it to a browser, `step` names the step it waits at, `authn_request_id` is the ID of the request to
    the authentication service, once there is one; `expires_at` is in UTC.
    """

    id: str
    step: str
    expires_at: datetime
    document: str
    browser: str | None = None
    authn_request_id: str | None = None
    version: int = 1


_ALL = sa.select(
    _column.id,
    _column.step,
    _column.expires_at,
    _column.document,
    _column.browser,
    _column.authn_request_id,
    _column.version,
)
_BY_ID = _ALL.where(_column.id == sa.bindparam("wanted"))
_BY_REQUEST = _ALL.where(_column.authn_request_id == sa.bindparam("wanted"))
_CREATE = sa.insert(pending_logins)
_REPLACE = (
    sa.update(pending_logins)
    .where(_column.id == sa.bindparam("wanted"), _column.version == sa.bindparam("seen"))
    .values({column: sa.bindparam(column.name) for column in _column if column.name != _column.id.name})
)
_DELETE_EXPIRED = sa.delete(pending_logins).where(_column.expires_at <= sa.bindparam("now"))


def create(tx: sa.Connection, login: PendingLogin) -> None:
    """Store a new login; raises `StoreConflict` when its id or its request id is taken."""
    try:
        tx.execute(_CREATE, {"id": login.id, **_changeable(login)})
    except IntegrityError as error:
        raise StoreConflict(f"login {login.id} or its request exists already") from error


def find(tx: sa.Connection, login_id: str) -> PendingLogin | None:
    """The login with this id, which may be any text; it may have expired."""
    return _find(tx, _BY_ID, login_id)


def find_by_request_id(tx: sa.Connection, authn_request_id: str) -> PendingLogin | None:
    """The login that sent this request to an authentication service; it may have expired."""
    return _find(tx, _BY_REQUEST, authn_request_id)


def replace(tx: sa.Connection, changed: PendingLogin) -> PendingLogin:
    """Store `changed` over the login with its id; gives it back with the next version.

    `changed.version` is the version that the caller saw. Raises `StoreConflict` when the stored version is another or
    the login is gone: only one of two that go on from the same step succeeds.
    """
    following = dataclasses.replace(changed, version=changed.version + 1)
    seen = {"wanted": changed.id, "seen": changed.version}
    if tx.execute(_REPLACE, seen | _changeable(following)).rowcount != 1:
        raise StoreConflict(f"login {changed.id} has gone on from version {changed.version}")
    return following


def delete_expired(tx: sa.Connection, now: datetime) -> int:
    """Forget the logins that expired at `now` or before; gives their number."""
    return tx.execute(_DELETE_EXPIRED, {"now": now}).rowcount


def _find(
    tx: sa.Connection, statement: sa.Select[str, str, datetime, str, str, str, int], wanted: str
) -> PendingLogin | None:
    if not wanted.isprintable():  # PostgreSQL takes no NUL, and no id has one
        return None
    row = tx.execute(statement, {"wanted": wanted}).one_or_none()
    return PendingLogin(*row) if row else None


def _changeable(login: PendingLogin) -> dict[str, object]:
    return {
        "version": login.version,
        "browser": login.browser,
        "step": login.step,
        "authn_request_id": login.authn_request_id,
        "expires_at": login.expires_at,
        "document": login.document,
    }
