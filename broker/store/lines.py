"""The lines of the list "on whose behalf": clients, each through an intermediary, by name and a page at a time.

Lines are counted up to `MOST_LINES` and no further, along the index and in its order: counting all lines of a list of
fifty thousand costs more than everything else of a page, and nobody turns two thousand pages. Whoever has more finds
the others by searching.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from broker.core.question import Question
from broker.core.search import Search
from broker.store.matching import matching
from broker.store.planning import plan_by_values
from broker.store.selection import open_services, usable, usable_parameters
from broker.store.tables import client_selection

MOST_LINES = 2_000

_row = client_selection.c
_ORDER = (_row.sort_name, _row.client_id, _row.intermediary_id)


@dataclass(frozen=True, slots=True)
class ClientKey:
    """One line of the list: a client through an intermediary."""

    sort_name: str
    client_id: str
    intermediary_id: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines of the list. `total` counts all of them, or is `MOST_LINES` when there are `more` than that."""

    keys: tuple[ClientKey, ...]
    total: int
    more: bool


def list_lines(tx: sa.Connection, question: Question, search: Search, *, offset: int, limit: int) -> Lines:
    """At most `limit` lines from number `offset`, which counts from 0, and how many there are in all."""
    services = open_services(question)
    if not services:
        return Lines((), 0, more=False)
    page = {"page_size": limit, "page_offset": offset}
    plan_by_values(tx)
    rows = tx.execute(_page(search, len(services)), usable_parameters(question, services) | page).all()
    total = rows[0].total
    keys = tuple(ClientKey(name, client, through) for _, name, client, through in rows if name is not None)
    return Lines(keys, min(total, MOST_LINES), total > MOST_LINES)


@lru_cache(maxsize=64)  # most pages are those of no search at all
def _page(search: Search, services: int) -> sa.Select[Any]:
    """One row for each line of the page with the total beside it; a row without a line when the page has none."""
    found = (
        sa.select(*_ORDER)
        .where(*matching(search, _row.kvk_number, _row.search_text), usable(services))  # what keeps most out first
        .distinct()
        .order_by(*_ORDER)
        .limit(MOST_LINES + 1)
        .cte("found")
    )
    page = (
        sa.select(found)
        .order_by(*found.c)
        .limit(sa.bindparam("page_size", type_=sa.Integer))
        .offset(sa.bindparam("page_offset", type_=sa.Integer))
        .subquery("page")
    )
    total = sa.select(sa.func.count()).select_from(found).scalar_subquery()
    always = sa.select(sa.literal_column("1")).subquery("always")
    return sa.select(total.label("total"), page).select_from(always.outerjoin(page, sa.true())).order_by(*page.c)
