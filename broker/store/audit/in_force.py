"""Documents that events name by their digest: each is kept once, for ever."""

from collections.abc import Iterable

import sqlalchemy as sa

from broker.core.in_force import Document
from broker.store.audit.tables import documents_in_force

_column = documents_in_force.c
_INSERT = sa.insert(documents_in_force)
_BY_DIGEST = sa.select(_column.name, _column.octets).where(_column.sha256 == sa.bindparam("wanted"))
_DIGESTS = sa.select(_column.sha256).order_by(_column.sha256)
_IS_KEPT = sa.select(sa.literal(1)).where(_column.sha256 == sa.bindparam("wanted"))


class Altered(Exception):
    """A document that an event names is gone, or is not what it was; the message names it."""


def is_kept(tx: sa.Connection, sha256: str) -> bool:
    """Whether the document with this digest is there."""
    return tx.execute(_IS_KEPT, {"wanted": sha256}).first() is not None


def keep(tx: sa.Connection, documents: Iterable[Document]) -> None:
    """Keep those that are not there yet. Writing transactions go one after the other, so nobody comes in between."""
    for one in documents:
        if not is_kept(tx, one.sha256):
            tx.execute(_INSERT, {"sha256": one.sha256, "name": one.name, "octets": one.octets})


def get(tx: sa.Connection, sha256: str) -> Document:
    """The document with this digest; raises `Altered`."""
    row = tx.execute(_BY_DIGEST, {"wanted": sha256}).one_or_none()
    if row is None:
        raise Altered(f"document {sha256}: is missing")
    found = Document.of(row.name, row.octets)
    if found.sha256 != sha256:
        raise Altered(f"document {sha256} ({row.name}): is not what was written")
    return found


def all_digests(tx: sa.Connection) -> tuple[str, ...]:
    """What all documents are kept under, whatever their octets say."""
    return tuple(tx.scalars(_DIGESTS))
