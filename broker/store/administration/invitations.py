"""Invitations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from broker.core.administration.invitations import Invitation, InvitationStatus
from broker.core.scope import Scope
from broker.store.administration.rows import read_invitation, write_invitation
from broker.store.administration.tables import invitations
from broker.store.errors import StoreConflict
from broker.store.planning import plan_by_values
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which invitations: of whom, and with which status as the clock has it `today`; None for all."""

    intermediary_id: str
    today: date
    status: InvitationStatus | None = None


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


def sent_by(tx: sa.Connection, wanted: Wanted, *, offset: int = 0, most: int = 25) -> tuple[Invitation, ...]:
    """Invitations of one intermediary, newest first."""
    rows = tx.execute(
        _found(wanted, WITH_SCOPE).order_by(_column.sent_at.desc(), _column.id).offset(offset).limit(most)
    )
    return tuple(read_invitation(row) for row in rows.mappings())


def count(tx: sa.Connection, wanted: Wanted) -> int:
    """How many invitations of one intermediary there are."""
    counted: int = tx.execute(_found(wanted, sa.select(sa.func.count()).select_from(invitations))).scalar_one()
    return counted


def waiting_for(tx: sa.Connection, client_id: str, today: date) -> tuple[Invitation, ...]:
    """Invitations that one client can answer, oldest first."""
    found = WITH_SCOPE.where(
        _column.client_id == client_id, _column.status.in_(_OPEN), _column.expires_on >= today
    ).order_by(_column.sent_at, _column.id)
    return tuple(read_invitation(row) for row in tx.execute(found).mappings())


def open_pairs(
    tx: sa.Connection, intermediary_id: str, client_ids: Collection[str], today: date
) -> set[tuple[str, str]]:
    """Client and scope of all invitations to these clients that can still be answered (I10)."""
    found = sa.select(_column.client_id, _column.scope_id).where(
        _column.intermediary_id == intermediary_id,
        _column.client_id.in_(client_ids),
        _column.status.in_(_OPEN),
        _column.expires_on >= today,
    )
    plan_by_values(tx)
    return {(row.client_id, row.scope_id) for row in tx.execute(found)}


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


def _found(wanted: Wanted, statement: sa.Select[Any]) -> sa.Select[Any]:
    found = statement.where(_column.intermediary_id == wanted.intermediary_id)
    match wanted.status:
        case None:
            return found
        case InvitationStatus.EXPIRED:
            return found.where(_column.status.in_(_OPEN), _column.expires_on < wanted.today)
        case status if status in _OPEN:
            return found.where(_column.status == status, _column.expires_on >= wanted.today)
    return found.where(_column.status == wanted.status)
