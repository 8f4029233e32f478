"""Who is meant by a name in a search, and how who is in a list is called. The register as it is now tells."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from broker.core.search import Search
from broker.store.tables import organisations, persons

_MOST = 200
"""So many of those with a name are looked for; whoever means fewer types more."""


def organisations_called(tx: sa.Connection, typed: str) -> tuple[str, ...]:
    """Ids of organisations whose KvK number begins with what was typed, or whose names hold every word of it."""
    asked, column = Search.read(typed), organisations.c
    conditions = [column.search_text.contains(word, autoescape=True) for word in asked.words]
    if asked.kvk_prefix:
        conditions.append(column.kvk_number.startswith(asked.kvk_prefix, autoescape=True))
    return tuple(tx.scalars(sa.select(column.id).where(*conditions).order_by(column.sort_name).limit(_MOST)))


def people_called(tx: sa.Connection, typed: str) -> tuple[str, ...]:
    """Ids of people whose name holds every word that was typed, without regard to case."""
    column = persons.c
    conditions = [column.display_name.icontains(word, autoescape=True) for word in typed.split()[:8]]
    return tuple(tx.scalars(sa.select(column.id).where(*conditions).order_by(column.display_name).limit(_MOST)))


def people_by_ids(tx: sa.Connection, wanted: Collection[str]) -> Mapping[str, str]:
    """Names of people by id, a page full at most."""
    found = sa.select(persons.c.id, persons.c.display_name).where(persons.c.id.in_(sorted(wanted)))
    return {row.id: row.display_name for row in tx.execute(found)}
