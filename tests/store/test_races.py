"""Two processes, one prize: in every turn exactly one of them wins."""

import multiprocessing
from datetime import timedelta

import pytest

from broker.store import artifacts, logins
from broker.store.artifacts import WaitingAnswer
from broker.store.logins import PendingLogin
from tests.core.register_values import NOON
from tests.store.racing import claim_message, race, take_artifact, take_step

TURNS, PROCESSES = 40, 2


@pytest.mark.parametrize("move", [take_artifact, claim_message, take_step])
def test_in_every_turn_one_process_wins(url, store, move):
    def prepare(tx):
        for turn in range(TURNS):
            artifacts.put(tx, b"%d" % turn, WaitingAnswer("sp", b"payload", NOON + timedelta(minutes=1), "login"))
            logins.create(tx, PendingLogin(f"login-{turn}", "choose", NOON, "{}"))

    store.write(prepare)
    spawn = multiprocessing.get_context("spawn")
    start, won = spawn.Barrier(PROCESSES), spawn.Queue()
    racers = [spawn.Process(target=race, args=(url, move, TURNS, start, won)) for _ in range(PROCESSES)]
    for racer in racers:
        racer.start()
    turns = [turn for _ in racers for turn in won.get(timeout=60)]
    for racer in racers:
        racer.join(30)
    assert sorted(turns) == list(range(TURNS))
