"""An artifact reaches the service provider in the address or in a form, as the service provider wants it (ART)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree

from tests.flow.answers import started
from tests.flow.steps import CANCEL, GO_ON, authenticated, choose, prove
from tests.interop.page import Page
from tests.network import Network, running_network
from tests.requester import NS, Requester

BACK = "U gaat terug naar de dienstverlener"
POSTED = {
    "urn:etoegang:DV:00000099000000110000:entities:9055": {"artifact_delivery": "post"},
    "urn:etoegang:DV:00000099000000140000:entities:9001": {"artifact_delivery": "post"},
}


@pytest.fixture(scope="session")
def posting_network(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """A network in which one requester and one demo portal get artifacts by POST."""
    folder = tmp_path_factory.mktemp("posting_network")
    with running_network(folder, installation=installation, service_providers=POSTED) as running:
        yield running


@pytest.fixture
def posted_to(posting_network: Network, make_requester: Callable[..., Requester]) -> Requester:
    return make_requester(posting_network)


def at_the_list(network: Network, browser, requester: Requester, relay_state: str | None = "é" * 40, **changes) -> Page:
    sso = network.simulator.addresses.sso
    page = started(browser, requester, sso, requester.begin(sso, relay_state, **changes))
    return browser.submit(prove(browser, browser.submit(page.form()), "Fleur Voorbeeld").form())


def collected(network: Network, requester: Requester, page: Page) -> etree._Element:
    """The Response behind the artifact in the form on `page`."""
    artifact = page.form().fields["SAMLart"]
    (response,) = requester.collect(network.simulator.addresses.resolution, artifact).findall("samlp:Response", NS)
    return response


def test_ART_16_an_artifact_by_post_is_a_form_that_works_without_javascript(posting_network, browser, posted_to):
    page = choose(browser, at_the_list(posting_network, browser, posted_to), "Glasblazerij")
    assert (page.status, page.heading) == (200, BACK)
    form = page.form(GO_ON)
    assert (form.method, form.action) == ("POST", posted_to.consumer)
    assert form.fields.keys() == {"SAMLart", "RelayState"}
    assert form.fields["RelayState"] == "é" * 40
    assert "SAMLart" not in page.url
    policy = page.response.headers["Content-Security-Policy"]
    assert f"form-action 'self' {posted_to.consumer.partition('/acs')[0]};" in policy
    assert "'unsafe-inline'" not in policy
    assert page.response.headers["Cache-Control"] == "no-cache, no-store"

    response = collected(posting_network, posted_to, page)
    assert response.get("Destination") == posted_to.consumer
    assert response.find("saml:Assertion", NS) is not None
    arrived = browser.submit(form)
    assert (arrived.heading, arrived.url) == ("arrived", posted_to.consumer)


def test_an_artifact_by_post_goes_to_an_address_with_a_query_as_it_is(posting_network, browser, posted_to):
    page = at_the_list(posting_network, browser, posted_to, None, AssertionConsumerServiceIndex="1")
    form = choose(browser, page, "Glasblazerij").form(GO_ON)
    assert form.action == f"{posted_to.consumer}/second?x=1"
    assert form.fields.keys() == {"SAMLart"}


def test_that_the_person_stopped_goes_by_post_too(posting_network, browser, posted_to):
    page = browser.submit(at_the_list(posting_network, browser, posted_to).form(CANCEL))
    assert page.heading == BACK
    status = collected(posting_network, posted_to, page).find("samlp:Status/samlp:StatusCode/samlp:StatusCode", NS)
    assert status.get("Value") == "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"


def test_that_a_request_cannot_be_met_goes_by_post_too(posting_network, browser, posted_to):
    sso = posting_network.simulator.addresses.sso
    page = started(browser, posted_to, sso, posted_to.begin(sso, IsPassive="true"))
    assert page.heading == BACK
    status = collected(posting_network, posted_to, page).find("samlp:Status/samlp:StatusCode/samlp:StatusCode", NS)
    assert status.get("Value") == "urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported"


def test_going_back_to_the_form_offers_no_second_artifact(posting_network, browser, posted_to):
    page = at_the_list(posting_network, browser, posted_to)
    choose(browser, page, "Glasblazerij")
    assert choose(browser, page, "Glasblazerij").heading == "Deze login is al afgerond"


def test_the_demo_portal_takes_an_artifact_by_post(posting_network, browser):
    page = choose(browser, authenticated(browser, posting_network, "gemeente", 9001, "Fleur Voorbeeld"), "Glasblazerij")
    assert page.heading == BACK
    assert browser.submit(page.form(GO_ON)).heading.startswith("U handelt namens KvK-nummer 68727720")


def test_others_get_theirs_in_the_address(posting_network, browser, make_requester):
    requester = make_requester(posting_network, "kvk")
    page = choose(browser, at_the_list(posting_network, browser, requester), "Glasblazerij")
    assert page.url.startswith(f"{requester.consumer}?SAMLart=")
