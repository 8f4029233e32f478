"""What it costs to refuse what is meant to hurt: `make bench`, or `python bench/refusals.py --json result.json`.

Everything goes to what the web layer calls, or into the web application itself. Each case runs in a process of its own
that has just taken a normal message, so that nothing is paid for the first time. What is sent is in memory before the
measurement starts; memory is what the refusal needs on top, at its highest. Processor time, as for a login: others may
use the machine too. The aims are at most 100 ms and 50 MiB.
"""

import argparse
import io
import json
import os
import re
import statistics
import sys
import tempfile
import time
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote_plus
from zlib import compressobj

from flask import Flask
from structlog.testing import capture_logs
from werkzeug.test import create_environ, run_wsgi_app

from broker.core.errors import MessageRejected
from broker.saml import names
from broker.simulator import authentication, requests, resolution
from broker.web.app import create_app
from tests.mutants import donors, driver, targets
from tests.mutants.donors import Donors
from tests.mutants.world import World, world
from tests.network import make_installation
from tests.saml.hostile import HOSTILE

AIM_S, AIM_BYTES = 0.1, 50 * 1024 * 1024
_REPEATS = 5
_HUGE = 100_000_000
_MUTANTS = 2_000
_WIDTH = 70


@dataclass(frozen=True, slots=True)
class Case:
    """`send` makes the broker refuse: it raises `MessageRejected`, or gives the HTTP status. `taken`: it must not."""

    name: str
    send: Callable[[], object]
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor time of one message in seconds, and the extra memory at its highest in bytes (None: not measured)."""

    name: str
    seconds: float
    memory: int | None


class WentWrong(Exception):
    """What should have been refused was taken, or the other way round."""


class Flood(io.RawIOBase):
    """A body of `length` bytes that are made when they are read."""

    def __init__(self, length: int) -> None:
        """Begin at the first byte."""
        self._left = length

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` as far as there is something left."""
        count = min(len(buffer), self._left)
        buffer[:count] = b"A" * count
        self._left -= count
        return count


def main() -> None:
    """Measure and print; exit status 1 when an aim is missed."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="ketenbroker-bench-") as folder:
        installation = make_installation(Path(folder) / "installation")
        with world(Path(folder) / "world", installation) as around:
            genuine = donors.make(around)
            usual = Case("a normal request, taken", normal(around, genuine), taken=True)
            costs = [_in_a_process(case, usual) for case in (usual, *cases(around))]
            slowest = _slowest(around, genuine)
    print(_as_table(costs, slowest))
    if options.json:
        result = {"costs": [asdict(cost) for cost in costs], "slowest_mutant_s": slowest}
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    sys.exit(any(_over(cost) for cost in costs))


def normal(around: World, genuine: Donors) -> Callable[[], object]:
    """A genuine request."""
    form = {"SAMLRequest": [b64encode(genuine.requests[0]).decode()], "RelayState": ["state"]}
    return partial(requests.receive_post, around.simulator, form)


def cases(around: World) -> Iterator[Case]:
    """Everything that is meant to hurt."""
    sim = around.simulator
    for name, (document, _) in HOSTILE.items():
        form = {"SAMLRequest": [b64encode(document).decode()]}
        yield Case(f"POST request: {name}", partial(requests.receive_post, sim, form))
        yield Case(f"SOAP: {name}", partial(resolution.resolve, sim, document, None))
    field = {"SAMLResponse": ["A" * _HUGE]}
    yield Case("POST answer: a field of 100 MB", partial(authentication.receive, sim, field))
    for megabytes in (1, 40):
        yield Case(f"query: inflates to {megabytes} MB", partial(requests.receive_redirect, sim, _bomb(megabytes)))
    yield from _over_http(around)


def _bomb(megabytes: int) -> bytes:
    """A query with a message that inflates to so much; 40 is about what fits in a query."""
    packer = compressobj(9, wbits=-15)
    packed = b"".join(packer.compress(b"x" * 1_000_000) for _ in range(megabytes)) + packer.flush()
    return f"SAMLRequest={quote_plus(b64encode(packed))}&SigAlg={quote_plus(names.RSA_SHA256)}&Signature=AAAA".encode()


def _over_http(around: World) -> Iterator[Case]:
    """Bodies of 100 MB, with their length told beforehand and without."""
    app = create_app(around.simulator)
    form, upload = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
    paths = {"/broker/sso/1.13": form, "/broker/acs/1.13": form, "/broker/ars/1.13": form}
    for path, kind in (paths | {"/operator/service-providers": upload}).items():
        for told in (True, False):
            told_as = "length told" if told else "length not told"
            yield Case(f"HTTP: 100 MB to {path}, {told_as}", partial(_flood, app, path, kind, told=told))


def _flood(app: Flask, path: str, kind: str, *, told: bool) -> int:
    environ = create_environ(path, method="POST", content_type=kind)
    environ |= {"CONTENT_LENGTH": str(_HUGE)} if told else {"wsgi.input_terminated": True}
    environ["wsgi.input"] = io.BufferedReader(Flood(_HUGE))
    with capture_logs():
        _, status, _ = run_wsgi_app(app, environ)
    return int(status.split()[0])


def _slowest(around: World, genuine: Donors) -> float:
    """The most processor time that one of some mutants of an answer took."""
    return driver.run(targets.all_targets(around, genuine)["response"], range(_MUTANTS)).slowest


def _in_a_process(case: Case, normal: Case) -> Cost:
    """The cost of `case`, measured in a child that took a normal message first."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            normal.send()
            with os.fdopen(writing, "w") as result:
                result.write(json.dumps(_measured(case)))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as result:
        told = result.read()
    if os.waitpid(child, 0)[1] != 0:
        raise WentWrong(case.name)
    seconds, memory = json.loads(told)
    return Cost(case.name, seconds, memory)


def _measured(case: Case) -> tuple[float, int | None]:
    before = _start_of_memory()
    spent = [_timed(case)]
    memory = None if before is None else max(0, _memory("VmHWM") - before)
    spent += [_timed(case) for _ in range(_REPEATS - 1)]
    return statistics.median(spent), memory


def _timed(case: Case) -> float:
    began = time.process_time()
    send(case)
    return time.process_time() - began


def send(case: Case) -> None:
    """Send it; raises `WentWrong` when it is taken and should not, or is refused and should not."""
    try:
        status = case.send()
    except MessageRejected:
        status = 400
    if (isinstance(status, int) and status >= 400) is case.taken:
        raise WentWrong(case.name)


def _start_of_memory() -> int | None:
    """What is in use now, from where the highest counts; None where the system does not tell."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
        return _memory("VmRSS")
    except OSError:
        return None


def _memory(kind: str) -> int:
    found = re.search(rf"^{kind}:\s+([0-9]+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found.group(1)) * 1024 if found else 0


def _over(cost: Cost) -> bool:
    return cost.seconds > AIM_S or (cost.memory or 0) > AIM_BYTES


def _as_table(costs: list[Cost], slowest: float) -> str:
    normal, worst = costs[0], f"the slowest of {_MUTANTS} spoilt answers"
    rows = [
        f"{cost.name:{_WIDTH}}{cost.seconds * 1000:>8.2f}{cost.seconds / normal.seconds:>10.2f}"
        f"{'-' if cost.memory is None else f'{cost.memory / 2**20:.1f}':>8}{'  OVER' if _over(cost) else ''}"
        for cost in costs
    ]
    return "\n".join(
        (
            f"{'processor time and extra memory of a refusal':{_WIDTH}}{'ms':>8}{'x normal':>10}{'MiB':>8}",
            *rows,
            f"{worst:{_WIDTH}}{slowest * 1000:>8.2f}{slowest / normal.seconds:>10.2f}",
        )
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result to FILE too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
