"""Checks of organisations with KVK."""

import sqlalchemy as sa

from broker.core.administration.trade_register import KvkCheck
from broker.store.administration.rows import read_check, write_check
from broker.store.administration.tables import kvk_checks


def record(tx: sa.Connection, check: KvkCheck) -> None:
    """Store a check."""
    tx.execute(sa.insert(kvk_checks), write_check(check))


def find(tx: sa.Connection, check_id: str) -> KvkCheck | None:
    """The check with this id."""
    row = tx.execute(sa.select(kvk_checks).where(kvk_checks.c.id == check_id)).mappings().one_or_none()
    return read_check(row) if row else None


def latest(tx: sa.Connection, organisation_id: str) -> KvkCheck | None:
    """The last check of an organisation."""
    found = (
        sa.select(kvk_checks)
        .where(kvk_checks.c.organisation_id == organisation_id)
        .order_by(kvk_checks.c.checked_at.desc(), kvk_checks.c.id.desc())
        .limit(1)
    )
    row = tx.execute(found).mappings().one_or_none()
    return read_check(row) if row else None
