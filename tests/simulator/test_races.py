"""Two processes on one store do the same thing at the same moment: one of them succeeds, and only one."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.settings import load
from broker.simulator.compose import compose
from broker.simulator.service_providers import register
from tests.flow.test_history import FINISHED
from tests.network import CHECKOUT
from tests.requester import Requester, enveloped, form
from tests.simulator.answering import begin
from tests.simulator.journey import Journey, Stub, listed
from tests.simulator.test_artifacts import issued
from tests.simulator.test_posted_choice import at_the_list, choices, choose

ROUNDS = 20
HEAD_START_S = 0.02


@dataclass(frozen=True)
class Race:
    """Two processes, and a simulator of our own on the same store."""

    journey: Journey
    processes: tuple[subprocess.Popen[str], ...]

    def run(self, kind: str, *jobs: dict[str, Any]) -> list[str]:
        """Give each process its job (or the one job to both), to be done at the same moment; what came of them."""
        moment = time.monotonic() + HEAD_START_S
        each = jobs if len(jobs) > 1 else jobs * len(self.processes)
        for process, job in zip(self.processes, each, strict=True):
            process.stdin.write(json.dumps({"kind": kind, "moment": moment, **job}) + "\n")
            process.stdin.flush()
        return sorted(process.stdout.readline().strip() for process in self.processes)


@pytest.fixture
def race(on_each_store: Path, stored_requester: Requester) -> Iterator[Race]:
    """A race on each kind of store."""
    settings = load(on_each_store)
    with ExitStack() as stack:
        simulator = compose(settings, system_clock, RandomIds())
        stack.callback(simulator.store.close)
        register(simulator.store, stored_requester.metadata(), system_clock(), simulator.service_certificates)
        processes = tuple(stack.enter_context(_running(on_each_store)) for _ in range(2))
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        yield Race(Journey(simulator, Stub.of(settings, simulator), stored_requester), processes)
        for process in processes:
            process.stdin.close()
            assert process.wait(20) == 0


def _running(settings_file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.simulator.racer", str(settings_file)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(command, cwd=CHECKOUT, text=True, **pipes)


def resolve_one_artifact(race: Race) -> list[str]:
    artifact = issued(race.journey.simulator, race.journey.requester)
    bodies = [_question(race.journey.requester, artifact) for _ in race.processes]
    return race.run("resolve", *({"body": body} for body in bodies))


def get_the_same_question_for_one_artifact(race: Race) -> list[str]:
    body = _question(race.journey.requester, issued(race.journey.simulator, race.journey.requester))
    return race.run("resolve", {"body": body})


def get_the_same_request(race: Race) -> list[str]:
    return race.run("request", {"form": race.journey.request()})


def get_the_same_answer(race: Race) -> list[str]:
    journey = race.journey
    login = journey.begin()
    answer = journey.answer(journey.ask(login))
    return race.run("answer", {"form": listed(form("SAMLResponse", answer, login.id))})


def get_the_same_choice(race: Race) -> list[str]:
    login = race.journey.at_the_list()
    return race.run("choose", {"login": login.id, "token": race.journey.token(login, "glasblazerij")})


def _question(requester: Requester, artifact: str) -> str:
    return enveloped(requester.signed(requester.resolve(artifact))).decode()


# What two processes do at once, and what the one that loses is told.
RACES: dict[Callable[[Race], list[str]], str] = {
    resolve_one_artifact: "nothing found",
    get_the_same_question_for_one_artifact: "EH-RES-05",
    get_the_same_request: "EH-REQ-08",
    get_the_same_answer: "EH-STM-08",
    get_the_same_choice: "EH-FLW-04",
}


def test_ART_02_REQ_05_PRO_02_E21_of_two_processes_exactly_one_succeeds(race: Race, subtests):
    """One test, because the processes take longer to start than to run all of it."""
    for attempt, loser in RACES.items():
        with subtests.test(attempt.__name__):
            outcomes = Counter(tuple(attempt(race)) for _ in range(ROUNDS))
            assert outcomes == {tuple(sorted((loser, "won"))): ROUNDS}


# --- the same with threads of one process, over HTTP --------------------------------------------------------------


def at_once(count: int, act: Callable[[], Any]) -> list[Any]:
    """What `count` threads get that do the same at the same moment."""
    barrier = Barrier(count)

    def one(_: int) -> Any:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_PRO_02_one_answer_posted_eight_times_at_once(network, requester):
    login = begin(network, requester)
    fields = login.answer()
    statuses = Counter(answer.status_code for answer in at_once(8, lambda: login.post(fields)))
    assert statuses == {303: 1, 400: 7}


def test_E21_one_choice_posted_eight_times_at_once(network, requester):
    login, page = at_the_list(network, requester)
    token = choices(page)[1]
    answers = at_once(8, lambda: choose(login, page, token))
    issued_answers = [answer for answer in answers if "SAMLart=" in answer.headers.get("Location", "")]
    assert len(issued_answers) == 1
    assert {answer.status_code for answer in answers} == {303}
    assert FINISHED in login.browser.get(page.url, timeout=30).text
