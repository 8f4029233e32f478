"""An intermediary logs in on behalf of a client, and for itself, and lands at the portal with the right facts."""

import pytest

from broker.core.organisations import LegalForm
from tests.flow.register import chain_link
from tests.flow.steps import GO_ON, WHOSE_BEHALF, authenticated, choose, details, facts, organisations, prove, to_stub
from tests.interop.driver import Browser

OFFICE = "Administratiekantoor Papiermolen B.V."


def test_chain_login_on_behalf_of_a_client(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    assert page.heading == WHOSE_BEHALF

    page = choose(browser, page, "Glasblazerij Zeepbel N.V.")

    assert page.heading == f"U handelt namens KvK-nummer 68727720 via {OFFICE} (KvK-nummer 68750110)"
    told = facts(page)
    assert told["Vertegenwoordigde organisatie"] == ["KvK-nummer 68727720"]
    assert told["Intermediair"] == [f"{OFFICE} (KvK-nummer 68750110)"]
    assert told["Betrouwbaarheidsniveau"] == ["EH3"]
    assert told["Dienst (ServiceID)"] == ["urn:etoegang:DV:00000099000000140000:services:9001"]
    assert told["Meegestuurde verklaringen van"] == [
        "urn:etoegang:AD:00000099000000020000:entities:9001",
        "urn:etoegang:MR:00000099000000030000:entities:9001",
        "urn:etoegang:MR:00000099000000040000:entities:9002",
    ]
    assert "Alleen voor vestiging" not in told


def test_login_for_the_own_organisation_names_no_intermediary(network, browser):
    page = choose(browser, authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld"), OFFICE)

    assert page.heading == "U handelt namens KvK-nummer 68750110"
    told = facts(page)
    assert "Intermediair" not in told
    assert told["Meegestuurde verklaringen van"] == [
        "urn:etoegang:AD:00000099000000020000:entities:9001",
        "urn:etoegang:MR:00000099000000030000:entities:9001",
    ]


def test_M01_belastingdienst_gets_the_kvk_number_first_and_then_the_rsin(network, browser):
    page = choose(browser, authenticated(browser, network, "belastingdienst", 9001, "Fleur Voorbeeld"), "Glasblazerij")
    assert facts(page)["Vertegenwoordigde organisatie"] == ["KvK-nummer 68727720", "RSIN 000010029"]


def test_an_organisation_without_rsin_is_named_by_the_next_set_of_identifiers(network, browser):
    page = choose(browser, authenticated(browser, network, "belastingdienst", 9001, "Fleur Voorbeeld"), "Bakkerij De")
    assert facts(page)["Vertegenwoordigde organisatie"] == ["KvK-nummer 69599084"]


def test_E11_an_organisation_without_the_only_identifier_asked_is_refused_with_a_way_on(network, browser):
    page = authenticated(browser, network, "belastingdienst", 9002, "Fleur Voorbeeld")
    refusal = choose(browser, page, "Bakkerij De Lachende Maan")

    assert details(refusal)["Code"] == "IDENTIFIER_NOT_AVAILABLE"
    assert details(refusal)["Organisatie"] == "Bakkerij De Lachende Maan"

    again = browser.submit(refusal.form("Kies een andere organisatie"))
    assert again.heading == WHOSE_BEHALF
    assert facts(choose(browser, again, "Glasblazerij"))["Vertegenwoordigde organisatie"] == ["RSIN 000010029"]


def test_E02_one_candidate_gets_a_page_that_asks_to_confirm(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Otto Enkel")

    assert page.heading == "Controleer namens wie u inlogt"
    shown = details(page)
    assert shown["Organisatie"] == "Bakkerij De Lachende Maan"
    assert shown["Via intermediair"] == "Wolkenfabriek B.V."
    assert organisations(page) == []

    page = browser.submit(page.form(GO_ON))
    assert page.heading == "U handelt namens KvK-nummer 69599084 via Wolkenfabriek B.V. (KvK-nummer 00010035)"


def test_E02_another_organisation_or_other_means_can_be_chosen_from_there(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Otto Enkel")
    assert "Wilt u namens een andere organisatie inloggen?" in page.text
    page = browser.submit(browser.submit(page.form("Log in met een ander middel")).form())
    page = browser.submit(prove(browser, page, "Fleur Voorbeeld").form())
    assert choose(browser, page, "Glasblazerij").heading.startswith("U handelt namens KvK-nummer 68727720")


def test_E12_a_sole_trader_as_intermediary_is_known_by_its_kvk_number(changing_network, changes, browser):
    """Its other number would be a BSN, by which no intermediary is named: the register holds none."""
    link = chain_link(changing_network.simulator.store, "otto-eh3", "bakkerij-de-lachende-maan")
    changes.make(link.intermediary, legal_form=LegalForm.EENMANSZAAK, rsin=None)
    page = authenticated(browser, changing_network, "gemeente", 9001, "Otto Enkel")
    page = browser.submit(page.form(GO_ON))
    assert facts(page)["Intermediair"] == ["Wolkenfabriek B.V. (KvK-nummer 00010035)"]


def test_E09_a_mandate_for_one_branch_names_the_branch(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Tess Twee")
    assert facts(choose(browser, page, "Wolkenfabriek"))["Alleen voor vestiging"] == ["000000000001"]


@pytest.mark.parametrize("portal", ["belastingdienst", "kvk", "uwv", "gemeente"])
def test_M04_each_portal_can_be_logged_in_at(network, browser, portal):
    page = choose(browser, authenticated(browser, network, portal, 9001, "Fleur Voorbeeld"), "Glasblazerij Zeepbel")
    assert page.heading.startswith("U handelt namens KvK-nummer 68727720")
    assert page.url == f"{network.demo}/portal/{portal}"


@pytest.mark.parametrize(
    ("client", "level"),
    [
        ("Verhuisbedrijf Blijven Zitten", "EH2+"),  # the client registered its mandate at EH2+
        ("Dakdekker Open Hemel", "EH3"),  # its mandate is of EH4, the means of EH3
    ],
)
def test_the_level_of_the_login_is_that_of_its_weakest_part(network, browser, client, level):
    page = choose(browser, authenticated(browser, network, "kvk", 9002, "Fleur Voorbeeld"), client)
    assert facts(page)["Betrouwbaarheidsniveau"] == [level]


def test_the_choice_of_authentication_service_is_skipped_when_there_is_one(network, browser):
    page = to_stub(browser, network, "gemeente", 9001)
    assert page.url.startswith(f"{network.stub}/sign-in")
    assert "EH3" in page.text


def test_every_login_says_which_of_two_same_named_choices_it_is(network, browser):
    """Two branches of one organisation, a client and an own organisation are never one line."""
    page = authenticated(browser, network, "gemeente", 9001, "Tess Twee")
    assert organisations(page) == ["Regenboogbeheer B.V.", "Wolkenfabriek B.V."]
    assert "alleen vestiging 000000000001" in page.text


def test_a_login_in_english_from_the_first_page_to_the_last(network):
    with Browser(language="en") as browser:
        page = browser.submit(browser.open(network.login_address("gemeente", 9001)).form())
        assert page.heading == "You go to Stub Authentication Service A"
        page = browser.submit(page.form("Continue"))
        assert page.heading == "Choose who you are"
        page = browser.submit(page.form("Log in with EH3 as Fleur Voorbeeld"))
        page = browser.submit(page.form("Continue"))
        assert page.document.get("lang") == "en"
        assert page.heading == "On behalf of which organisation do you want to log in?"
        page = browser.submit(page.form("Continue").choose("Glasblazerij"))
        assert page.heading.startswith("You are acting on behalf of KvK number 68727720 via")


def test_a_language_chosen_half_way_stays(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    page = browser.follow(page, "English")
    assert page.heading == "On behalf of which organisation do you want to log in?"
    assert browser.open(page.url.partition("?")[0]).heading == page.heading
