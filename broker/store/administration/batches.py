"""Files of invitations: how far each is, and its rows with their results, a part at a time."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from broker.core.administration.actors import Actor, ActorKind
from broker.core.administration.batch_file import Row
from broker.core.administration.batches import WORKING, Batch, RowOutcome, RowResult
from broker.core.administration.events import state_of
from broker.core.assurance import AssuranceLevel
from broker.store.administration.tables import batch_parts, invitation_batches
from broker.store.errors import StoreConflict

_column = invitation_batches.c


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a batch with what is known of each."""

    number: int
    rows: tuple[Row, ...]
    results: tuple[RowResult, ...]


def insert(tx: sa.Connection, batch: Batch) -> None:
    """Store a new batch; `StoreConflict` when the intermediary uploaded the same file before."""
    try:
        tx.execute(sa.insert(invitation_batches), _write(batch))
    except IntegrityError as error:
        raise StoreConflict(f"invitation_batches: {error.orig}") from error


def load(tx: sa.Connection, batch_id: str) -> Batch | None:
    """The batch with this id."""
    row = tx.execute(sa.select(invitation_batches).where(_column.id == batch_id)).mappings().one_or_none()
    return _read(row) if row else None


def of_file(tx: sa.Connection, intermediary_id: str, file_digest: bytes) -> Batch | None:
    """The batch of a file that the intermediary uploaded before."""
    same = (_column.intermediary_id == intermediary_id) & (_column.file_digest == file_digest)
    row = tx.execute(sa.select(invitation_batches).where(same)).mappings().one_or_none()
    return _read(row) if row else None


def uploaded_by(tx: sa.Connection, intermediary_id: str, most: int = 25) -> tuple[Batch, ...]:
    """The last batches of an intermediary, newest first."""
    found = sa.select(invitation_batches).where(_column.intermediary_id == intermediary_id)
    newest = found.order_by(_column.uploaded_at.desc(), _column.id).limit(most)
    return tuple(_read(row) for row in tx.execute(newest).mappings())


def remove(tx: sa.Connection, batch_id: str) -> None:
    """Forget a batch and its rows."""
    tx.execute(sa.delete(batch_parts).where(batch_parts.c.batch_id == batch_id))
    tx.execute(sa.delete(invitation_batches).where(_column.id == batch_id))


def has_work(tx: sa.Connection, moment: datetime) -> bool:
    """Whether a batch waits for somebody to work on it."""
    return tx.execute(_waiting(moment).limit(1)).first() is not None


def claim(tx: sa.Connection, moment: datetime, until: datetime) -> Batch | None:
    """A batch with work to do, for the caller alone until `until`; the one that waits longest."""
    found = _waiting(moment).order_by(_column.uploaded_at, _column.id).limit(1)
    row = tx.execute(found).mappings().one_or_none()
    if row is None:
        return None
    tx.execute(sa.update(invitation_batches).where(_column.id == row["id"]).values(claimed_until=until))
    return _read({**row, "claimed_until": until})


def save(tx: sa.Connection, seen: Batch, changed: Batch) -> None:
    """Store `changed` over `seen`; `StoreConflict` when it is not as it was seen, so that nobody works twice."""
    same = (
        (_column.id == seen.id)
        & (_column.state == seen.state)
        & (_column.parts_done == seen.parts_done)
        & (_column.claimed_until.is_not_distinct_from(seen.claimed_until))
    )
    if tx.execute(sa.update(invitation_batches).where(same).values(_write(changed))).rowcount != 1:
        raise StoreConflict(f"invitation_batches: {seen.id} was taken over by somebody else")


def insert_part(tx: sa.Connection, batch_id: str, part: Part) -> None:
    """Store the next part of a new batch."""
    rows = json.dumps([[row.line, *row.cells] for row in part.rows], ensure_ascii=False)
    row = {"batch_id": batch_id, "number": part.number, "rows": rows, "results": _write_results(part.results)}
    tx.execute(sa.insert(batch_parts), row)


def part_of(tx: sa.Connection, batch_id: str, number: int) -> Part:
    """Part `number`, from 0."""
    same = (batch_parts.c.batch_id == batch_id) & (batch_parts.c.number == number)
    return _read_part(tx.execute(sa.select(batch_parts).where(same)).mappings().one())


def save_results(tx: sa.Connection, batch_id: str, number: int, results: Sequence[RowResult]) -> None:
    """What became of the rows of a part."""
    same = (batch_parts.c.batch_id == batch_id) & (batch_parts.c.number == number)
    tx.execute(sa.update(batch_parts).where(same).values(results=_write_results(results)))


def _waiting(moment: datetime) -> sa.Select[Any]:
    free = sa.or_(_column.claimed_until.is_(None), _column.claimed_until <= moment)
    working = _column.state.in_(sorted(WORKING, key=lambda state: state.value))
    return sa.select(invitation_batches).where(working, free)


def _write(batch: Batch) -> dict[str, Any]:
    return {
        "id": batch.id,
        "intermediary_id": batch.intermediary_id,
        "actor": json.dumps(state_of(batch.actor)),
        "file_name": batch.file_name,
        "file_digest": batch.file_digest,
        "rows": batch.rows,
        "parts": batch.parts,
        "uploaded_at": batch.uploaded_at,
        "state": batch.state,
        "parts_done": batch.parts_done,
        "counts": json.dumps({outcome.value: number for outcome, number in batch.counts.items()}),
        "finished_at": batch.finished_at,
        "claimed_until": batch.claimed_until,
    }


def _read(row: Any) -> Batch:
    counts = {RowOutcome(name): number for name, number in json.loads(row["counts"]).items()}
    values = {column.name: row[column.name] for column in invitation_batches.c}
    return Batch(**{**values, "actor": _read_actor(json.loads(row["actor"])), "counts": counts})


def _read_actor(stored: dict[str, Any]) -> Actor:
    levels = {name: AssuranceLevel(stored[name]) if stored[name] else None for name in ("level", "role_level")}
    return Actor(**{**stored, "kind": ActorKind(stored["kind"]), **levels})


def _write_results(results: Sequence[RowResult]) -> str:
    return json.dumps([[result.line, result.outcome.value, *result.codes] for result in results])


def _read_part(row: Any) -> Part:
    rows = tuple(Row(line, tuple(cells)) for line, *cells in json.loads(row["rows"]))
    results = tuple(
        RowResult(line, RowOutcome(outcome), tuple(codes)) for line, outcome, *codes in json.loads(row["results"])
    )
    return Part(row["number"], rows, results)
