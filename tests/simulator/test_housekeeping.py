"""What has expired is forgotten, once a minute, and what has not is kept."""

from datetime import timedelta

import sqlalchemy as sa

from broker.simulator.housekeeping import Housekeeping, tidy
from broker.store.tables import artifacts, claims, pending_logins
from tests.rules.contexts import NOW
from tests.simulator.answering import begin
from tests.simulator.test_artifacts import issued


def rows(network) -> tuple[int, int, int]:
    """How many logins, answers and claimed ids there are."""
    tables = (pending_logins, artifacts, claims)
    return network.simulator.store.read(
        lambda tx: tuple(tx.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables)
    )


def test_logins_answers_and_ids_are_forgotten_each_in_its_own_time(own_network, make_requester):
    requester = make_requester(own_network)
    begin(own_network, requester)
    issued(own_network.simulator, requester)
    assert rows(own_network) == (1, 1, 1)
    for passed, kept in (
        (timedelta(minutes=1), (1, 1, 1)),
        (timedelta(minutes=3), (1, 0, 1)),
        (timedelta(minutes=70), (1, 0, 1)),
        (timedelta(minutes=80), (0, 0, 1)),
        (timedelta(days=365), (0, 0, 1)),
        (timedelta(days=367), (0, 0, 0)),
    ):
        own_network.clock.offset = passed
        tidy(own_network.simulator)
        assert rows(own_network) == kept


def test_one_of_many_requests_in_a_minute_tidies():
    keeping = Housekeeping()
    assert [keeping.is_due(NOW + timedelta(seconds=seconds)) for seconds in (0, 1, 59, 60, 61)] == [
        *(True, False, False),
        *(True, False),
    ]


def test_a_clock_that_was_set_back_does_not_stop_it():
    keeping = Housekeeping()
    keeping.is_due(NOW)
    assert keeping.is_due(NOW - timedelta(hours=1))
