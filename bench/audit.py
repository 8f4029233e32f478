"""What the audit log costs: `make bench`, or `python bench/audit.py --json result.json`.

verify   a million events held against each other and against their signed heads, on SQLite and on PostgreSQL
append   events written one by one, each in a transaction of its own that is on disk when it returns
page     a page of the list of logins among 100,000, for each way to search

The aims are those of `AIMS`; exit status 1 when one is missed. Time on the wall, for the databases work too.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from bench.many_logins import LOGINS, fill_logins, searches
from broker.core.administration.actors import rule
from broker.core.administration.events import FIRST_LINK, Event, document_of, link
from broker.simulator.audit import heads, keys
from broker.simulator.audit.heads import Notary
from broker.simulator.audit.keys import AuditKey
from broker.simulator.audit.verifying import verify
from broker.store.administration import events
from broker.store.administration.tables import events as table
from broker.store.audit import records
from broker.store.database import Store, open_store
from broker.store.migrate import migrate
from tests.databases import postgresql_database, postgresql_server

EVENTS, APPENDED, ROUNDS = 1_000_000, 2_000, 40
AIMS: Final = {"verify": 5.0, "page": 0.1}
"""Seconds at most. For `append` there is none: it is how fast the disk is that the database waits for."""
_MOMENT: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
_BATCH: Final = 20_000
_P95: Final = 0.95


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    measured: dict[str, dict[str, float]] = {}
    for database, url in _databases():
        with tempfile.TemporaryDirectory(prefix="ketenbroker-bench-") as folder, url(Path(folder)) as address:
            measured[database] = _measure(Path(folder), address)
    for database, found in measured.items():
        for what, value in found.items():
            print(f"{database:12}{what:40}{value:12.4f}")
    if options.json:
        options.json.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    missed = [
        f"{database} {what}"
        for database, found in measured.items()
        for what, value in found.items()
        if value > AIMS.get(what.partition(",")[0], value)
    ]
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


def _databases() -> Iterator[tuple[str, Callable[[Path], object]]]:
    @contextmanager
    def sqlite(folder: Path) -> Iterator[str]:
        yield f"sqlite:///{folder / 'store.sqlite'}"

    yield "sqlite", sqlite
    with postgresql_server() as server:

        @contextmanager
        def postgresql(_folder: Path) -> Iterator[str]:
            with postgresql_database(server) as address:
                yield address

        yield "postgresql", postgresql


def _measure(folder: Path, address: str) -> dict[str, float]:
    migrate(address)
    store = open_store(address)
    try:
        private = folder / "audit" / "signing.key"
        keys.ensure(private, folder / "audit" / "public.pem")
        notary = Notary(AuditKey.load(private), folder / "heads.jsonl", timedelta(minutes=1))
        found = {"append, a second": _appended(store)}
        _fill(store)
        heads.sign(notary, store, _MOMENT)
        start = time.perf_counter()
        verdict = verify(store, notary.file, notary.key.public)
        found["verify, a million events"] = time.perf_counter() - start
        if verdict.broken is not None or verdict.signed != EVENTS:
            sys.exit(f"the audit log is not what was written: {verdict}")
        fill_logins(store, _MOMENT)
        for name, wanted in searches(_MOMENT).items():
            found[f"page, {name}"] = _page(store, wanted)
        return found
    finally:
        store.close()


def _event(number: int) -> Event:
    after = {"facts": {"mandate": {"id": f"m{number % 977}", "version": 3}}, "messages": [f"{number:064x}"]}
    return Event(_MOMENT, rule("broker"), "login.granted", f"login-{number}", (), after=after)


def _appended(store: Store) -> float:
    start = time.perf_counter()
    for number in range(1, APPENDED + 1):
        store.write(lambda tx, number=number: events.append(tx, [_event(number)]))
    return APPENDED / (time.perf_counter() - start)


def _fill(store: Store) -> None:
    digest = store.read(lambda tx: tx.scalar(sa.select(table.c.digest).where(table.c.number == APPENDED))) or FIRST_LINK
    for first in range(APPENDED + 1, EVENTS + 1, _BATCH):
        rows = []
        for number in range(first, min(first + _BATCH, EVENTS + 1)):
            document = document_of(_event(number))
            digest = link(digest, number, document)
            rows.append({"number": number, "object_id": f"login-{number}", "document": document, "digest": digest})
        store.write(lambda tx, rows=rows: tx.execute(sa.insert(table), rows))


def _page(store: Store, wanted: records.Wanted) -> float:
    """Seconds that 95 of 100 pages stay under: the rows of a page, and how many there are."""
    took = []
    for number in range(ROUNDS):
        start = time.perf_counter()
        store.read(lambda tx, number=number: _shown(tx, wanted, number))
        took.append(time.perf_counter() - start)
    return sorted(took)[int(len(took) * _P95) - 1]


def _shown(tx: sa.Connection, wanted: records.Wanted, number: int) -> None:
    records.search(tx, wanted, offset=25 * (number % 4), most=25)
    records.count(tx, wanted, most=LOGINS)


if __name__ == "__main__":
    main()
