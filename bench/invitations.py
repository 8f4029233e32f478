"""What a bulk invitation takes of memory: `make bench`, or `python bench/invitations.py --json result.json`.

A file is uploaded, looked at (the dry run) and carried out, and its errors and results are downloaded: with a tenth of
the rows that may be in a file and with all of them, on SQLite and on PostgreSQL. Each phase runs in a process of its
own, and the most memory that it took on top is compared: it may not grow with the file. Exit status 1 when it does.

How long a file takes with few and with many mandates in the store is measured by `register`, with `invite`.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Final

from bench import big_register
from bench.big_register import Size
from bench.children import MIB, spent_on
from bench.installation import prepared
from bench.stores import addresses, filled
from broker.core.administration.actors import Actor, ActorKind
from broker.core.administration.batch_file import COLUMNS
from broker.core.administration.batches import Batch, RowOutcome
from broker.core.assurance import AssuranceLevel
from broker.core.clock import system_clock
from broker.core.identifiers import KvkNumber
from broker.core.ids import RandomIds
from broker.core.organisations import LegalForm, Organisation
from broker.settings import load
from broker.simulator.administration import batch_control, batch_upload, batch_work
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from broker.store.changes import add
from broker.store.database import Store

FEW, MANY = 5_000, 50_000
DATABASES: Final = ("sqlite", "postgresql")
MOST_GROWTH: Final = 16 * MIB
"""As much more memory may `MANY` rows take than `FEW`."""

MANAGER: Final = Actor(
    ActorKind.MANAGER, "office-0-person-0", big_register.PERSON, "office-0", AssuranceLevel.EH3, AssuranceLevel.EH3
)
"""Somebody of the large intermediary of `big_register`."""

_FIRST: Final = 30_000_000
_ONE_WRONG_IN: Final = 10
_AT_ONCE: Final = 5_000
_IN_REGISTER: Final = Size(1_000)


class WentWrong(Exception):
    """Not every row became what it should."""


@dataclass(frozen=True, slots=True)
class Grown:
    """The most memory in bytes that a phase took on top, and how long it took, with few rows and with many."""

    database: str
    phase: str
    few: int
    many: int
    few_seconds: float
    many_seconds: float

    @property
    def missed(self) -> bool:
        """Whether it grew with the file."""
        return self.many - self.few > MOST_GROWTH


def invite(sim: Simulator, rows: int) -> tuple[float, float, float]:
    """Invite as many clients that the register knows from a file: seconds to upload, to look at, to carry out."""
    add_clients(sim.store, rows)
    moments = [time.perf_counter()]
    batch = batch_upload.upload(sim, MANAGER, file_of(rows, wrong=False), "bulk.csv")
    moments.append(time.perf_counter())
    batch_work.work(sim)
    moments.append(time.perf_counter())
    batch_control.run(sim, MANAGER, batch.id)
    batch_work.work(sim)
    moments.append(time.perf_counter())
    _require(batch_control.look(sim, MANAGER, batch.id), RowOutcome.CREATED, rows)
    upload, check, run = (after - before for before, after in pairwise(moments))
    return upload, check, run


def add_clients(store: Store, count: int) -> None:
    """Organisations to invite, which nobody invited before."""
    for start in range(0, count, _AT_ONCE):
        made = [_client(number) for number in range(start, min(start + _AT_ONCE, count))]
        store.write(lambda tx, made=made: add(tx, made))


def file_of(count: int, *, wrong: bool) -> BytesIO:
    """A file with that many rows; one in ten is `wrong`, if so wanted."""
    rows = (_row(number, "EH9" if wrong and number % _ONE_WRONG_IN == 0 else "EH3") for number in range(count))
    return BytesIO("\n".join([";".join(COLUMNS), *rows]).encode())


def main() -> None:
    """Measure and print; exit status 1 when memory grows with the file."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="ketenbroker-bench-") as folder:
        grown = [row for name in options.databases for row in measure(Path(folder), name, options.few, options.many)]
    print(f"{'bulk invitation: extra MiB at the most / seconds':54}{options.few:>16,}{options.many:>16,}")
    for row in grown:
        figures = ((row.few, row.few_seconds), (row.many, row.many_seconds))
        few, many = (f"{extra / MIB:.1f} / {seconds:.1f}" for extra, seconds in figures)
        print(f"{row.database + ': ' + row.phase:54}{few:>16}{many:>16}{'  MISSED' if row.missed else ''}")
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in grown], indent=2) + "\n", encoding="utf-8")
    sys.exit(any(row.missed for row in grown))


def measure(folder: Path, database: str, few: int, many: int) -> list[Grown]:
    """Every phase on one database, with both numbers of rows."""
    small, large = (_phases(folder / f"{database}-{rows}", database, rows) for rows in (few, many))
    return [
        Grown(database, phase, small[phase][0], large[phase][0], small[phase][1], large[phase][1]) for phase in PHASES
    ]


def _phases(folder: Path, database: str, rows: int) -> dict[str, tuple[int, float]]:
    folder.mkdir()
    with addresses(folder, database, "store") as (url,):
        _fill(url, rows)
        file = prepared(folder, url).file
        spent = {phase: spent_on(_composed, work, file, rows) for phase, work in PHASES.items()}
    wrong = -(-rows // _ONE_WRONG_IN)
    if (spent["errors downloaded"].gave, spent["results downloaded"].gave) != (wrong + 1, rows + 1):
        raise WentWrong(f"{database}: {rows} rows, and downloads of {spent}")
    return {phase: (one.extra, one.seconds) for phase, one in spent.items()}


def _fill(url: str, rows: int) -> None:
    with filled(url, _IN_REGISTER) as store:
        add_clients(store, rows)


@dataclass(frozen=True, slots=True)
class _Task:
    sim: Simulator
    file: BytesIO
    rows: int

    @property
    def batch(self) -> Batch:
        (found,) = batch_control.listed(self.sim, MANAGER)
        return found


def _composed(settings: Path, rows: int) -> _Task:
    """In the child: the simulator, and the file, which is no part of what is measured."""
    return _Task(compose(load(settings), system_clock, RandomIds()), file_of(rows, wrong=True), rows)


def _upload(task: _Task) -> None:
    batch_upload.upload(task.sim, MANAGER, task.file, "bulk.csv")


def _check(task: _Task) -> None:
    batch_work.work(task.sim)
    _require(task.batch, RowOutcome.READY, task.rows - -(-task.rows // _ONE_WRONG_IN))


def _run(task: _Task) -> None:
    batch_control.run(task.sim, MANAGER, task.batch.id)
    batch_work.work(task.sim)
    _require(task.batch, RowOutcome.CREATED, task.rows - -(-task.rows // _ONE_WRONG_IN))


def _errors(task: _Task) -> int:
    return sum(1 for _ in batch_control.download(task.sim, MANAGER, task.batch.id, "nl"))


def _results(task: _Task) -> int:
    return sum(1 for _ in batch_control.download(task.sim, MANAGER, task.batch.id, "nl", everything=True))


PHASES: Final[dict[str, Callable[[_Task], int | None]]] = {
    "uploaded": _upload,
    "looked at": _check,
    "carried out": _run,
    "errors downloaded": _errors,
    "results downloaded": _results,
}


def _require(batch: Batch, outcome: RowOutcome, wanted: int) -> None:
    if batch.count(outcome) != wanted:
        raise WentWrong(f"{batch.count(outcome)} rows of {wanted} are {outcome.value}")


def _client(number: int) -> Organisation:
    kvk_number, name = KvkNumber(f"{_FIRST + number:08}"), f"Bulk {number} B.V."
    return Organisation(f"bulk-{number}", kvk_number, None, LegalForm.BV, name, "Testerdam")


def _row(number: int, level: str) -> str:
    return f"{_FIRST + number:08};klant{number}@mail.example;Klant {number};alle;{level};31-12-2029;nl;D{number}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=FEW, help=f"rows of the small file (default {FEW:,})")
    parser.add_argument("--many", type=int, default=MANY, help=f"and of the large one (default {MANY:,})")
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES, help="default: both")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result to FILE too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
