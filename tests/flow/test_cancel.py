"""Whoever stops, wherever, comes back at the portal, which is told Responder/AuthnFailed."""

import pytest

from broker.core.explanations import EXPLANATIONS
from broker.core.mandates import ChainStatus
from broker.core.refusals import DenialReason
from tests.flow.register import chain_link
from tests.flow.steps import (
    CANCEL,
    CANCELLED,
    GO_ON,
    STOP_AT_STUB,
    WHOSE_BEHALF,
    authenticated,
    choose,
    details,
    prove,
    to_broker,
    to_stub,
)
from tests.interop.page import Page

CHOOSE_SERVICE = "Kies waar u inlogt"
NOT_YET = "U bent nog niet ingelogd"
SECOND = "Tweede Authenticatiedienst B"


def assert_cancelled(network, page: Page, portal: str = "gemeente", *, told: str = "Authentication cancelled") -> None:
    assert page.url == f"{network.demo}/portal/{portal}/outcome"
    assert page.heading == CANCELLED
    assert details(page) == {
        "Bericht van de makelaar": told,
        "Status": "Responder / AuthnFailed",
    }


def test_cancel_at_the_authentication_service(network, browser):
    page = browser.submit(to_stub(browser, network, "gemeente", 9001).form(STOP_AT_STUB))
    assert_cancelled(network, browser.submit(page.form()))


def test_cancel_after_a_refusal_at_the_authentication_service(network, browser):
    page = prove(browser, to_stub(browser, network, "gemeente", 9001), "Bram Proef", "EH2+")
    page = browser.submit(page.form(STOP_AT_STUB))
    assert_cancelled(network, browser.submit(page.form()))


def test_cancel_at_the_list_of_organisations(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    assert_cancelled(network, browser.submit(page.form(CANCEL)))


def test_cancel_when_the_search_found_nothing(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    page = browser.submit(page.form("Zoek"), {"q": "bestaatniet"})
    assert_cancelled(network, browser.submit(page.form(CANCEL)))


def test_cancel_at_the_page_that_asks_to_confirm(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Otto Enkel")
    assert_cancelled(network, browser.submit(page.form(CANCEL)))


def test_cancel_at_a_refusal_without_any_organisation(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Nina Nul")
    page = browser.submit(page.form("Terug naar Gemeente Voorbeeldstad"))
    words = EXPLANATIONS[DenialReason.NO_MANDATE].reason.nl
    assert_cancelled(network, page, told=f"NO_MANDATE: {words}")


def test_cancel_at_a_refusal_of_the_chosen_organisation(changing_network, changes, browser):
    page = authenticated(browser, changing_network, "gemeente", 9001, "Fleur Voorbeeld")
    link = chain_link(changing_network.simulator.store, "fleur-eh3", "glasblazerij-zeepbel")
    changes.make(link.mandate, status=ChainStatus.REVOKED)
    refusal = choose(browser, page, "Glasblazerij")
    page = browser.submit(refusal.form("Terug naar Gemeente Voorbeeldstad"))
    words = EXPLANATIONS[DenialReason.CHAIN_REVOKED].reason.nl
    assert_cancelled(changing_network, page, told=f"CHAIN_REVOKED: {words}")


def test_cancel_at_the_list_after_a_refusal_is_a_cancel(changing_network, changes, browser):
    page = authenticated(browser, changing_network, "gemeente", 9001, "Fleur Voorbeeld")
    link = chain_link(changing_network.simulator.store, "fleur-eh3", "glasblazerij-zeepbel")
    changes.make(link.mandate, status=ChainStatus.REVOKED)
    page = browser.submit(choose(browser, page, "Glasblazerij").form("Kies een andere organisatie"))
    assert_cancelled(changing_network, browser.submit(page.form(CANCEL)))


def test_cancel_at_the_choice_of_an_authentication_service(network_of_two, browser):
    page = to_broker(browser, network_of_two, "gemeente", 9001)
    assert page.heading == CHOOSE_SERVICE
    assert_cancelled(network_of_two, browser.submit(page.form(CANCEL)))


def test_cancel_at_one_authentication_service_offers_the_other(network_of_two, browser):
    page = to_broker(browser, network_of_two, "gemeente", 9001)
    stub = browser.submit(browser.submit(page.form(GO_ON).choose(SECOND)).form())
    page = browser.submit(browser.submit(stub.form(STOP_AT_STUB)).form())
    assert page.heading == NOT_YET
    assert SECOND in page.text

    page = browser.submit(page.form("Kies een andere authenticatiedienst"))
    assert page.heading == CHOOSE_SERVICE
    stub = browser.submit(browser.submit(page.form(GO_ON).choose("Stub Authenticatiedienst A")).form())
    page = browser.submit(prove(browser, stub, "Fleur Voorbeeld").form())
    assert page.heading == WHOSE_BEHALF


def test_cancel_after_stopping_at_one_of_two_authentication_services(network_of_two, browser):
    page = to_broker(browser, network_of_two, "gemeente", 9001)
    stub = browser.submit(browser.submit(page.form(GO_ON).choose(SECOND)).form())
    page = browser.submit(browser.submit(stub.form(STOP_AT_STUB)).form())
    assert_cancelled(network_of_two, browser.submit(page.form("Terug naar Gemeente Voorbeeldstad")))


def test_going_on_without_an_authentication_service_says_so(network_of_two, browser):
    page = browser.submit(to_broker(browser, network_of_two, "gemeente", 9001).form(GO_ON))
    assert page.heading == CHOOSE_SERVICE
    assert "U heeft nog niets gekozen." in page.text


def test_PRO29_a_person_of_another_authentication_service_is_another_person(network_of_two, browser):
    """The second service knows the same people by the same pseudonyms; the register knows those of the first."""
    page = to_broker(browser, network_of_two, "gemeente", 9001)
    stub = browser.submit(browser.submit(page.form(GO_ON).choose(SECOND)).form())
    page = browser.submit(prove(browser, stub, "Fleur Voorbeeld").form())
    assert details(page)["Code"] == "MEANS_NOT_USABLE"


@pytest.mark.parametrize("portal", ["belastingdienst", "kvk", "uwv", "gemeente"])
def test_each_portal_hears_that_the_person_stopped(network, browser, portal):
    page = browser.submit(to_stub(browser, network, portal, 9001).form(STOP_AT_STUB))
    assert_cancelled(network, browser.submit(page.form()), portal)
