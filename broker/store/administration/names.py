"""What organisations are called."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from broker.store.tables import organisations

_column = organisations.c
_BATCH = 5000  # ids in one statement; SQLite takes 32,766 parameters


def of(tx: sa.Connection, organisation_ids: Collection[str]) -> Mapping[str, str]:
    """The names of organisations by id."""
    wanted = sorted(organisation_ids)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), _BATCH):
        some = _column.id.in_(wanted[start : start + _BATCH])
        found |= {
            row.id: row.statutory_name for row in tx.execute(sa.select(_column.id, _column.statutory_name).where(some))
        }
    return found
