"""How long a bulk invitation takes: `make bench`, or `python bench/invitations.py --rows 10000`.

A file is uploaded, looked at and carried out, on SQLite and on PostgreSQL, with a client in the register for each row.
The aims are 15 seconds for 10,000 rows and 90 for 50,000, and memory that does not grow with the file.
"""

import argparse
import json
import tempfile
import time
import tracemalloc
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from broker.core.administration.actors import Actor, ActorKind
from broker.core.administration.batch_file import COLUMNS
from broker.core.administration.batches import RowOutcome
from broker.core.assurance import AssuranceLevel
from broker.core.clock import system_clock
from broker.core.identifiers import KvkNumber
from broker.core.ids import RandomIds
from broker.core.organisations import LegalForm, Organisation
from broker.simulator.administration import batch_control, batch_upload, batch_work
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from broker.simulator.prepare import prepare
from broker.store.changes import add
from tests.databases import postgresql_database, postgresql_server
from tests.network import settings_below

OFFICE = "salarisbureau-loonstrook"
MANAGER = Actor(ActorKind.MANAGER, "noor-proef", "Noor Proef", OFFICE, AssuranceLevel.EH3, AssuranceLevel.EH3)
FIRST = 30_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of each phase, and the most memory of Python objects in the last two, in bytes."""

    store: str
    rows: int
    upload: float
    check: float
    run: float
    memory: int

    @property
    def together(self) -> float:
        return self.upload + self.check + self.run


def clients(sim: Simulator, count: int) -> None:
    made = [
        Organisation(f"bulk-{n}", KvkNumber(f"{FIRST + n:08}"), None, LegalForm.BV, f"Bulk {n} B.V.", "Testerdam")
        for n in range(count)
    ]
    for start in range(0, count, 5000):
        some = made[start : start + 5000]
        sim.store.write(lambda tx, some=some: add(tx, some))


def file_of(count: int) -> BytesIO:
    rows = (f"{FIRST + n:08};klant{n}@mail.example;Klant {n};alle;EH3;31-12-2029;nl;D{n}" for n in range(count))
    return BytesIO("\n".join([";".join(COLUMNS), *rows]).encode())


def measure(store: str, folder: Path, rows: int, url: str | None, *, memory: bool = False) -> Measured:
    settings = settings_below(folder, **({"store": {"url": url}} if url else {}))
    prepare(settings, system_clock, RandomIds())
    sim = compose(settings, system_clock, RandomIds())
    try:
        clients(sim, rows)
        moments = [time.perf_counter()]
        batch = batch_upload.upload(sim, MANAGER, file_of(rows), "bulk.csv")
        moments.append(time.perf_counter())
        if memory:
            tracemalloc.start()
        batch_work.work(sim)
        moments.append(time.perf_counter())
        batch_control.run(sim, MANAGER, batch.id)
        batch_work.work(sim)
        moments.append(time.perf_counter())
        peak = tracemalloc.get_traced_memory()[1] if memory else 0
        tracemalloc.stop()
        created = batch_control.look(sim, MANAGER, batch.id).count(RowOutcome.CREATED)
        if created != rows:
            raise SystemExit(f"{created} of {rows} were invited")
    finally:
        sim.store.close()
    upload, check, run = (after - before for before, after in pairwise(moments))
    return Measured(store, rows, upload, check, run, peak)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--memory", action="store_true", help="measure memory, which makes it several times slower")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        found.append(measure("SQLite", Path(one), asked.rows, None, memory=asked.memory))
        with postgresql_server() as server, postgresql_database(server) as url:
            found.append(measure("PostgreSQL", Path(other), asked.rows, url, memory=asked.memory))
    print(f"{asked.rows} invitations from a file: seconds\n")
    print(f"{'store':12}{'upload':>9}{'check':>9}{'send':>9}{'together':>10}{'MiB':>8}")
    for one_run in found:
        seconds = (one_run.upload, one_run.check, one_run.run)
        columns = "".join(f"{value:>9.2f}" for value in seconds)
        print(f"{one_run.store:12}{columns}{one_run.together:>10.2f}{one_run.memory / 2**20:>8.1f}")
    if asked.json:
        rows = [
            {"store": one_run.store, "rows": one_run.rows, "seconds": round(one_run.together, 2)} for one_run in found
        ]
        asked.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
