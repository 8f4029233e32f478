"""A service provider that was removed is a stranger, whatever it was in the middle of."""

from collections.abc import Callable

import pytest

from broker.core.errors import LoginUnknown
from broker.simulator import issuing
from broker.simulator.service_providers import remove
from tests.flow.answers import answer, started
from tests.flow.test_logout import subject
from tests.interop.driver import Browser
from tests.network import Network, register_at
from tests.requester import Listening, Requester, form, soap
from tests.simulator.artifacts import issued
from tests.simulator.journey import BROWSER, Journey, Stub
from tests.simulator.outcome import Watch


@pytest.fixture
def leaving(network: Network, make_requester: Callable[..., Requester]) -> Listening:
    """One that is registered, takes answers to its logout requests, and goes during the test."""
    made = Listening.of(make_requester(network), entity=9078)
    register_at(network, made.metadata())
    return made


def test_an_answer_that_waits_for_it_is_not_given(watch: Watch, network, leaving):
    artifact = issued(network.simulator, leaving)
    assert remove(network.simulator.store, leaving.entity_id)
    resolution = network.simulator.addresses.resolution
    watch.faults(lambda: soap(resolution, leaving.signed(leaving.resolve(artifact))), "EH-SND-01")
    assert not remove(network.simulator.store, leaving.entity_id)


def test_a_login_under_way_ends_without_an_answer(network, leaving):
    journey = Journey(network.simulator, Stub.of(network.settings, network.simulator), leaving)
    login = journey.at_the_list()
    token = journey.token(login, "Glasblazerij")
    remove(network.simulator.store, leaving.entity_id)
    with pytest.raises(LoginUnknown, match="no longer registered"):
        issuing.issue(network.simulator, login.id, BROWSER, token)


def test_a_logout_under_way_sends_the_browser_nowhere(watch: Watch, network, leaving):
    login = answer(network, leaving, "Otto Enkel")
    slo = network.simulator.addresses.logout
    message = leaving.signed(leaving.logout(slo, subject(login).text))
    with Browser() as browser:
        page = started(browser, leaving, slo, form("SAMLRequest", message, None))
        last = browser.submit(page.form())
        remove(network.simulator.store, leaving.entity_id)
        watch.log.clear()
        assert browser.submit(last.form()).status == 400
    assert [line.split()[0] for line in watch.rejection()["detail"]] == ["EH-LGO-25"]
