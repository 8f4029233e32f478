"""For whom somebody can log in with one means, through one intermediary: what a user sees of their own work.

Read by way of `client_selection`, so no more than a page of mandates is read of fifty thousand. Nobody is let in by it.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa

from broker.core.links import ChainLink
from broker.core.search import Search
from broker.store.links import CHAIN_LINKS, read_chain_link
from broker.store.matching import matching
from broker.store.selection import NEVER
from broker.store.tables import client_selection, mandate_couplings

_row = client_selection.c
_OWN = (
    _row.means_id == sa.bindparam("means_id"),
    _row.intermediary_id == sa.bindparam("intermediary_id"),
    _row.valid_from <= sa.bindparam("day", type_=sa.Date),
    _row.valid_until >= sa.bindparam("day", type_=sa.Date),
    _row.level_rank > NEVER,
)


def count_own(tx: sa.Connection, means_id: str, intermediary_id: str, day: date, typed: str) -> int:
    """How many couplings `typed` finds that count on `day`."""
    found = sa.select(sa.func.count()).where(*_found(typed))
    return tx.execute(found, _asked(means_id, intermediary_id, day)).scalar_one()


def list_own(  # noqa: PLR0913  of whom, when, which, and which part
    tx: sa.Connection, means_id: str, intermediary_id: str, day: date, typed: str, *, offset: int, most: int
) -> tuple[ChainLink, ...]:
    """A part of them, by name of the client."""
    ordered = sa.select(_row.coupling_id).where(*_found(typed)).order_by(_row.sort_name, _row.client_id)
    page = ordered.offset(offset).limit(most)
    ids = list(tx.scalars(page, _asked(means_id, intermediary_id, day)))
    rows = tx.execute(CHAIN_LINKS.where(mandate_couplings.c.id.in_(ids))).mappings()
    links = {link.coupling.id: link for link in map(read_chain_link, rows)}
    return tuple(links[id_] for id_ in ids)


def _asked(means_id: str, intermediary_id: str, day: date) -> dict[str, Any]:
    return {"means_id": means_id, "intermediary_id": intermediary_id, "day": day}


def _found(typed: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (*_OWN, *matching(Search.read(typed), _row.kvk_number, _row.search_text))
