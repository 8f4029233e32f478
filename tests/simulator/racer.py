"""A broker process without the web, for tests that let several of them do the same thing at the same moment.

`python -m tests.simulator.racer settings.toml` says `ready` and then, for each line of JSON on standard input, waits
until the moment it names, does what it says, and answers with a line: `won`, or what stopped it.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from broker.core.clock import system_clock
from broker.core.errors import MessageRejected, SimulatorError
from broker.core.ids import RandomIds
from broker.settings import load
from broker.simulator import authentication, issuing, requests, resolution
from broker.simulator.answers import Delivery
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from tests.simulator.journey import BROWSER

Job = dict[str, Any]


def resolve(simulator: Simulator, job: Job) -> str:
    return "won" if resolution.resolve(simulator, job["body"].encode(), None).found else "nothing found"


def request(simulator: Simulator, job: Job) -> str:
    requests.receive_post(simulator, job["form"])
    return "won"


def answer(simulator: Simulator, job: Job) -> str:
    authentication.receive(simulator, job["form"])
    return "won"


def choose(simulator: Simulator, job: Job) -> str:
    issued = issuing.issue(simulator, job["login"], BROWSER, job["token"])
    return "won" if isinstance(issued, Delivery) else issued.denied.reason.value


JOBS: dict[str, Callable[[Simulator, Job], str]] = {
    "resolve": resolve,
    "request": request,
    "answer": answer,
    "choose": choose,
}


def outcome(simulator: Simulator, job: Job) -> str:
    """What came of one job, in a word."""
    while time.monotonic() < job["moment"]:
        pass
    try:
        return JOBS[job["kind"]](simulator, job)
    except MessageRejected as error:
        return error.findings[0].rule
    except SimulatorError as error:
        return error.code


def main() -> None:
    simulator = compose(load(Path(sys.argv[1])), system_clock, RandomIds())
    simulator.store.read(lambda tx: tx.exec_driver_sql("SELECT 1"))
    say("ready")
    for line in sys.stdin:
        say(outcome(simulator, json.loads(line)))
    simulator.store.close()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
