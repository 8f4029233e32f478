"""Invitations."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from broker.core.administration.invitations import Invitation, InvitationStatus
from broker.core.scope import Scope
from broker.store.administration.rows import read_invitation, write_invitation
from broker.store.administration.tables import invitations
from broker.store.errors import StoreConflict
from broker.store.scopes import keep_scopes, scope_id
from broker.store.tables import scopes

_column = invitations.c
_OPEN = (InvitationStatus.SENT, InvitationStatus.BOUNCED)
WITH_SCOPE = sa.select(invitations, scopes.c.document).join(scopes, scopes.c.id == _column.scope_id)
_BY_ID = WITH_SCOPE.where(_column.id == sa.bindparam("wanted"))
_BY_TOKEN = WITH_SCOPE.where(_column.token_digest == sa.bindparam("wanted"))
_OPEN_BETWEEN = WITH_SCOPE.where(
    _column.client_id == sa.bindparam("client"),
    _column.intermediary_id == sa.bindparam("intermediary"),
    _column.status.in_(_OPEN),
    _column.expires_on >= sa.bindparam("today", type_=sa.Date),
)
_SENT_BY = (
    WITH_SCOPE.where(_column.intermediary_id == sa.bindparam("wanted"))
    .order_by(_column.sent_at.desc(), _column.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .offset(sa.bindparam("offset", type_=sa.Integer))
)


def load(tx: sa.Connection, invitation_id: str) -> Invitation | None:
    """The invitation with this id."""
    return _one(tx, _BY_ID, invitation_id)


def by_token(tx: sa.Connection, digest: bytes) -> Invitation | None:
    """The invitation whose link holds the secret with this digest."""
    return _one(tx, _BY_TOKEN, digest)


def open_between(
    tx: sa.Connection, client_id: str, intermediary_id: str, scope: Scope, today: date
) -> Invitation | None:
    """An invitation for exactly this scope that can still be answered (I10)."""
    asked = {"client": client_id, "intermediary": intermediary_id, "today": today}
    found = tx.execute(_OPEN_BETWEEN.where(_column.scope_id == scope_id(scope)), asked).mappings().first()
    return read_invitation(found) if found else None


def all_open_between(tx: sa.Connection, client_id: str, intermediary_id: str, today: date) -> tuple[Invitation, ...]:
    """All invitations of one client that can still be answered."""
    asked = {"client": client_id, "intermediary": intermediary_id, "today": today}
    return tuple(read_invitation(row) for row in tx.execute(_OPEN_BETWEEN.order_by(_column.id), asked).mappings())


def sent_by(tx: sa.Connection, intermediary_id: str, offset: int = 0, most: int = 25) -> tuple[Invitation, ...]:
    """Invitations of one intermediary, newest first."""
    asked = {"wanted": intermediary_id, "most": most, "offset": offset}
    return tuple(read_invitation(row) for row in tx.execute(_SENT_BY, asked).mappings())


def insert(tx: sa.Connection, new: Sequence[Invitation]) -> None:
    """Store new invitations; raises `StoreConflict` when an id exists or a reference leads nowhere."""
    if not new:
        return
    keep_scopes(tx, [invitation.scope for invitation in new])
    try:
        tx.execute(sa.insert(invitations), [write_invitation(invitation) for invitation in new])
    except IntegrityError as error:
        raise StoreConflict(f"invitations: {error.orig}") from error


def save(tx: sa.Connection, changed: Invitation) -> None:
    """Store `changed` over what was there; `StoreConflict` when the stored version is not the one that was read."""
    seen = (_column.id == changed.id) & (_column.version == changed.version)
    values = write_invitation(changed) | {"version": changed.version + 1}
    keep_scopes(tx, [changed.scope])
    if tx.execute(sa.update(invitations).where(seen).values(values)).rowcount != 1:
        raise StoreConflict(f"invitations: {changed.id} was changed by somebody else, or does not exist")


def _one(tx: sa.Connection, statement: sa.Select[object], wanted: object) -> Invitation | None:
    row = tx.execute(statement, {"wanted": wanted}).mappings().one_or_none()
    return read_invitation(row) if row else None
