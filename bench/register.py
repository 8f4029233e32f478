"""What a large register costs: `make bench`, or `python bench/register.py --json result.json`.

Everything is measured with a few chain mandates in the store and with many, on SQLite and on PostgreSQL, in one run:

decide   the decision at the moment of issue, for a relation that was chosen: the means, the link and the verdict,
         read anew in a transaction. In turns on the small store and the large one, so that both meet the same machine.
page     the first page of the list of organisations, for the person with the most couplings, over HTTP
search   the same page for each letter that is typed
start    from the command to the first answer over HTTP
invite   a file of ten thousand clients, uploaded, looked at and carried out

The aims are those of `AIMS`; exit status 1 when one is missed. Time on the wall, for the databases work too: on a
machine that is busy with other things the aims in milliseconds may be missed for that reason alone.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from bench import big_register, invitations
from bench.big_register import Size
from bench.installation import Installation, prepared
from bench.journey import Traveller
from bench.parties import PORTAL, SERVICE, AuthenticationService, ServiceProvider
from bench.program import ketenbroker
from bench.stores import addresses, fill
from bench.traffic import Browser, Network
from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Service
from broker.core.clock import system_clock
from broker.core.decision import Granted, grant
from broker.core.ids import RandomIds
from broker.core.question import Question
from broker.saml.catalogue import read_catalogue
from broker.simulator.compose import compose
from broker.simulator.parties import AUTHENTICATION_SERVICE, PORTALS
from broker.store import register
from broker.store.database import Store, open_store

FEW, MANY = 1_000, 1_000_000
DATABASES: Final = ("sqlite", "postgresql")
AIMS: Final = {"decide": 1.2, "page": 0.1, "search": 0.08, "start": 5.0, "invite": 15.0}
"""For `decide` how many times as long it may take with many as with few; else seconds that 95 in 100 stay under."""

TYPED: Final = ("vrolijke vos 12", "testerdam bakkerij", "20049", "xylofoon")
"""What somebody types, letter by letter; nothing is called the last."""

_CATALOGUE: Final = Path(__file__).parents[1] / "metadata" / "service-catalogue.xml"
_P95: Final = 0.95
_WIDTH: Final = 62


@dataclass(frozen=True, slots=True)
class Effort:
    """How often everything is done.

    Enough decisions that the half is one of a program that runs, not of one that meets each page of the file first.
    """

    rounds: int = 200
    decisions: int = 25
    pages: int = 60
    typings: int = 2
    invited: int = 10_000


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that half, and 95 in 100, stayed under."""

    half: float
    most: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Timing":
        """The two of some measurements."""
        ordered = sorted(seconds)
        return cls(statistics.median(ordered), ordered[int(len(ordered) * _P95)])


@dataclass(frozen=True, slots=True)
class Row:
    """One thing on one database, with few and with many mandates in the store. `reached` is what the aim is about."""

    database: str
    what: str
    few: Timing
    many: Timing
    reached: float

    @property
    def missed(self) -> bool:
        """Whether the aim was not reached."""
        return self.reached > AIMS[self.what]


class WentWrong(Exception):
    """What was measured did not do what it should."""


def main() -> None:
    """Measure and print; exit status 1 when an aim is missed."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="ketenbroker-bench-") as folder:
        sizes = Size(options.few), Size(options.many)
        rows = [row for name in options.databases for row in measure(Path(folder) / name, name, sizes, Effort())]
    print(_as_table(rows, options))
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
    sys.exit(any(row.missed for row in rows))


def measure(folder: Path, database: str, sizes: tuple[Size, Size], effort: Effort) -> list[Row]:
    """Everything on one database, below `folder`."""
    folder.mkdir()
    with addresses(folder, database, "few", "many") as urls:
        for url, size in zip(urls, sizes, strict=True):
            _fill(url, size)
        few, many = (_used(folder / str(n), url, effort) for n, url in enumerate(urls))
        rows = [Row(database, what, few[what], many[what], many[what].most) for what in few]
        return [decisions(database, urls, sizes, effort), *rows]


def decisions(database: str, urls: Sequence[str], sizes: Sequence[Size], effort: Effort) -> Row:
    """Relations at random, decided in turns on the small store and on the large one."""
    service, chance, stores = _service(), random.Random(1), [open_store(url) for url in urls]
    seconds: tuple[list[float], list[float]] = ([], [])
    try:
        for number in range(effort.rounds + 1):  # the first one warms up
            for store, size, spent in zip(stores, sizes, seconds, strict=True):
                taken = [_decide(store, size, service, chance) for _ in range(effort.decisions)]
                spent.extend(taken if number else ())
    finally:
        for store in stores:
            store.close()
    few, many = map(Timing.of, seconds)
    return Row(database, "decide", few, many, many.half / few.half)


def _decide(store: Store, size: Size, service: Service, chance: random.Random) -> float:
    pseudonym, reference = big_register.relation(size, 10 * chance.randrange(size.mandates // 10))
    began = time.perf_counter()

    def work(tx):
        in_use = register.means_in_use(tx, pseudonym, AUTHENTICATION_SERVICE.entity_id)
        if in_use is None:
            raise WentWrong(f"nobody has {pseudonym}")
        question = Question(service, AssuranceLevel.EH3, in_use, system_clock())
        return grant(question, register.reload_link(tx, reference))

    decided = store.read(work)
    took = time.perf_counter() - began
    if not isinstance(decided, Granted):
        raise WentWrong(f"{reference}: {decided}")
    return took


def _used(folder: Path, url: str, effort: Effort) -> dict[str, Timing]:
    """The program on the store at `url`: how long it takes to start, and what a person with a long list waits for."""
    folder.mkdir()
    installation = prepared(folder, url)
    began = time.perf_counter()
    with ketenbroker("serve", "--settings", str(installation.file), folder=folder, ready="Broker ready"):
        browser = Browser(Network(installation.settings.broker.url))
        if browser.get("/").status != 200:
            raise WentWrong("the front page does not answer")
        started = time.perf_counter() - began
        try:
            pages = at_the_list(installation, browser, effort)
        finally:
            browser.line.close()
    return {**pages, "start": Timing(started, started), "invite": _invited(installation, effort)}


def _invited(installation: Installation, effort: Effort) -> Timing:
    sim = compose(installation.settings, system_clock, RandomIds())
    try:
        took = sum(invitations.invite(sim, effort.invited))
    finally:
        sim.store.close()
    return Timing(took, took)


def at_the_list(installation: Installation, browser: Browser, effort: Effort) -> dict[str, Timing]:
    """Log in as the person with the most couplings, and open and search the list."""
    service_provider = ServiceProvider.registered(installation)
    authentication_service = AuthenticationService.of(installation, big_register.PERSON)
    address = Traveller(service_provider, authentication_service, lambda: browser.line).arrive(browser)

    def look(typed: str, expected: bytes) -> float:
        began = time.perf_counter()
        answer = browser.get(f"{address}?{urlencode({'q': typed})}" if typed else address)
        took = time.perf_counter() - began
        if answer.status != 200 or expected not in answer.body:
            raise WentWrong(f"the list for {typed!r}: HTTP status {answer.status}")
        return took

    look("", b"choice-25")
    pages = [look("", b"choice-25") for _ in range(effort.pages)]
    keys = [look(typed, b"gevonden met") for _ in range(effort.typings) for typed in _letter_by_letter(TYPED)]
    return {"page": Timing.of(pages), "search": Timing.of(keys)}


def _letter_by_letter(typed: Iterable[str]) -> Iterator[str]:
    for text in typed:
        yield from (text[:length] for length in range(1, len(text) + 1))


def _fill(url: str, size: Size) -> None:
    _say(f"{url.partition(':')[0]}: loading {size.mandates:,} mandates")
    fill(url, size)


def _service() -> Service:
    provider = next(portal for portal in PORTALS if portal.key == PORTAL).entity.certificates.oin
    known = read_catalogue(_CATALOGUE.read_bytes(), str(_CATALOGUE)).catalogue
    found = known.find(f"urn:etoegang:DV:{provider}:services:{SERVICE}")
    if found is None:
        raise LookupError(f"the sample data have no service {SERVICE} of {PORTAL}")
    return found


_WHAT: Final = {
    "decide": "the decision for a relation that was chosen",
    "page": "first page of the list of organisations",
    "search": "one letter typed in its search field",
    "start": "start, until the first answer",
    "invite": "a file of ten thousand clients to invite",
}


def _as_table(rows: Sequence[Row], options: argparse.Namespace) -> str:
    head = f"{'milliseconds: half / 95 in 100':{_WIDTH}}{f'{options.few:,}':>18}{f'{options.many:,}':>18}{'growth':>8}"
    return "\n".join((head, *map(_line, rows)))


def _line(row: Row) -> str:
    told = f"{row.database}: {_WHAT[row.what]}"
    figures = (f"{timing.half * 1000:.2f} / {timing.most * 1000:.2f}" for timing in (row.few, row.many))
    few, many = figures
    growth = row.many.half / row.few.half
    return f"{told:{_WIDTH}}{few:>18}{many:>18}{growth:>8.2f}{'  MISSED' if row.missed else ''}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=FEW, help=f"chain mandates in the small store (default {FEW:,})")
    parser.add_argument("--many", type=int, default=MANY, help=f"and in the large one (default {MANY:,})")
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES, help="default: both")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result to FILE too")
    return parser.parse_args()


def _say(text: str) -> None:
    """Progress, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r{text:<60}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
