"""What a service provider may ask besides a service: another name, a new login, a level, an authentication service."""

import base64

import pytest
from lxml import etree

from tests import second_service
from tests.flow.answers import started
from tests.flow.steps import STOP_AT_STUB, prove
from tests.interop.page import Page
from tests.network import Network
from tests.requester import NS, Requester

FIRST = "urn:etoegang:AD:00000099000000020000:entities:9001"
EH2_PLUS, EH3 = (f"urn:etoegang:core:assurance-class:{level}" for level in ("loa2plus", "loa3"))
CHOOSE = "Waar wilt u inloggen?"


def scoped(entity_id: str) -> dict[str, list[str]]:
    """A request that chooses the authentication service."""
    entry = f'<samlp:Scoping><samlp:IDPList><samlp:IDPEntry ProviderID="{entity_id}"/></samlp:IDPList></samlp:Scoping>'
    return {"children": [entry]}


def first_page(network: Network, browser, requester: Requester, **changes) -> Page:
    sso = network.simulator.addresses.sso
    return started(browser, requester, sso, requester.begin(sso, **changes))


def question(page: Page) -> etree._Element:
    """The AuthnRequest that the page sends to an authentication service."""
    return etree.fromstring(base64.b64decode(page.form().fields["SAMLRequest"]))


@pytest.fixture
def asking(network_of_two, make_requester) -> Requester:
    return make_requester(network_of_two)


def test_without_preselection_the_person_chooses(network_of_two, browser, asking):
    page = first_page(network_of_two, browser, asking)
    values = {item.get("value") for item in page.document.xpath("//input[@name='choice']")}
    assert values == {FIRST, second_service.ENTITY_ID}


@pytest.mark.parametrize("wanted", [FIRST, second_service.ENTITY_ID])
def test_preselection_skips_the_choice(network_of_two, browser, asking, wanted):
    page = first_page(network_of_two, browser, asking, **scoped(wanted))
    known = network_of_two.simulator.authentication_services[wanted]
    assert page.heading == f"U gaat naar {known.names.nl}"
    assert page.form().action == known.sso_location
    assert question(page).get("Destination") == known.sso_location


def test_who_stops_at_a_preselected_service_goes_back_to_the_service_provider(network_of_two, browser, asking):
    page = first_page(network_of_two, browser, asking, **scoped(second_service.ENTITY_ID))
    page = browser.submit(browser.submit(page.form()).form(STOP_AT_STUB))
    arrived = browser.submit(page.form())
    assert arrived.url.startswith(f"{asking.consumer}?SAMLart=")


def test_who_stops_at_a_chosen_service_may_choose_another(network_of_two, browser, asking):
    page = first_page(network_of_two, browser, asking)
    form = page.form("Ga verder").fill({"choice": second_service.ENTITY_ID})
    page = browser.submit(browser.submit(browser.submit(form).form()).form(STOP_AT_STUB))
    page = browser.submit(page.form())
    assert not page.url.startswith(asking.consumer)
    assert page.status == 200


@pytest.mark.parametrize(
    ("asked", "passed_on"), [("true", "true"), ("1", "true"), ("false", None), ("0", None), (None, None)]
)
def test_a_new_login_is_asked_of_the_authentication_service_too(network, browser, requester, asked, passed_on):
    page = first_page(network, browser, requester, ForceAuthn=asked)
    assert question(page).get("ForceAuthn") == passed_on


@pytest.mark.parametrize(("asked", "minimum"), [(None, EH3), (EH3, EH3), (EH2_PLUS, EH2_PLUS)])
def test_the_authentication_service_gets_the_minimum_that_was_asked_or_that_of_the_catalogue(
    network, browser, requester, asked, minimum
):
    context = (
        f'<samlp:RequestedAuthnContext Comparison="minimum"><saml:AuthnContextClassRef>{asked}'
        "</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>"
    )
    sent = question(first_page(network, browser, requester, children=[context] if asked else []))
    found = sent.find("samlp:RequestedAuthnContext", NS)
    assert found.get("Comparison") == "minimum"
    assert [item.text for item in found] == [minimum]


def test_the_name_of_the_provider_is_on_every_screen_and_goes_to_the_authentication_service(
    network_of_two, browser, asking
):
    shown = "Aangifte vennootschapsbelasting (Mijn belastingzaken)"
    page = first_page(network_of_two, browser, asking, ProviderName="Mijn belastingzaken")
    assert shown in page.text
    page = browser.submit(page.form("Ga verder").fill({"choice": FIRST}))
    assert question(page).get("ProviderName") == "Mijn belastingzaken"
    page = browser.submit(page.form())
    assert "Mijn belastingzaken" in page.text
    page = browser.submit(prove(browser, page, "Fleur Voorbeeld").form())
    assert shown in page.text


def test_without_a_name_the_catalogue_names_the_provider(network, browser, requester):
    page = first_page(network, browser, requester)
    assert question(page).get("ProviderName") == "Belastingdienst (test)"
