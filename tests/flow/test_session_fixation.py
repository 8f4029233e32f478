"""Somebody who knows the cookie that a browser came with gets nothing of what is proven in it later (WEB-06)."""

from collections.abc import Iterator

import pytest

from tests.flow.steps import (
    CANCELLED,
    GO_ON,
    WHOSE_BEHALF,
    authenticated,
    choose,
    organisations,
    prove,
    to_broker,
)
from tests.interop.driver import Browser
from tests.interop.page import Page
from tests.network import Network

UNKNOWN = "Deze inlogpoging is onbekend"


@pytest.fixture
def attacker() -> Iterator[Browser]:
    with Browser() as fresh:
        yield fresh


def cookies(browser: Browser, name: str) -> list[str]:
    return [cookie.value for cookie in browser.cookies if cookie.name == name]


def fixed(network: Network, attacker: Browser, victim: Browser) -> Page:
    """The attacker begins a login; the victim comes to its page with the attacker's cookie, and says who they are.

    The cookie holds what the forms' tokens against cross-site requests are made with, so these do not help either.
    """
    authenticated(attacker, network, "gemeente", 9001, "Nina Nul")
    begun = to_broker(attacker, network, "gemeente", 9001)
    for cookie in attacker.cookies:
        victim.cookies.set_cookie(cookie)
    stub = victim.submit(victim.open(begun.url).form())
    return victim.submit(prove(victim, stub, "Fleur Voorbeeld").form())


def test_WEB_06_the_cookie_of_before_authentication_does_not_give_the_login(network, attacker, browser):
    page = fixed(network, attacker, browser)
    assert page.heading == WHOSE_BEHALF
    for seen in (attacker.open(page.url), choose(attacker, page, "Glasblazerij")):
        assert (seen.status, seen.heading) == (404, UNKNOWN)
        assert organisations(seen) == []
    assert choose(browser, page, "Glasblazerij").heading.startswith("U handelt namens KvK-nummer 68727720")


def test_WEB_06_nor_can_the_one_who_fixed_it_end_it(network, attacker, browser):
    page = fixed(network, attacker, browser)
    assert attacker.submit(page.form("Annuleren")).heading == UNKNOWN
    assert browser.submit(page.form("Annuleren")).heading == CANCELLED


def test_WEB_06_each_authentication_gives_a_new_reference(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Nina Nul")
    (first,) = cookies(browser, "ketenbroker_login")
    stub = browser.submit(browser.submit(page.form("Log in met een ander middel")).form())
    page = browser.submit(prove(browser, stub, "Otto Enkel").form())
    (second,) = cookies(browser, "ketenbroker_login")
    assert first != second
    assert browser.submit(page.form(GO_ON)).heading.startswith("U handelt namens KvK-nummer 69599084")


def test_WEB_06_the_reference_is_for_the_addresses_of_its_login_alone(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    (cookie,) = [item for item in browser.cookies if item.name == "ketenbroker_login"]
    assert cookie.path == page.url.removeprefix(network.broker).partition("?")[0]
    assert cookie.value not in page.response.text
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Lax"
