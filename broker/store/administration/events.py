"""The chain of events: written in the transaction of the change, read in order, verified from the first on."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from broker.core.administration.events import FIRST_LINK, REGISTER, Event, document_of, link
from broker.store.administration import chain
from broker.store.administration.tables import event_organisations, events

_column = events.c
_LAST = sa.select(_column.number, _column.digest).order_by(_column.number.desc()).limit(1)
# Ids come back when a register is loaded from a file once more; what happened before it is no history of theirs.
_LOADED = sa.select(sa.func.coalesce(sa.func.max(_column.number), 0)).where(_column.object_id == REGISTER)
_SINCE_LOADED = _column.number > _LOADED.scalar_subquery()
_OF_OBJECT = (
    sa.select(_column.number, _column.document, _column.digest)
    .where(_column.object_id == sa.bindparam("wanted"), sa.or_(sa.bindparam("ever", type_=sa.Boolean), _SINCE_LOADED))
    .order_by(_column.number.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_OF_ORGANISATION = (
    sa.select(_column.number, _column.document, _column.digest)
    .join(event_organisations, event_organisations.c.number == _column.number)
    .where(
        event_organisations.c.organisation_id == sa.bindparam("wanted"),
        event_organisations.c.number < sa.bindparam("before", type_=sa.BigInteger),
        _SINCE_LOADED,
    )
    .order_by(event_organisations.c.number.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_LOADED_LAST = (
    sa.select(_column.number, _column.document, _column.digest)
    .where(_column.object_id == REGISTER)
    .order_by(_column.number.desc())
    .limit(1)
)
# The keys of a document are sorted, so it begins with its action.
_CHANGED_SINCE = (
    sa.select(_column.number)
    .where(_column.number > sa.bindparam("loaded"), _column.document.not_like('{"action":"login.%'))
    .limit(1)
)
_INSERT = sa.insert(events)
_INSERT_ORGANISATION = sa.insert(event_organisations)
_NO_END = 2**62


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as it was written: its number, its content as JSON has it, its digest, and the text that that is of."""

    number: int
    content: dict[str, Any]
    digest: bytes
    document: str = ""


def append(tx: sa.Connection, happened: Sequence[Event]) -> None:
    """Write events behind those that are there, in order. `tx` must be a writing transaction: those are serial."""
    if not happened:
        return
    number, digest = _head(tx)
    rows, organisations = [], []
    for event in happened:
        number += 1
        document = document_of(event)
        digest = link(digest, number, document)
        rows.append({"number": number, "object_id": event.object_id, "document": document, "digest": digest})
        organisations += [{"organisation_id": name, "number": number} for name in dict.fromkeys(event.about)]
    tx.execute(_INSERT, rows)
    if organisations:
        tx.execute(_INSERT_ORGANISATION, organisations)


def history_of(tx: sa.Connection, object_id: str, most: int = 100, *, ever: bool = False) -> tuple[RecordedEvent, ...]:
    """The last `most` events of one object, newest first: since the register was loaded, or `ever`.

    What is loaded anew may bear an id that something else had before; logins, whose ids never come back, are for ever.
    """
    return tuple(_read(tx.execute(_OF_OBJECT, {"wanted": object_id, "most": most, "ever": ever})))


def history_of_several(
    tx: sa.Connection, object_ids: Collection[str], most: int = 100, before: int = _NO_END
) -> tuple[RecordedEvent, ...]:
    """At most `most` events of these objects with a number under `before`, newest first."""
    found = (
        sa.select(_column.number, _column.document, _column.digest)
        .where(_column.object_id.in_(sorted(object_ids)), _column.number < before)
        .order_by(_column.number.desc())
        .limit(most)
    )
    return tuple(_read(tx.execute(found)))


def history_of_organisation(
    tx: sa.Connection, organisation_id: str, most: int = 100, before: int = _NO_END
) -> tuple[RecordedEvent, ...]:
    """At most `most` events in the history of one organisation with a number under `before`, newest first."""
    asked = {"wanted": organisation_id, "most": most, "before": before}
    return tuple(_read(tx.execute(_OF_ORGANISATION, asked)))


def loaded_last(tx: sa.Connection) -> RecordedEvent | None:
    """The event that loaded the register as it still is: logins happened since, and nothing else; or None."""
    loaded = next(_read(tx.execute(_LOADED_LAST)), None)
    if loaded is None or tx.execute(_CHANGED_SINCE, {"loaded": loaded.number}).first() is not None:
        return None
    return loaded


def verified(tx: sa.Connection) -> Iterator[RecordedEvent]:
    """All events in order, each after its number and digest were checked; raises `ChainBroken`."""
    for number, content, digest in chain.links(tx):
        yield RecordedEvent(number, json.loads(content), digest, content.decode())


def _head(tx: sa.Connection) -> tuple[int, bytes]:
    last = tx.execute(_LAST).one_or_none()
    return (last.number, last.digest) if last else (0, FIRST_LINK)


def _read(rows: Iterable[sa.Row[Any]]) -> Iterator[RecordedEvent]:
    return (RecordedEvent(row.number, json.loads(row.document), row.digest, row.document) for row in rows)
