"""The entrance of the Beheermodule in a real browser, across the host names of the parties."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_login import press, stay_on_forms
from tests.network import Network

pytestmark = pytest.mark.browser

WORDS = {
    "nl": {
        "login": "Inloggen met eHerkenning (simulator)",
        "on": "Ga verder",
        "fleur": "Log in met EH3 als Fleur Voorbeeld",
        "overview": "Overzicht",
        "logout": "Uitloggen",
        "out": "U bent uitgelogd.",
    },
    "en": {
        "login": "Log in with eHerkenning (simulator)",
        "on": "Continue",
        "fleur": "Log in with EH3 as Fleur Voorbeeld",
        "overview": "Overview",
        "logout": "Log out",
        "out": "You are logged out.",
    },
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_login_overview_and_logout_are_accessible_and_need_no_scripts(
    network: Network,
    language: str,
    open_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    words = WORDS[language]
    page = open_page(language)
    stay_on_forms(page)
    page.goto(f"{network.broker}/beheer")
    assert_accessible(page)
    for button in ("login", "on", "on", "fleur", "on", "on"):
        press(page, words[button])
    expect(page.get_by_role("heading", level=1)).to_have_text(words["overview"])
    expect(page.get_by_role("navigation").get_by_role("link", name=words["overview"])).to_have_attribute(
        "aria-current", "page"
    )
    assert_accessible(page)
    screenshot(page, f"{language}-module-overview")
    press(page, words["logout"])
    expect(page.get_by_role("status")).to_have_text(words["out"])
    page.go_back()
    page.reload()
    expect(page.get_by_role("button", name=words["login"])).to_be_visible()


def test_where_scripts_run_one_button_leads_to_the_authentication_service(
    network: Network, open_page: Callable[..., Page]
) -> None:
    page = open_page("nl")
    page.goto(f"{network.broker}/beheer")
    press(page, WORDS["nl"]["login"])
    page.wait_for_url("**/sign-in*")
    press(page, WORDS["nl"]["fleur"])
    page.wait_for_url(re.compile(rf"{network.broker}/login/"))
    press(page, WORDS["nl"]["on"])
    page.wait_for_url(f"{network.broker}/beheer/overzicht")
