"""A legitimate no: a page that says why and what to do, and a portal that is told that it failed, and why."""

import pytest

from broker.core.explanations import EXPLANATIONS
from broker.core.mandates import ChainStatus
from broker.core.refusals import DenialReason
from tests.flow.register import chain_link
from tests.flow.steps import (
    CANCELLED,
    GO_ON,
    REFUSED,
    STOP_AT_STUB,
    WHOSE_BEHALF,
    authenticated,
    details,
    facts,
    organisations,
    prove,
    to_stub,
)
from tests.interop.driver import Browser
from tests.interop.page import Page

OTTOS = "bakkerij-de-lachende-maan"


def assert_refused(page: Page, reason: DenialReason) -> None:
    """The page names the reason and the next step in words, and the code to quote."""
    words = EXPLANATIONS[reason]
    assert page.status == 200
    assert page.heading == REFUSED
    assert words.reason.nl in page.text
    assert words.next_step.nl in page.text
    assert details(page)["Code"] == reason.value


def test_E01_no_mandate_at_all(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Nina Nul")
    assert_refused(page, DenialReason.NO_MANDATE)
    assert details(page)["Ingelogd als"] == "Nina Nul"

    page = browser.submit(page.form("Terug naar Gemeente Voorbeeldstad"))
    assert page.heading == CANCELLED
    assert "afgebroken" not in page.text
    assert details(page) == {
        "Bericht van de makelaar": "NO_MANDATE: U heeft geen machtiging om voor een organisatie in te loggen.",
        "Status": "Responder / AuthnFailed",
    }


def test_the_portal_is_told_why_in_the_language_of_the_page(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Nina Nul")
    page = browser.open(f"{page.url}&lang=en")
    page = browser.submit(page.form("Back to Municipality of Voorbeeldstad"))
    assert details(page)["Bericht van de makelaar"] == "NO_MANDATE: You have no mandate to log in for any organisation."


def test_what_may_be_chosen_after_all_is_not_told_as_a_refusal(changing_network, changes, browser):
    mandate = chain_link(changing_network.simulator.store, "otto-eh3", OTTOS).mandate
    changes.make(mandate, status=ChainStatus.SUSPENDED)
    page = authenticated(browser, changing_network, "gemeente", 9001, "Otto Enkel")
    assert_refused(page, DenialReason.CHAIN_SUSPENDED)
    changes.make(mandate, status=ChainStatus.ACTIVE)
    page = browser.submit(page.form("Terug naar Gemeente Voorbeeldstad"))
    assert details(page)["Bericht van de makelaar"] == "Authentication cancelled"


def test_E01_other_means_can_be_tried_in_the_same_login(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Nina Nul")
    page = browser.submit(browser.submit(page.form("Log in met een ander middel")).form())
    page = browser.submit(prove(browser, page, "Otto Enkel").form())
    page = browser.submit(page.form(GO_ON))
    assert page.heading.startswith("U handelt namens KvK-nummer 69599084")


def test_M48_E14_eh3_belastingdienst_takes_no_part_in_chains(network, browser):
    page = authenticated(browser, network, "belastingdienst", 9001, "Saskia Test")
    assert_refused(page, DenialReason.MEANS_TYPE_NOT_ALLOWED)


def test_M48_E14_eh3_belastingdienst_still_does_for_the_own_organisation(network, browser):
    page = authenticated(browser, network, "belastingdienst", 9001, "Haarlinde Knip")
    assert details(page)["Organisatie"] == "Kapsalon Wilde Haren"
    assert facts(browser.submit(page.form(GO_ON)))["Vertegenwoordigde organisatie"] == ["KvK-nummer 00010005"]


def test_E14_eh3_belastingdienst_does_nothing_at_other_portals(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Haarlinde Knip")
    assert_refused(page, DenialReason.DIRECT_SERVICE_NOT_COVERED)


def test_level_too_low_is_told_at_the_authentication_service(network, browser):
    page = prove(browser, to_stub(browser, network, "gemeente", 9001), "Bram Proef", "EH2+")

    assert page.heading == "U bent niet ingelogd"
    assert details(page)["Code"] == "LEVEL_TOO_LOW"
    assert details(page)["Nodig"] == "EH3"

    retried = browser.submit(page.form("Kies een ander middel"))
    page = browser.submit(prove(browser, retried, "Bram Proef").form())
    assert page.heading == WHOSE_BEHALF


def test_level_too_low_can_be_left_by_cancelling(network, browser):
    page = prove(browser, to_stub(browser, network, "gemeente", 9001), "Bram Proef", "EH2+")
    page = browser.submit(browser.submit(page.form(STOP_AT_STUB)).form())
    assert page.heading == CANCELLED


def test_E25_with_eh2plus_the_own_organisation_is_offered_and_clients_are_not(network, browser):
    page = authenticated(browser, network, "gemeente", 9002, "Bram Proef", "EH2+")
    assert details(page)["Organisatie"] == "Administratiekantoor Papiermolen B.V."
    page = browser.submit(page.form(GO_ON))
    assert page.heading == "U handelt namens KvK-nummer 68750110"
    assert facts(page)["Betrouwbaarheidsniveau"] == ["EH2+"]


HIGHER = "Log in met een inlogmiddel van een hoger niveau om die te gebruiken."


def test_E25_the_only_organisation_is_not_all_when_higher_means_would_give_more(network, browser):
    page = authenticated(browser, network, "gemeente", 9002, "Bram Proef", "EH2+")
    assert HIGHER in page.text
    page = browser.submit(browser.submit(page.form("Log in met een ander middel")).form())
    page = browser.submit(prove(browser, page, "Bram Proef", "EH3").form())
    assert page.heading == WHOSE_BEHALF
    assert len(organisations(page)) > 1


def test_the_only_organisation_is_all_when_the_level_keeps_nothing_out(changing_network, changes, browser):
    """Otto's means are EH3, and so is what the service needs; what else he might have is refused for another reason."""
    page = authenticated(browser, changing_network, "gemeente", 9001, "Otto Enkel")
    assert HIGHER not in page.text
    assert "Met dit inlogmiddel is dit de enige organisatie voor deze dienst." in page.text


def test_E23_who_may_act_for_third_parties_only_does_not_see_the_own_organisation(network, browser):
    page = authenticated(browser, network, "uwv", 9001, "Pim Tester")
    assert "1.200 organisaties" in page.text
    assert "Salarisbureau Loonstrook B.V." not in organisations(page)


def test_a_coupling_for_one_portal_gives_no_clients_at_another(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Pim Tester")
    assert page.heading == REFUSED
    assert details(page)["Code"] == DenialReason.NO_SUITABLE_MANDATE.value


@pytest.mark.parametrize(
    ("person", "reason"),
    [("Bob Blok", DenialReason.USER_BLOCKED), ("Lotte Lang", DenialReason.USER_LAPSED)],
)
def test_a_person_who_may_do_nothing(network, browser, person, reason):
    assert_refused(authenticated(browser, network, "gemeente", 9001, person), reason)


@pytest.mark.parametrize(
    "client",
    [
        "Koffiebranderij Bonenstaak",  # invited
        "Opticien Wazig",  # being signed
        "Dierenarts De Pratende Papegaai",  # under review
        "Horlogerie Kwart Over Zes",  # rejected
        "Zeilmakerij Windstil",  # cancelled
        "Meubelfabriek Drie Poten",  # declined
        "Reisbureau Thuisblijven",  # lapsed
        "Snoepwinkel Suikervrij",  # suspended
        "Stichting Theater De Lege Zaal",  # revoked
        "Pannenkoekenhuis De Platte Aarde",  # expired
        "Touwslagerij De Losse Knoop",  # not yet valid
        "Stichting Sterrenwacht Dichte Mist",  # coupling expired
        "Coöperatie Spiegelpaleis",  # deregistered
    ],
)
def test_E06_a_mandate_that_cannot_be_used_is_not_listed(whole_list, client):
    assert not [label for label in whole_list if label.startswith(client)]
    assert "Glasblazerij Zeepbel N.V. via Administratiekantoor Papiermolen B.V." in whole_list


@pytest.fixture(scope="module")
def whole_list(network) -> list[str]:
    """Everything that Fleur Voorbeeld may choose at the municipality."""
    with Browser() as browser:
        page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
        return organisations(page)
