"""Metadata documents that were registered, exactly as they came."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from broker.store.tables import documents

_column = documents.c


@dataclass(frozen=True, slots=True)
class RegisteredDocument:
    """One document: `sha256` is that of `xml`, in lower-case hexadecimal; `registered_at` is in UTC."""

    kind: str
    entity_id: str
    xml: bytes
    sha256: str
    registered_at: datetime


_ALL = (
    sa.select(_column.kind, _column.entity_id, _column.xml, _column.sha256, _column.registered_at)
    .where(_column.kind == sa.bindparam("wanted_kind"))
    .order_by(_column.entity_id)
)
_FIND = _ALL.where(_column.entity_id == sa.bindparam("wanted_entity"))
_DIGEST = sa.select(_column.sha256).where(
    _column.kind == sa.bindparam("wanted_kind"), _column.entity_id == sa.bindparam("wanted_entity")
)
_REPLACE = sa.update(documents).where(
    _column.kind == sa.bindparam("wanted_kind"), _column.entity_id == sa.bindparam("wanted_entity")
)
_DELETE = sa.delete(documents).where(
    _column.kind == sa.bindparam("wanted_kind"), _column.entity_id == sa.bindparam("wanted_entity")
)
_LIST = sa.select(_column.entity_id).where(_column.kind == sa.bindparam("wanted_kind")).order_by(_column.entity_id)


def put(tx: sa.Connection, kind: str, entity_id: str, xml: bytes, registered_at: datetime) -> RegisteredDocument:
    """Register `xml` for the entity, in place of what was registered before."""
    document = RegisteredDocument(kind, entity_id, xml, sha256(xml).hexdigest(), registered_at)
    content = {"xml": xml, "sha256": document.sha256, "registered_at": registered_at}
    wanted = {"wanted_kind": kind, "wanted_entity": entity_id}
    if tx.execute(_REPLACE.values(content), wanted).rowcount == 0:
        tx.execute(sa.insert(documents), {"kind": kind, "entity_id": entity_id, **content})
    return document


def find(tx: sa.Connection, kind: str, entity_id: str) -> RegisteredDocument | None:
    """What is registered for the entity."""
    row = tx.execute(_FIND, {"wanted_kind": kind, "wanted_entity": entity_id}).one_or_none()
    return RegisteredDocument(*row) if row else None


def digest(tx: sa.Connection, kind: str, entity_id: str) -> str | None:
    """The `sha256` of what is registered for the entity, without reading the document itself."""
    return tx.execute(_DIGEST, {"wanted_kind": kind, "wanted_entity": entity_id}).scalar_one_or_none()


def delete(tx: sa.Connection, kind: str, entity_id: str) -> bool:
    """Forget what is registered for the entity; gives whether there was anything."""
    return tx.execute(_DELETE, {"wanted_kind": kind, "wanted_entity": entity_id}).rowcount > 0


def list_all(tx: sa.Connection, kind: str) -> tuple[RegisteredDocument, ...]:
    """All registered documents of this kind, by entity id."""
    return tuple(RegisteredDocument(*row) for row in tx.execute(_ALL, {"wanted_kind": kind}))


def list_ids(tx: sa.Connection, kind: str) -> tuple[str, ...]:
    """The entity ids of all registered documents of this kind, in order."""
    return tuple(tx.scalars(_LIST, {"wanted_kind": kind}))
