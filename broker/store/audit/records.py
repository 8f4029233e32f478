"""Logins, for searching: one row each, kept when the login itself has long been forgotten."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from broker.core.recorded import LoginRecord, Outcome
from broker.store.audit import messages
from broker.store.audit.tables import login_records

_column = login_records.c
_INSERT = sa.insert(login_records)
_BY_ID = sa.select(login_records).where(_column.id == sa.bindparam("wanted"))
_UNTRUSTED = (
    sa.select(_column.id)
    .where(_column.outcome == Outcome.UNTRUSTED)
    .order_by(_column.started_at.desc(), _column.id)
    .limit(sa.bindparam("at_once"))
)
_UNTRUSTED_BEFORE = _UNTRUSTED.where(_column.started_at < sa.bindparam("before"))
_UNTRUSTED_BEYOND = _UNTRUSTED.offset(sa.bindparam("most"))
_UPDATE = (
    sa.update(login_records)
    .where(_column.id == sa.bindparam("wanted"))
    .values({column.name: sa.bindparam(column.name) for column in login_records.columns})
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for. An empty text and None match everything, an empty tuple of ids matches nothing.

    `since` and `until` bound the start (UTC), the first included.
    """

    since: datetime | None = None
    until: datetime | None = None
    service_provider: str = ""
    outcome: Outcome | None = None
    person_ids: tuple[str, ...] | None = None
    client_ids: tuple[str, ...] | None = None
    intermediary_ids: tuple[str, ...] | None = None
    login_id: str = ""


def put(tx: sa.Connection, record: LoginRecord) -> None:
    """Keep a record, over the one with its id if there is one."""
    row = {field.name: getattr(record, field.name) for field in fields(record)}
    if tx.execute(_UPDATE, row | {"wanted": record.id}).rowcount == 0:
        tx.execute(_INSERT, row)


def find(tx: sa.Connection, login_id: str) -> LoginRecord | None:
    """The record of this login."""
    return next(_read(tx.execute(_BY_ID, {"wanted": login_id}).mappings()), None)


def search(tx: sa.Connection, wanted: Wanted, *, offset: int = 0, most: int = 25) -> tuple[LoginRecord, ...]:
    """Records of what is wanted, the newest first."""
    found = sa.select(login_records).where(*_conditions(wanted)).order_by(_column.started_at.desc(), _column.id)
    return tuple(_read(tx.execute(found.offset(offset).limit(most)).mappings()))


def count(tx: sa.Connection, wanted: Wanted, most: int) -> int:
    """How many there are, counted up to `most`."""
    some = sa.select(_column.id).where(*_conditions(wanted)).limit(most).subquery()
    return tx.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()


def forget_untrusted_before(tx: sa.Connection, before: datetime, at_once: int = 1000) -> int:
    """Delete messages from before that moment that were not trusted, with their records.

    At most `at_once` at a time; gives how many that were.
    """
    return _forget(tx, _UNTRUSTED_BEFORE, {"before": before, "at_once": at_once})


def forget_untrusted_beyond(tx: sa.Connection, most: int, at_once: int = 1000) -> int:
    """The same of all but the last `most`."""
    return _forget(tx, _UNTRUSTED_BEYOND, {"most": most, "at_once": at_once})


def _forget(tx: sa.Connection, found: sa.Select[str], bounds: dict[str, Any]) -> int:
    gone = tx.scalars(found, bounds).all()
    if gone:
        messages.delete_of(tx, gone)
        tx.execute(sa.delete(login_records).where(_column.id.in_(gone)))
    return len(gone)


def _conditions(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    for name in ("service_provider", "outcome"):
        value = getattr(wanted, name)
        if value:
            yield _column[name] == value
    for name in ("person_id", "client_id", "intermediary_id"):
        ids = getattr(wanted, f"{name}s")
        if ids is not None:
            yield _column[name].in_(ids)
    if wanted.login_id:
        yield _column.id == wanted.login_id
    if wanted.since is not None:
        yield _column.started_at >= wanted.since
    if wanted.until is not None:
        yield _column.started_at < wanted.until


def _read(rows: Iterable[Any]) -> Iterator[LoginRecord]:
    return (LoginRecord(**row) for row in rows)
