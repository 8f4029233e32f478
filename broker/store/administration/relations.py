"""The relations of an intermediary, a page at a time, in the order of their names."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from broker.core.administration.relations import Relation
from broker.core.search import Search
from broker.store.administration.rows import read_relation
from broker.store.administration.tables import relations
from broker.store.matching import matching
from broker.store.planning import plan_by_values
from broker.store.tables import organisations

_column = relations.c
_BATCH = 5000
_COPIED = ("sort_name", "kvk_number", "search_text")
_KEY = (_column.intermediary_id == sa.bindparam("key_intermediary")) & (_column.client_id == sa.bindparam("key_client"))
_OF = sa.select(relations).where(_column.intermediary_id == sa.bindparam("intermediary"), _column.removed_at.is_(None))


def find(tx: sa.Connection, intermediary_id: str, client_id: str) -> Relation | None:
    """The relation between the two, a removed one too."""
    row = tx.execute(sa.select(relations).where(_KEY), _key(intermediary_id, client_id)).mappings().one_or_none()
    return read_relation(row) if row else None


def known(tx: sa.Connection, intermediary_id: str, client_ids: Collection[str]) -> Mapping[str, Relation]:
    """The relations of one intermediary with these clients, removed ones too, by client."""
    found = sa.select(relations).where(_column.intermediary_id == intermediary_id, _column.client_id.in_(client_ids))
    return {row["client_id"]: read_relation(row) for row in tx.execute(found).mappings()}


def page(
    tx: sa.Connection, intermediary_id: str, typed: str = "", *, offset: int = 0, most: int = 25
) -> tuple[Relation, ...]:
    """Relations of one intermediary that `typed` finds, by name."""
    listed = _found(Search.read(typed)).order_by(_column.sort_name, _column.client_id).offset(offset).limit(most)
    plan_by_values(tx)
    rows = tx.execute(listed, {"intermediary": intermediary_id}).mappings()
    return tuple(read_relation(row) for row in rows)


def count(tx: sa.Connection, intermediary_id: str, typed: str = "") -> int:
    """How many relations `typed` finds."""
    plan_by_values(tx)
    counted = sa.select(sa.func.count()).select_from(_found(Search.read(typed)).subquery())
    return tx.execute(counted, {"intermediary": intermediary_id}).scalar_one()


def keep(tx: sa.Connection, wanted: Sequence[Relation]) -> None:
    """Store relations that are new or that come back; whoever is there already keeps the day on which it was added."""
    for relation in wanted:
        key = _key(relation.intermediary_id, relation.client_id)
        changes = {"email": relation.email, "contact": relation.contact, "removed_at": relation.removed_at}
        if tx.execute(sa.update(relations).where(_KEY).values(changes), key).rowcount == 0:
            insert(tx, [relation])


def insert(tx: sa.Connection, new: Sequence[Relation]) -> None:
    """Store relations of which none is there yet."""
    names = {relation.client_id for relation in new}
    copied: dict[str, dict[str, str]] = {}
    wanted = list(names)
    for start in range(0, len(wanted), _BATCH):
        found = sa.select(organisations.c.id, *(organisations.c[name] for name in _COPIED)).where(
            organisations.c.id.in_(wanted[start : start + _BATCH])
        )
        copied |= {row["id"]: {name: row[name] for name in _COPIED} for row in tx.execute(found).mappings()}
    rows = [
        {
            "intermediary_id": relation.intermediary_id,
            "client_id": relation.client_id,
            **copied[relation.client_id],
            "added_at": relation.added_at,
            "email": relation.email,
            "contact": relation.contact,
            "removed_at": relation.removed_at,
        }
        for relation in new
    ]
    if rows:
        tx.execute(sa.insert(relations), rows)


def remove(tx: sa.Connection, intermediary_id: str, client_id: str, moment: datetime) -> None:
    """Hide a relation; its mandates and its history are others' business (M-21)."""
    tx.execute(sa.update(relations).where(_KEY).values(removed_at=moment), _key(intermediary_id, client_id))


def refresh(tx: sa.Connection, client_id: str) -> None:
    """Bring what the list is ordered and searched by up to date with the organisation."""
    current = {
        name: sa.select(organisations.c[name]).where(organisations.c.id == client_id).scalar_subquery()
        for name in _COPIED
    }
    tx.execute(sa.update(relations).where(_column.client_id == client_id).values(current))


def _found(search: Search) -> sa.Select[tuple[object, ...]]:
    return _OF.where(*matching(search, _column.kvk_number, _column.search_text))


def _key(intermediary_id: str, client_id: str) -> dict[str, str]:
    return {"key_intermediary": intermediary_id, "key_client": client_id}
