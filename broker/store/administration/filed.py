"""Chain mandates with their dossiers."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import sqlalchemy as sa

from broker.core.administration.dossiers import NOT_ENDED, FiledMandate
from broker.core.scope import Scope
from broker.store.administration.rows import read_filed, write_dossier
from broker.store.administration.tables import dossiers
from broker.store.changes import add, replace_mandate
from broker.store.errors import StoreConflict
from broker.store.planning import plan_by_values
from broker.store.scopes import scope_id
from broker.store.tables import chain_mandates, scopes

FILED = (
    sa.select(chain_mandates, dossiers, scopes.c.document)
    .join(dossiers, dossiers.c.mandate_id == chain_mandates.c.id)
    .join(scopes, scopes.c.id == chain_mandates.c.scope_id)
)
_BY_ID = FILED.where(chain_mandates.c.id == sa.bindparam("wanted"))
_BETWEEN = FILED.where(
    chain_mandates.c.grantor_id == sa.bindparam("client"),
    chain_mandates.c.intermediary_id == sa.bindparam("intermediary"),
).order_by(chain_mandates.c.id)
_SAME = sa.select(chain_mandates.c.id).where(
    chain_mandates.c.grantor_id == sa.bindparam("client"),
    chain_mandates.c.intermediary_id == sa.bindparam("intermediary"),
    chain_mandates.c.scope_id == sa.bindparam("scope"),
    chain_mandates.c.status.in_(sorted(NOT_ENDED, key=lambda status: status.value)),
    chain_mandates.c.valid_until >= sa.bindparam("today", type_=sa.Date),
)
_QUEUE = FILED.where(dossiers.c.due_on.is_not(None)).order_by(
    dossiers.c.priority.desc(), dossiers.c.due_on, dossiers.c.mandate_id
)


def load(tx: sa.Connection, mandate_id: str) -> FiledMandate | None:
    """The mandate with this id."""
    row = tx.execute(_BY_ID, {"wanted": mandate_id}).mappings().one_or_none()
    return read_filed(row) if row else None


def between(tx: sa.Connection, client_id: str, intermediary_id: str) -> tuple[FiledMandate, ...]:
    """All mandates of one client to one intermediary, ended ones too."""
    asked = {"client": client_id, "intermediary": intermediary_id}
    return tuple(read_filed(row) for row in tx.execute(_BETWEEN, asked).mappings())


def count_not_ended(
    tx: sa.Connection, intermediary_id: str, client_ids: Collection[str], today: date
) -> dict[str, int]:
    """How many mandates of each of these clients to the intermediary have not ended; a client without is left out."""
    column = chain_mandates.c
    counted = (
        sa.select(column.grantor_id, sa.func.count())
        .where(
            column.intermediary_id == intermediary_id,
            column.grantor_id.in_(sorted(client_ids)),
            column.status.in_(sorted(NOT_ENDED, key=lambda status: status.value)),
            column.valid_until >= today,
        )
        .group_by(column.grantor_id)
    )
    return {client_id: number for client_id, number in tx.execute(counted)}


def grantors(tx: sa.Connection, mandate_ids: Collection[str]) -> dict[str, str]:
    """The ids of the clients of these mandates, by id of the mandate."""
    found = sa.select(chain_mandates.c.id, chain_mandates.c.grantor_id)
    return {key: client for key, client in tx.execute(found.where(chain_mandates.c.id.in_(sorted(mandate_ids))))}


def same_scope(tx: sa.Connection, client_id: str, intermediary_id: str, scope: Scope, today: object) -> str | None:
    """The id of a mandate between the two with exactly this scope that has not ended (I10)."""
    asked = {"client": client_id, "intermediary": intermediary_id, "scope": scope_id(scope), "today": today}
    return tx.scalars(_SAME, asked).first()


def pairs_not_ended(
    tx: sa.Connection, intermediary_id: str, client_ids: Collection[str], today: date
) -> set[tuple[str, str]]:
    """Client and scope of all mandates of these clients to one intermediary that have not ended (I10)."""
    column = chain_mandates.c
    found = sa.select(column.grantor_id, column.scope_id).where(
        column.intermediary_id == intermediary_id,
        column.grantor_id.in_(client_ids),
        column.status.in_(sorted(NOT_ENDED, key=lambda status: status.value)),
        column.valid_until >= today,
    )
    plan_by_values(tx)
    return {(row.grantor_id, row.scope_id) for row in tx.execute(found)}


def review_queue(tx: sa.Connection, offset: int = 0, most: int = 25) -> tuple[FiledMandate, ...]:
    """Mandates that wait for review: urgent ones first, then by due date."""
    return tuple(read_filed(row) for row in tx.execute(_QUEUE.offset(offset).limit(most)).mappings())


def count_waiting(tx: sa.Connection, due_before: date | None = None) -> int:
    """How many mandates wait for review; those that were due before a day, if one is given."""
    due = dossiers.c.due_on.is_not(None) if due_before is None else dossiers.c.due_on < due_before
    return tx.execute(sa.select(sa.func.count()).select_from(dossiers).where(due)).scalar_one()


def insert(tx: sa.Connection, new: Sequence[FiledMandate]) -> None:
    """Store new mandates; raises `StoreConflict` when an id exists or a reference leads nowhere."""
    add(tx, [filed.mandate for filed in new])
    file_papers(tx, new)


def file_papers(tx: sa.Connection, filed: Iterable[FiledMandate]) -> None:
    """Store the dossiers of mandates that are stored already."""
    rows = [write_dossier(one.dossier) for one in filed]
    if rows:
        tx.execute(sa.insert(dossiers), rows)


def save(tx: sa.Connection, changed: FiledMandate) -> FiledMandate:
    """Store `changed` over what was there; gives it back with the next version.

    Raises `StoreConflict` when the stored version is not the one that the caller saw.
    """
    mandate = replace_mandate(tx, changed.mandate)
    papers = write_dossier(changed.dossier)
    if tx.execute(sa.update(dossiers).where(dossiers.c.mandate_id == mandate.id).values(papers)).rowcount != 1:
        raise StoreConflict(f"dossiers: there is none of {mandate.id}")
    return FiledMandate(mandate, changed.dossier)
