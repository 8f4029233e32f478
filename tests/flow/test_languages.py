"""Each party has a language of its own; names of services and providers are said in that of the page."""

import pytest

from tests.flow.answers import started
from tests.flow.steps import to_broker
from tests.interop.driver import Browser
from tests.interop.page import Page
from tests.requester import form

DUTCH = {"Bouwvergunning aanvragen", "Gemeente Voorbeeldstad"}
ENGLISH = {"Applying for a building permit", "Municipality of Voorbeeldstad"}


def assert_only(page: Page, said: set[str], never: set[str]) -> None:
    assert [name for name in said if name not in page.text] == []
    assert [name for name in never if name in page.text] == []


@pytest.mark.parametrize(
    ("at_the_portal", "language", "said", "never"),
    [
        ("en", "nl", DUTCH, ENGLISH),
        ("nl", "en", ENGLISH, DUTCH),
    ],
)
def test_the_portal_speaks_another_language_than_the_others(
    network, browser: Browser, at_the_portal, language, said, never
):
    browser.open(f"{network.demo}/?lang={at_the_portal}")
    browser.open(f"{network.broker}/?lang={language}")
    browser.open(f"{network.stub}/?lang={language}")
    page = browser.submit(to_broker(browser, network, "gemeente", 9001).form())
    assert_only(page, said, never)
    button = {"nl": "Log in met EH3 als Fleur Voorbeeld", "en": "Log in with EH3 as Fleur Voorbeeld"}[language]
    page = browser.submit(browser.submit(page.form(button)).form())
    assert_only(page, said, never)


def test_a_name_that_the_catalogue_does_not_have_is_shown_as_it_was_sent(network, requester, browser):
    sso = network.simulator.addresses.sso
    message = requester.signed(requester.request(sso, ProviderName="Mijn Belastingen"))
    page = browser.submit(started(browser, requester, sso, form("SAMLRequest", message, None)).form())
    assert "U wilt inloggen voor Aangifte vennootschapsbelasting bij Mijn Belastingen." in page.text
