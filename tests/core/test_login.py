"""A login takes its steps in one order, for one browser, for a while (PRO-05)."""

from datetime import UTC, datetime, timedelta

import pytest

from broker.core import login as attempt
from broker.core.assurance import AssuranceLevel
from broker.core.errors import LoginExpired, LoginUnknown, StepOutOfOrder
from broker.core.login import Addressed, Arrival, Asked, Authenticated, Login, Sent, Step, digest_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
END = NOW + timedelta(minutes=15)
SENT = Sent("urn:etoegang:AD:00000099000000020000:entities:9001", "_question")
PROVEN = Authenticated(SENT.authentication_service, "A" * 32, AssuranceLevel.EH3, "A" * 64, "<Assertion/>")
ARRIVED, CANCELLED = Arrival(digest_of("token"), PROVEN), Arrival(digest_of("token"), None)


@pytest.fixture
def begun() -> Login:
    to = Addressed("urn:etoegang:DV:00000099000000110000:entities:9001", "_request", "http://127.0.0.1:8082/acs", None)
    return attempt.start("login", Asked(to, "urn:service", AssuranceLevel.EH3), NOW, END)


@pytest.fixture
def bound(begun) -> Login:
    return attempt.bind(begun, "browser", NOW)


@pytest.fixture
def accepted(bound) -> Login:
    return attempt.accept(attempt.arrive(attempt.send(bound, SENT, NOW), ARRIVED, NOW), "token", "browser-2", NOW)


@pytest.fixture
def answered(accepted) -> Login:
    return attempt.answer(accepted, "answered", "", NOW)


def test_the_steps_in_their_order(accepted, answered):
    assert (accepted.step, accepted.authenticated, accepted.arrival) == (Step.REPRESENT, PROVEN, None)
    assert [event.what for event in answered.history] == ["started", "bound", "sent", "arrived", "accepted", "answered"]


def test_WEB_06_the_reference_of_before_authentication_no_longer_counts(bound, accepted):
    assert accepted.browser == "browser-2"
    with pytest.raises(LoginUnknown):
        attempt.require_browser(accepted, bound.browser)


@pytest.mark.parametrize("browser", [None, "", "another"])
def test_PRO_05_a_login_knows_its_browser_only(bound, begun, browser):
    attempt.require_browser(bound, "browser")
    with pytest.raises(LoginUnknown):
        attempt.require_browser(bound, browser)
    with pytest.raises(LoginUnknown):
        attempt.require_browser(begun, browser)


def test_PRO_05_a_login_is_bound_once(bound):
    with pytest.raises(LoginUnknown):
        attempt.bind(bound, "another", NOW)
    with pytest.raises(LoginUnknown):
        attempt.bind(bound, "browser", NOW)


@pytest.mark.parametrize("arrival", [None, CANCELLED, Arrival(digest_of("another"), PROVEN)])
def test_PRO_05_only_the_token_of_an_authenticated_answer_counts(bound, arrival):
    waiting = attempt.send(bound, SENT, NOW)
    with pytest.raises(StepOutOfOrder):
        attempt.accept(waiting if arrival is None else attempt.arrive(waiting, arrival, NOW), "token", "browser-2", NOW)


def test_PRO_01_a_step_that_was_taken_cannot_be_taken_again(accepted, answered):
    for later in (accepted, answered):
        for again in (
            lambda login: attempt.send(login, SENT, NOW),
            lambda login: attempt.arrive(login, ARRIVED, NOW),
            lambda login: attempt.accept(login, "token", "browser-2", NOW),
        ):
            with pytest.raises(StepOutOfOrder):
                again(later)
    with pytest.raises(StepOutOfOrder):
        attempt.restart(answered, NOW)
    with pytest.raises(StepOutOfOrder):
        attempt.answer(answered, "answered", "", NOW)


def test_PRO_01_an_answer_that_waits_in_a_login_that_was_answered_is_not_accepted(bound):
    """A state that no step leads to: the step is asked before the token."""
    odd = attempt.replace(attempt.arrive(bound, ARRIVED, NOW), step=Step.ANSWERED)
    with pytest.raises(StepOutOfOrder, match="is at answered"):
        attempt.accept(odd, "token", "browser-2", NOW)


def test_a_login_cannot_go_back_before_there_is_something_to_go_back_from(bound):
    with pytest.raises(StepOutOfOrder):
        attempt.restart(bound, NOW)


def test_a_login_lasts_until_its_end(begun):
    attempt.require_alive(begun, END - timedelta(microseconds=1))
    with pytest.raises(LoginExpired):
        attempt.require_alive(begun, END)
