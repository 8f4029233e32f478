"""The steps of a login that no message carries: whose browser it is, which service may be asked, which page it was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broker.core import login as attempt
from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Catalogue
from broker.core.errors import LoginUnknown, StepOutOfOrder, UntrustedMessage
from broker.core.links import LinkKind, LinkReference
from broker.core.login import Login
from broker.simulator import authentication, logout, pending
from broker.simulator.logout import Onward
from broker.simulator.parties import AUTHENTICATION_SERVICE
from broker.store import sessions
from broker.store.sessions import KnownSession
from tests.requester import form
from tests.simulator.journey import BROWSER, Journey, Stub, listed

STUB = AUTHENTICATION_SERVICE.entity_id
LINK = LinkReference(LinkKind.DIRECT, "link")


@pytest.fixture
def journey(network, requester) -> Journey:
    return Journey(network.simulator, Stub.of(network.settings, network.simulator), requester)


@pytest.fixture
def begun(journey) -> Login:
    return journey.begin()


@pytest.mark.parametrize("browser", [None, "", "another-browser"])
def test_PRO_05_a_login_is_not_shown_to_another_browser(journey, begun, browser):
    simulator = journey.simulator
    assert pending.find(simulator, begun.id, BROWSER) == pending.bound(simulator, begun.id, BROWSER) == begun
    with pytest.raises(LoginUnknown):
        pending.find(simulator, begun.id, browser)
    with pytest.raises(LoginUnknown):
        pending.bound(simulator, begun.id, browser)


def test_PRO_05_a_login_that_never_was_is_nobodys(journey):
    for step in (pending.find, pending.bound):
        with pytest.raises(LoginUnknown):
            step(journey.simulator, "nothing", BROWSER)


def test_PRO_07_only_a_service_that_is_offered_is_asked(journey, begun):
    with pytest.raises(LoginUnknown, match="cannot be used here"):
        authentication.ask(journey.simulator, begun.id, BROWSER, "urn:etoegang:AD:00000099000000099999:entities:9001")
    assert pending.find(journey.simulator, begun.id, BROWSER) == begun


def test_PRO_20_a_service_that_does_not_reach_the_level_is_not_offered(journey, begun):
    weak = replace(journey.simulator.authentication_services[STUB], maximum_level=AssuranceLevel.EH2_PLUS)
    weaker = replace(journey.simulator, authentication_services={STUB: weak})
    assert [item.entity_id for item in authentication.options(journey.simulator, begun)] == [STUB]
    assert authentication.options(weaker, begun) == ()
    with pytest.raises(LoginUnknown, match="cannot be used here"):
        authentication.ask(weaker, begun.id, BROWSER, STUB)


def test_EH_02_nothing_is_asked_for_a_service_that_was_withdrawn(journey, begun):
    without = replace(journey.simulator, catalogue=Catalogue({}))
    with pytest.raises(LoginUnknown, match="withdrawn"):
        authentication.ask(without, begun.id, BROWSER, STUB)


def test_PRO_05_only_its_own_token_stops_a_login(journey, begun):
    stopped = listed(form("SAMLResponse", journey.stop(journey.ask(begun)), begun.id))
    waiting = pending.find(journey.simulator, begun.id, BROWSER)
    assert not authentication.was_refused(waiting, "another")
    token = authentication.receive(journey.simulator, stopped).token
    waiting = pending.find(journey.simulator, begun.id, BROWSER)
    assert authentication.was_refused(waiting, token)
    assert not authentication.was_refused(waiting, "another")


def test_PRO_05_the_token_of_somebody_who_authenticated_stops_nothing(journey, begun):
    answer = listed(form("SAMLResponse", journey.answer(journey.ask(begun)), begun.id))
    token = authentication.receive(journey.simulator, answer).token
    assert not authentication.was_refused(pending.find(journey.simulator, begun.id, BROWSER), token)


def test_PRO_01_a_choice_counts_for_one_page_of_one_login(journey, begun):
    tokens = journey.simulator.tokens
    token = tokens.make(begun, LINK)
    assert tokens.read(begun, token) == LINK
    with pytest.raises(StepOutOfOrder):
        tokens.read(attempt.note(begun, "denied", "", begun.started_at), token)
    with pytest.raises(StepOutOfOrder):
        tokens.read(replace(begun, id="another"), token)
    with pytest.raises(UntrustedMessage) as caught:
        tokens.read(begun, token + "x")
    assert [finding.rule for finding in caught.value.findings] == ["EH-CHO-01"]


def test_REQ_12_a_logout_goes_only_where_the_login_was(journey, requester):
    """The authentication service of that login may have left the network since."""
    simulator = journey.simulator
    here, gone = KnownSession(STUB, "transient"), KnownSession("urn:gone", "transient")
    for name, session in (("here", here), ("gone", gone)):
        end = simulator.clock() + timedelta(hours=1)
        simulator.store.write(
            lambda tx, name=name, session=session, end=end: sessions.put(tx, requester.entity_id, name, session, end)
        )
    for name, known in (("here", True), ("gone", False), ("nowhere", False)):
        message = requester.signed(requester.logout(simulator.addresses.logout, name))
        taken = logout.receive_post(simulator, listed(form("SAMLRequest", message, None)))
        if known:
            assert isinstance(taken, Onward)
        else:
            assert [finding.rule for finding in taken.findings] == ["EH-LGO-09"]
