"""How many chain mandates an organisation gave and got, by status: for an overview, so nothing is read but numbers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from broker.core.mandates import ChainStatus
from broker.store.administration import relations
from broker.store.tables import chain_mandates

_column = chain_mandates.c
_LASTING = (ChainStatus.ACTIVE, ChainStatus.SUSPENDED)


@dataclass(frozen=True, slots=True)
class MandateCounts:
    """Chain mandates by status on one day; a status that does not occur is left out.

    `relations` is the number of organisations that are a relation of it as an intermediary.
    """

    granted: Mapping[ChainStatus, int]
    received: Mapping[ChainStatus, int]
    relations: int


def count_mandates(tx: sa.Connection, organisation_id: str, day: date) -> MandateCounts:
    """The counts of the organisation on this Amsterdam day: expiry follows from the clock."""
    return MandateCounts(
        granted=_by_status(tx, _column.grantor_id == organisation_id, day),
        received=_by_status(tx, _column.intermediary_id == organisation_id, day),
        relations=relations.count(tx, organisation_id),
    )


def _by_status(tx: sa.Connection, whose: sa.ColumnElement[bool], day: date) -> Mapping[ChainStatus, int]:
    over = (_column.valid_until < day).label("over")
    rows = tx.execute(sa.select(_column.status, over, sa.func.count()).where(whose).group_by(_column.status, over))
    counted: Counter[ChainStatus] = Counter()
    for status, is_over, number in rows:
        counted[ChainStatus.EXPIRED if is_over and status in _LASTING else status] += number
    return counted
