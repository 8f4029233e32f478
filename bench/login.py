"""The cost of a chain login: `make bench`, or `python bench/login.py --logins 300 --json result.json`.

The broker runs as `ketenbroker serve` runs it, alone, in a temporary folder; this process plays the other parties,
whose work is not counted. Processor time is the measure, not the clock on the wall: others may use the machine too.
In turns with the logins the same number of bare private-key operations is done, and the same signatures with pysaml2
and xmlsec1, so that all three meet the machine in the same state.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.installation import Installation, prepared
from bench.journey import Journey, Traveller
from bench.operations import Floor, count
from bench.parties import AuthenticationService, ServiceProvider
from bench.program import ProcessorTime, ketenbroker
from bench.report import Measured, as_json, as_table
from bench.stock import NotInstalled, Stock, prepared_stock
from bench.traffic import Network
from broker.core.clock import system_clock

_ROUND = 25
_STOCK_IN_ROUND = 2


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="ketenbroker-bench-") as folder:
        measured = measure(Path(folder), options.logins, options.warm_up)
    print(as_table(measured))
    if options.json:
        options.json.write_text(json.dumps(as_json(measured), indent=2) + "\n", encoding="utf-8")


def measure(folder: Path, logins: int, warm_up: int) -> Measured:
    """Do `warm_up` logins and then `logins`, in rounds. Raises `WentWrong` or `Refused` when one does not succeed."""
    _say("making keys and sample data")
    installation = prepared(folder)
    parties = ServiceProvider.registered(installation), AuthenticationService.of(installation)
    floor = Floor.of(installation, count(installation, parties))
    traveller = Traveller(*parties, dial=lambda: Network(installation.settings.broker.url))
    with ketenbroker("serve", "--settings", str(installation.file), folder=folder, ready="Broker ready") as serving:
        _say("warming up")
        first, *_ = [traveller.travel(number) for number in range(warm_up)]
        traveller.check(first)
        stock, stock_is = _stock(installation, parties[0], first)
        tally = Tally()
        while len(tally.journeys) < logins:
            _round(traveller, serving.children(recursive=True), min(_ROUND, logins - len(tally.journeys)), tally)
            tally.floor += floor.measure(_ROUND)
            tally.stock += stock.measure(_STOCK_IN_ROUND) if stock else 0
            tally.rounds += 1
            _say(f"{len(tally.journeys)} logins")
        traveller.check(tally.journeys[-1])
    return Measured(
        at=system_clock(),
        logins=logins,
        warm_up=warm_up,
        operations=floor.operations,
        broker=tally.broker / logins,
        floor=tally.floor / (tally.rounds * _ROUND),
        stock=tally.stock / (tally.rounds * _STOCK_IN_ROUND) if stock else None,
        stock_is=stock_is,
        steps=[journey.seconds for journey in tally.journeys],
    )


@dataclass(slots=True)
class Tally:
    """What the rounds used, in seconds of processor time, and the logins that they did."""

    broker: ProcessorTime = field(default_factory=lambda: ProcessorTime(0, 0))
    floor: float = 0
    stock: float = 0
    rounds: int = 0
    journeys: list[Journey] = field(default_factory=list)


def _round(traveller: Traveller, program: list[psutil.Process], logins: int, tally: Tally) -> None:
    before = ProcessorTime.of(program)
    for _ in range(logins):
        tally.journeys.append(traveller.travel(len(tally.journeys)))
    tally.broker += ProcessorTime.of(program) - before


def _stock(installation: Installation, party: ServiceProvider, journey: Journey) -> tuple[Stock | None, str]:
    try:
        found = prepared_stock(installation, party, journey.messages)
    except NotInstalled as error:
        return None, f"pysaml2 with xmlsec1: not measured, {error}"
    found.measure(1)
    return found, found.versions


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logins", type=_positive, default=300, help="how many logins are measured (default 300)")
    parser.add_argument("--warm-up", type=_positive, default=50, help="how many go before (default 50)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result to FILE too")
    return parser.parse_args()


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("expected a number from 1")
    return value


def _say(text: str) -> None:
    """Progress, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r{text:<40}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
