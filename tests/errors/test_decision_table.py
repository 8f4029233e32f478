"""Every row of the table in docs/errors.md that ends with an answer for the service provider."""

from dataclasses import replace

import pytest

from broker.core.explanations import EXPLANATIONS
from broker.core.refusals import DenialReason
from broker.simulator.service_providers import register
from broker.web import login as screens
from broker.web import represent
from tests.errors.conftest import VAT
from tests.errors.told import asked, told, told_at_once
from tests.flow.answers import started
from tests.flow.steps import CANCEL, REFUSED, STOP_AT_STUB, WHOSE_BEHALF, choose, details, prove
from tests.requester import NS, form
from tests.simulator.answering import begin
from tests.simulator.outcome import NOT_TRUSTED

CANCELLED = (["Responder", "AuthnFailed"], "Authentication cancelled")
EH4, EH9 = (f"urn:etoegang:core:assurance-class:loa{level}" for level in (4, 9))
NO_RSIN, WITH_RSIN = "Kapsalon Wilde Haren", "Glasblazerij Zeepbel"


def levels(*classes: str, comparison: str = "minimum") -> str:
    inside = "".join(f"<saml:AuthnContextClassRef>{item}</saml:AuthnContextClassRef>" for item in classes)
    return f'<samlp:RequestedAuthnContext Comparison="{comparison}">{inside}</samlp:RequestedAuthnContext>'


def scoped(provider: str) -> str:
    return f'<samlp:Scoping><samlp:IDPList><samlp:IDPEntry ProviderID="{provider}"/></samlp:IDPList></samlp:Scoping>'


def at_the_stub(browser, network, requester, **changes):
    message = requester.signed(requester.request(network.simulator.addresses.sso, **changes))
    page = started(browser, requester, network.simulator.addresses.sso, form("SAMLRequest", message, "state"))
    return browser.submit(page.form())


def at_the_list(browser, network, requester, person="Fleur Voorbeeld", **changes):
    page = prove(browser, at_the_stub(browser, network, requester, **changes), person)
    return browser.submit(page.form())


def buttons(page) -> list[str]:
    return [" ".join(item.text_content().split()) for item in page.document.iter("button")]


def refused(browser, network, requester, page, code: str) -> None:
    """A page with the reason, on which the person can go back; only then the service provider hears of it."""
    assert page.heading == REFUSED
    assert details(page)["Code"] == code
    back = next(name for name in buttons(page) if name.startswith("Terug naar"))
    codes, text = told(network, requester, browser.submit(page.form(back)).url)
    assert codes == ["Responder", "AuthnFailed"]
    assert text == f"{code}: {EXPLANATIONS[DenialReason(code)].reason.nl}"


def test_ERR_01_the_person_stops_at_the_authentication_service(network, requester, browser):
    page = browser.submit(at_the_stub(browser, network, requester).form(STOP_AT_STUB))
    assert told(network, requester, browser.submit(page.form()).url) == CANCELLED


def test_ERR_01_the_person_stops_at_the_choice_of_an_organisation(network, requester, browser):
    page = at_the_list(browser, network, requester)
    assert told(network, requester, browser.submit(page.form(CANCEL)).url) == CANCELLED


def test_ERR_01_the_person_stops_at_the_choice_of_an_authentication_service(network_of_two, make_requester, browser):
    requester = make_requester(network_of_two)
    sso = network_of_two.simulator.addresses.sso
    page = started(browser, requester, sso, form("SAMLRequest", requester.signed(requester.request(sso)), "state"))
    assert told(network_of_two, requester, browser.submit(page.form(CANCEL)).url) == CANCELLED


def test_ERR_02_means_of_too_low_a_level(network, requester, browser):
    """The authentication service says why and offers to stop; until then nobody is told anything."""
    page = prove(browser, at_the_stub(browser, network, requester), "Bram Proef", "EH2+")
    assert page.url.startswith(network.stub)
    page = browser.submit(page.form(STOP_AT_STUB))
    assert told(network, requester, browser.submit(page.form()).url) == CANCELLED


def test_ERR_03_no_mandate(network, requester, browser):
    page = at_the_list(browser, network, requester, "Nina Nul")
    refused(browser, network, requester, page, "NO_MANDATE")


def test_ERR_04_several_mandates(network, requester, browser):
    page = at_the_list(browser, network, requester)
    assert page.heading == WHOSE_BEHALF
    arrived = choose(browser, page, WITH_RSIN)
    assert arrived.url.startswith(requester.consumer)


def test_ERR_05_only_a_bsn_is_left_for_a_sole_trader(demanding_network, make_requester, browser):
    """Other means may be used; the same statement is not tried again."""
    requester = make_requester(demanding_network)
    page = choose(browser, at_the_list(browser, demanding_network, requester), NO_RSIN)
    assert "Log in met een ander middel" in buttons(page)
    refused(browser, demanding_network, requester, page, "BSN_NOT_AVAILABLE")


def test_ERR_05_an_organisation_that_has_the_first_set_needs_no_bsn(demanding_network, make_requester, browser):
    requester = make_requester(demanding_network)
    arrived = choose(browser, at_the_list(browser, demanding_network, requester), WITH_RSIN)
    assert arrived.url.startswith(requester.consumer)


def test_ERR_06_a_level_above_the_catalogue(network, requester):
    assert told_at_once(network, requester, children=[levels(EH4)]) == (
        ["Requester", "RequestUnsupported"],
        "Level of assurance not supported",
    )


def test_ERR_07_a_lower_level_than_asked(network, requester):
    login = begin(network, requester)

    def lower(made):
        made.find(".//saml:AuthnContextClassRef", NS).text = "urn:etoegang:core:assurance-class:loa2"

    answer = login.post(login.answer(lower))
    assert answer.status_code == 400
    assert NOT_TRUSTED in answer.text
    assert "Location" not in answer.headers


def test_ERR_08_a_service_that_asks_a_bsn_of_everybody(demanding_network, make_requester):
    codes, text = told_at_once(demanding_network, make_requester(demanding_network, "kvk"), **{INDEX: "9001"})
    assert codes == ["Responder", "RequestUnsupported"]
    assert "BSN" in text


def asking_for(network, requester, attribute: str):
    """The same service provider, whose metadata asks for one attribute more."""
    asking = replace(requester, requested=(attribute,))
    register(network.simulator.store, asking.metadata(), network.clock(), {})
    return asking


def test_ERR_08_a_required_attribute_that_this_organisation_lacks(demanding_network, make_requester, browser):
    requester = asking_for(demanding_network, make_requester(demanding_network, "gemeente", entity=9057), VAT)
    page = at_the_list(browser, demanding_network, requester, **{INDEX: "9001"})
    refused(browser, demanding_network, requester, choose(browser, page, NO_RSIN), "ATTRIBUTE_NOT_AVAILABLE")


def test_ERR_08_a_required_attribute_that_nobody_delivers(network, make_requester):
    name = '" isRequired="true" FriendlyName="x'
    requester = asking_for(network, make_requester(network, entity=9058), f"urn:etoegang:1.9:attribute:FirstName{name}")
    codes, text = told_at_once(network, requester)
    assert codes == ["Responder", "RequestUnsupported"]
    assert text.startswith("The service cannot do without an attribute")


INDEX = "AttributeConsumingServiceIndex"
UNSUPPORTED = {
    "ERR_09_unknown_index": ({INDEX: "77"}, "The requested service is not in the metadata of the service provider."),
    "ERR_10_passive": ({"IsPassive": "true"}, "Login without screens (IsPassive) is not possible."),
    "ERR_10_comparison": (
        {"children": [levels(EH4, comparison="exact")]},
        "Only a minimum level can be asked for.",
    ),
    "ERR_10_unknown_level": (
        {"children": [levels(EH9)]},
        "Not exactly one known level of assurance is asked for.",
    ),
    "ERR_11_unknown_preselection": (
        {"children": [scoped("urn:etoegang:AD:00000099000000099999:entities:9001")]},
        "The authentication service asked for is unknown.",
    ),
}


@pytest.mark.parametrize("row", UNSUPPORTED)
def test_a_request_that_cannot_be(network, requester, row):
    changes, text = UNSUPPORTED[row]
    assert told_at_once(network, requester, **changes) == (["Requester", "RequestUnsupported"], text)


def test_ERR_09_a_service_that_is_not_in_the_catalogue(network, make_requester):
    other = make_requester(network, entity=9059)
    service = {9001: "urn:etoegang:DV:00000099000000110000:services:1"}
    requester = replace(other, services=service)
    register(network.simulator.store, requester.metadata(), network.clock(), {})
    codes, text = told_at_once(network, requester)
    assert codes == ["Requester", "RequestUnsupported"]
    assert text == "The requested service is not in the service catalogue."


@pytest.mark.parametrize(
    "changes",
    [
        {"Version": "3.0"},
        {"IssueInstant": "2020-01-01T00:00:00Z"},
        {"Destination": "https://elsewhere.invalid/"},
        {"AssertionConsumerServiceIndex": "2"},
        {"issuer": "urn:nobody"},
    ],
    ids=["version", "expired", "destination", "no-address", "issuer"],
)
def test_ERR_12_a_message_that_cannot_be_trusted(network, requester, changes):
    answer = asked(network, requester, **changes)
    assert answer.status_code == 400
    assert NOT_TRUSTED in answer.text
    assert "Location" not in answer.headers


def test_ERR_15_a_failure_of_the_broker_itself(network, requester, browser, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("a fault that nobody foresaw")

    page = at_the_stub(browser, network, requester)
    monkeypatch.setattr(represent.representation, "selection", broken)
    arrived = browser.submit(prove(browser, page, "Fleur Voorbeeld").form())
    assert told(network, requester, arrived.url) == (["Responder"], "Internal error")


def test_ERR_15_when_even_that_fails_there_is_a_page(network, requester, browser, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("a fault that nobody foresaw")

    page = at_the_stub(browser, network, requester)
    monkeypatch.setattr(represent.representation, "selection", broken)
    monkeypatch.setattr(screens.issuing, "end", broken)
    shown = browser.submit(prove(browser, page, "Fleur Voorbeeld").form())
    assert shown.status == 500
    assert details(shown)["Code"] == "EH-SIM-00"


def declining(made) -> None:
    """The authentication service says that it cannot do this, and why."""
    codes = list(made.iter("{*}StatusCode"))
    codes[1].set("Value", "urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported")
    made.find("samlp:Status/samlp:StatusMessage", NS).text = "Storing\n <b>tot</b> 12 uur"


def test_ERR_16_an_authentication_service_that_cannot_and_there_is_no_other(network, requester):
    login = begin(network, requester)
    answer = login.post(login.cancelled(declining))
    shown = login.browser.get(network.broker + answer.headers["Location"], allow_redirects=False, timeout=30)
    assert told(network, requester, shown.headers["Location"]) == (
        ["Responder", "RequestUnsupported"],
        "Storing <b>tot</b> 12 uur",
    )


def test_ERR_16_an_authentication_service_that_cannot_and_there_is_another(network_of_two, make_requester):
    requester = make_requester(network_of_two)
    first = next(iter(network_of_two.simulator.authentication_services))
    login = begin(network_of_two, requester, first)
    page = login.follow(login.post(login.cancelled(declining)))
    assert "De authenticatiedienst zegt daarover: Storing &lt;b&gt;tot&lt;/b&gt; 12 uur" in page.text
    assert "Kies een andere authenticatiedienst" in page.text


def test_every_text_and_code_is_a_setting(worded_network, make_requester, browser):
    network = worded_network
    tax, kvk = make_requester(network), make_requester(network, "kvk")
    unsupported = "RequestUnsupported"
    assert told_at_once(network, tax, children=[levels(EH4)]) == (["Responder", unsupported], "Niveau kan niet")
    assert told_at_once(network, kvk, **{INDEX: "9001"}) == (["Requester", unsupported], "Gegeven kan niet")
    assert told_at_once(network, tax, IsPassive="true") == (["Requester", unsupported], "Kan niet")
    page = at_the_list(browser, network, tax)
    stopped = told(network, tax, browser.submit(page.form(CANCEL)).url)
    assert stopped == (["Responder", "AuthnFailed"], "Gestopt")
    assert network.simulator.statuses.failed.message == "Storing"
