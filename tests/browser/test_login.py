"""The login in a real browser, across two host names, so that cookies behave as across sites."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.network import Network

pytestmark = pytest.mark.browser

WORDS = {
    "nl": {
        "service": "Bouwvergunning aanvragen",
        "start": "Inloggen met eHerkenning (simulator)",
        "on": "Ga verder",
        "fleur": "Log in met EH3 als Fleur Voorbeeld",
        "otto": "Log in met EH3 als Otto Enkel",
        "saskia": "Log in met EH3 als Saskia Test",
        "bram_low": "Log in met EH2+ als Bram Proef",
        "cancel": re.compile("^Annuleren"),
        "acting": re.compile("U handelt namens"),
    },
    "en": {
        "service": "Apply for a building permit",
        "start": "Log in with eHerkenning (simulator)",
        "on": "Continue",
        "fleur": "Log in with EH3 as Fleur Voorbeeld",
        "otto": "Log in with EH3 as Otto Enkel",
        "saskia": "Log in with EH3 as Saskia Test",
        "bram_low": "Log in with EH2+ as Bram Proef",
        "cancel": re.compile("^Cancel"),
        "acting": re.compile("You are acting on behalf of"),
    },
}


@pytest.fixture(params=["nl", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def words(language: str) -> dict[str, str]:
    return WORDS[language]


def press(page: Page, name: object) -> None:
    page.get_by_role("button", name=name).click()


def stay_on_forms(page: Page) -> None:
    """Pages that send themselves wait for the button, so that they can be looked at."""

    def nothing(route: Route) -> None:
        route.fulfill(body="", content_type="text/javascript")

    page.route(re.compile(r"\.js(\?|$)"), nothing)


def test_chain_login_every_page_is_accessible(
    network: Network,
    language: str,
    words: dict[str, str],
    open_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    page = open_page(language)
    stay_on_forms(page)
    page.goto(network.demo)
    assert_accessible(page)
    screenshot(page, f"{language}-1-service-provider")

    page.goto(network.login_address("gemeente", 9001))
    assert_accessible(page)
    press(page, words["on"])
    assert_accessible(page)
    press(page, words["on"])
    assert_accessible(page)
    screenshot(page, f"{language}-2-authentication-service")
    press(page, words["fleur"])
    assert_accessible(page)
    press(page, words["on"])
    expect(page.get_by_role("status")).to_contain_text("20")
    assert_accessible(page)
    screenshot(page, f"{language}-3-on-behalf-of")
    page.get_by_label("Glasblazerij Zeepbel N.V.").check()
    press(page, words["on"])
    expect(page.get_by_role("heading", level=1)).to_have_text(words["acting"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("68727720")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Administratiekantoor Papiermolen B.V.")
    assert_accessible(page)
    screenshot(page, f"{language}-4-acting-on-behalf-of")


def test_pages_send_themselves_where_scripts_run(network: Network, open_page: Callable[..., Page]) -> None:
    page = open_page("nl")
    page.goto(network.login_address("gemeente", 9001))
    page.wait_for_url("**/sign-in*")
    press(page, WORDS["nl"]["fleur"])
    page.wait_for_url(f"{network.broker}/login/*")
    page.get_by_label("Administratiekantoor Papiermolen B.V.").first.check()
    press(page, "Ga verder")
    expect(page.get_by_role("heading", level=1)).to_contain_text("68750110")


def test_chain_login_without_scripts_on_a_phone(network: Network, open_page: Callable[..., Page]) -> None:
    page = open_page("nl", width=320, javascript=False)
    page.goto(network.login_address("uwv", 9001))
    press(page, "Ga verder")
    press(page, "Ga verder")
    press(page, "Log in met EH3 als Noor Proef")
    press(page, "Ga verder")
    expect(page.get_by_role("status")).to_contain_text("1–25 van")
    page.get_by_role("searchbox").fill("adelaar advies")
    press(page, "Zoek")
    expect(page.get_by_role("status")).not_to_contain_text("1.20")
    page.get_by_role("radio").first.check()
    press(page, "Ga verder")
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["nl"]["acting"])


def test_one_candidate_is_confirmed(
    network: Network,
    language: str,
    words: dict[str, str],
    open_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
) -> None:
    page = open_page(language)
    page.goto(network.login_address("gemeente", 9001))
    page.wait_for_url("**/sign-in*")
    press(page, words["otto"])
    page.wait_for_url(f"{network.broker}/login/*")
    expect(page.get_by_role("radio")).to_have_count(0)
    assert_accessible(page)
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["acting"])


def test_refusals_and_cancelling_are_accessible(
    network: Network,
    language: str,
    words: dict[str, str],
    open_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
) -> None:
    page = open_page(language)
    page.goto(network.login_address("belastingdienst", 9001))
    page.wait_for_url("**/sign-in*")
    press(page, words["bram_low"])
    assert_accessible(page)
    page.get_by_role("main").get_by_role("button").first.click()
    press(page, words["saskia"])
    page.wait_for_url(f"{network.broker}/login/*")
    expect(page.get_by_role("main")).to_contain_text("MEANS_TYPE_NOT_ALLOWED")
    assert_accessible(page)
    page.get_by_role("main").get_by_role("button").last.click()
    page.wait_for_url(f"{network.demo}/**")
    expect(page.get_by_role("main")).to_contain_text("MEANS_TYPE_NOT_ALLOWED: ")
    assert_accessible(page)


def test_a_problem_is_accessible(
    network: Network,
    language: str,
    open_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    console_errors: list[str],
) -> None:
    page = open_page(language)
    page.goto(f"{network.broker}/login/unknown")
    expect(page.get_by_role("main")).to_contain_text("EH-FLW-02")
    assert_accessible(page)
    console_errors.clear()  # Chromium reports the status 404 of the page itself


def test_two_tabs_act_for_two_clients(network: Network, open_page: Callable[..., Page]) -> None:
    first = open_page("nl")
    first.goto(network.login_address("gemeente", 9001))
    first.wait_for_url("**/sign-in*")
    second = first.context.new_page()
    second.goto(network.login_address("kvk", 9001))
    second.wait_for_url("**/sign-in*")
    for page, client in ((second, "Slagerij Tofu B.V."), (first, "IJssalon Poolster B.V.")):
        press(page, WORDS["nl"]["fleur"])
        page.wait_for_url(f"{network.broker}/login/*")
        page.get_by_label(client).check()
        press(page, "Ga verder")
    expect(second.get_by_role("heading", level=1)).to_contain_text("00010006")
    expect(first.get_by_role("heading", level=1)).to_contain_text("00010002")
