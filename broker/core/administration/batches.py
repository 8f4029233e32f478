"""Bulk invitations (M-23): a file that is looked at first and carried out after that, row by row.

    LOADING ▶ UPLOADED ─(each row is looked at)▶ CHECKED ─run▶ RUNNING ─(each row is carried out)▶ DONE ─run▶ RUNNING

Work goes in parts, each in one transaction together with its results, so it goes on where it stopped, whatever happened
in between. A row that cannot be carried out never blocks another.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Final

from broker.core.administration.actors import Actor

PART: Final = 250
"""Rows in one part: others can write in between."""


class BatchState(Enum):
    """Where a batch is; in UPLOADED and RUNNING there is work to do."""

    LOADING = "loading"
    UPLOADED = "uploaded"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"


WORKING = frozenset({BatchState.UPLOADED, BatchState.RUNNING})
"""States in which there is work to do."""


class RowOutcome(Enum):
    """What becomes, or became, of a row. READY: it will be invited."""

    READY = "READY"
    CREATED = "CREATED"
    SKIPPED_DUPLICATE = "SKIPPED_DUPLICATE"
    SKIPPED_ACTIVE = "SKIPPED_ACTIVE"
    ERROR = "ERROR"


SKIPPED = (RowOutcome.SKIPPED_DUPLICATE, RowOutcome.SKIPPED_ACTIVE)
"""Rows that need no invitation."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of the row at `line`; `codes` are those of `RowFault` and `Obstacle`, and say why."""

    line: int
    outcome: RowOutcome
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """One uploaded file and how far it is. `parts_done` counts in the present state; `counts` are by outcome."""

    id: str
    intermediary_id: str
    actor: Actor
    file_name: str
    file_digest: bytes
    rows: int
    parts: int
    uploaded_at: datetime
    state: BatchState = BatchState.LOADING
    parts_done: int = 0
    counts: Mapping[RowOutcome, int] = field(default_factory=dict)
    finished_at: datetime | None = None
    claimed_until: datetime | None = None

    @property
    def is_working(self) -> bool:
        """Whether there is work to do."""
        return self.state in WORKING

    @property
    def rows_done(self) -> int:
        """How many rows were gone through in the present state, at least."""
        return min(self.parts_done * PART, self.rows)

    def count(self, *outcomes: RowOutcome) -> int:
        """How many rows have one of these outcomes."""
        return sum(self.counts.get(outcome, 0) for outcome in outcomes)


def part_done(batch: Batch, results: Iterable[RowResult], moment: datetime) -> Batch:
    """`batch` after the next part; after the last one it is CHECKED or DONE."""
    done = batch.parts_done + 1
    counts = Counter(batch.counts) + Counter(result.outcome for result in results)
    after = replace(batch, parts_done=done, counts=dict(counts))
    return after if done < batch.parts else finished(after, moment)


def finished(batch: Batch, moment: datetime) -> Batch:
    """`batch` when there is nothing left to do in its state."""
    if batch.state is BatchState.UPLOADED:
        return replace(batch, state=BatchState.CHECKED, claimed_until=None)
    return replace(batch, state=BatchState.DONE, finished_at=moment, claimed_until=None)


def run(batch: Batch) -> Batch:
    """`batch` to be carried out, from its first part: what was invited before is left alone."""
    return replace(batch, state=BatchState.RUNNING, parts_done=0, counts={}, finished_at=None, claimed_until=None)


def may_run(batch: Batch) -> bool:
    """Whether carrying out makes sense: it was looked at, and there are rows to invite or to try again."""
    if batch.state is BatchState.CHECKED:
        return batch.count(RowOutcome.READY) > 0
    return batch.state is BatchState.DONE and batch.count(RowOutcome.ERROR) > 0
