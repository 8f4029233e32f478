"""A file of clients comes in (M-23): read line by line, stored in parts, whatever its length.

The file is read twice: first to see that it is such a file, so that one with a mistake at its end leaves nothing
behind. Raises `ChangeRefused`, and `FileRefused` for what is no such file.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from io import TextIOWrapper
from itertools import islice
from typing import IO, Final

from broker.core.administration.actors import Actor
from broker.core.administration.batch_file import AskedRow, FileFault, FileRefused, Names, Row, read_row, read_rows
from broker.core.administration.batches import PART, Batch, BatchState, RowOutcome, RowResult
from broker.core.administration.lifecycle import Moment
from broker.core.administration.permissions import require_manager
from broker.simulator.administration.recording import change
from broker.simulator.context import Simulator
from broker.store.administration import batches
from broker.store.administration.batches import Part
from broker.store.database import Transaction
from broker.store.scopes import scope_id

_CHUNK: Final = 1 << 16
_PARTS_AT_ONCE: Final = 8  # in one transaction
LONGEST_NAME: Final = 100


def upload(sim: Simulator, actor: Actor, file: IO[bytes], name: str) -> Batch:
    """A new batch, of which every row is then looked at; the one there is when the same file came before."""
    own = require_manager(actor, sim.register_policy)
    digest = _digest(file)
    there = sim.store.read(lambda tx: batches.of_file(tx, own, digest))
    if there is not None and there.state is not BatchState.LOADING:
        return there
    rows = sum(1 for _ in _rows(file))
    if rows == 0:
        raise FileRefused(FileFault.EMPTY, 2)

    def begin(tx: Transaction, now: Moment) -> Batch:
        before = batches.of_file(tx, own, digest)
        if before is not None:  # an upload that was cut off
            batches.remove(tx, before.id)
        new = Batch(
            id=sim.ids.token(),
            intermediary_id=own,
            actor=actor,
            file_name=_shown(name),
            file_digest=digest,
            rows=rows,
            parts=-(-rows // PART),
            uploaded_at=now.at,
        )
        batches.insert(tx, new)
        return new

    batch = change(sim, begin)
    parts = _parts(sim, _rows(file))
    while some := list(islice(parts, _PARTS_AT_ONCE)):
        _store(sim, batch, some)
    uploaded = replace(batch, state=BatchState.UPLOADED)
    change(sim, lambda tx, _: batches.save(tx, batch, uploaded))
    return uploaded


def _store(sim: Simulator, batch: Batch, parts: Iterable[Part]) -> None:
    def work(tx: Transaction, _now: Moment) -> None:
        for part in parts:
            batches.insert_part(tx, batch.id, part)

    change(sim, work)


def _parts(sim: Simulator, rows: Iterator[Row]) -> Iterator[Part]:
    """The rows with what is wrong with each by itself, and those that stood in the file before."""
    names = Names.of(sim.catalogue)
    seen: defaultdict[str, set[int]] = defaultdict(set)
    number = 0
    while some := tuple(islice(rows, PART)):
        yield Part(number, some, tuple(_first_look(row, names, seen) for row in some))
        number += 1


def _first_look(row: Row, names: Names, seen: Mapping[str, set[int]]) -> RowResult:
    """`seen` are the KvK numbers that had a row, by scope; there may be as many as rows, so they are kept small."""
    asked = read_row(row, names)
    if not isinstance(asked, AskedRow):
        return RowResult(row.line, RowOutcome.ERROR, tuple(fault.value for fault in asked))
    number, before = int(asked.number), seen[scope_id(asked.scope)]
    if number in before:
        return RowResult(row.line, RowOutcome.SKIPPED_DUPLICATE)
    before.add(number)
    return RowResult(row.line, RowOutcome.READY)


def _rows(file: IO[bytes]) -> Iterator[Row]:
    """The rows from the beginning. The file stays open."""
    file.seek(0)
    text = TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        yield from read_rows(text)
    finally:
        text.detach()


def _digest(file: IO[bytes]) -> bytes:
    found = sha256()
    file.seek(0)
    while octets := file.read(_CHUNK):
        found.update(octets)
    return found.digest()


def _shown(name: str) -> str:
    """A name of a file as pages and mails show it."""
    plain = "".join(char for char in name.replace("\\", "/").rpartition("/")[2] if char.isprintable())
    return plain[-LONGEST_NAME:] or "csv"
