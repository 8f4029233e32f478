"""A login is a use of a mandate, so who logs in does not lapse; what does not end in a login is no use."""

from datetime import date, timedelta

import pytest

from broker.core.clock import amsterdam_date
from broker.core.refusals import DenialReason
from broker.simulator import issuing
from broker.store.tables import recent_entries
from tests.flow.register import forget_shortcuts, in_use
from tests.flow.steps import CANCEL, GO_ON, authenticated
from tests.flow.test_refusals import assert_refused

MEANS = "otto-eh3"


@pytest.fixture
def last_used(changing_network, changes):
    """last_used(days): Otto Enkel last used a mandate that many days ago. last_used(): when it was, by the register."""

    def look_or_set(days: int | None = None) -> date:
        person = in_use(changing_network.simulator.store, MEANS).person
        if days is None:
            return person.last_used_on
        day = amsterdam_date(changing_network.clock()) - timedelta(days=days)
        changes.make(person, last_used_on=day)
        return day

    return look_or_set


def log_in(browser, changing_network):
    return authenticated(browser, changing_network, "gemeente", 9001, "Otto Enkel")


def test_a_login_counts_as_use(changing_network, browser, last_used):
    last_used(700)
    page = browser.submit(log_in(browser, changing_network).form(GO_ON))
    assert page.heading.startswith("U handelt namens")
    assert last_used() == amsterdam_date(changing_network.clock())


def test_a_login_that_is_cancelled_or_refused_does_not(changing_network, browser, last_used):
    day = last_used(700)
    browser.submit(log_in(browser, changing_network).form(CANCEL))
    assert last_used() == day
    day = last_used(800)
    assert_refused(log_in(browser, changing_network), DenialReason.USER_LAPSED)
    assert last_used() == day


def test_a_login_that_fails_at_the_last_moment_does_not(changing_network, browser, last_used, monkeypatch):
    """Both are one transaction."""
    day = last_used(700)
    page = log_in(browser, changing_network)
    forget_shortcuts(changing_network.simulator.store)
    monkeypatch.setattr(issuing.attempt, "answer", _fail)
    assert browser.submit(page.form(GO_ON)).status == 500
    assert last_used() == day
    assert changing_network.simulator.store.read(lambda tx: tx.execute(recent_entries.select()).all()) == []


def _fail(*_values):
    raise RuntimeError("the machine stopped")
