"""RelayState is the service provider's: it comes back exactly as it was, or the login does not begin."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.flow.answers import started
from tests.flow.steps import CANCEL, choose, prove
from tests.interop.page import Page

EXACTLY_80 = "é" * 40


def at_the_list(network, browser, requester, relay_state: str | None, **changes: str) -> Page:
    """The list of organisations in a login that `requester` began."""
    sso = network.simulator.addresses.sso
    page = started(browser, requester, sso, requester.begin(sso, relay_state, **changes))
    return browser.submit(prove(browser, browser.submit(page.form()), "Fleur Voorbeeld").form())


@pytest.mark.parametrize(
    "relay_state",
    [
        None,
        "",
        "x",
        EXACTLY_80,
        "a b+c%20d&e=f?g#h",
        "https://evil.invalid/",
        "//evil.invalid",
        "javascript:alert(1)",
        "\\evil",
        "<script>alert(1)</script>",
        " lead and trail ",
    ],
    ids=str,
)
def test_WEB_01_WEB_02_relay_state_comes_back_as_it_was_and_is_no_address(network, browser, requester, relay_state):
    arrived = choose(browser, at_the_list(network, browser, requester, relay_state), "Glasblazerij")
    assert arrived.url.startswith(requester.consumer + "?")
    query = parse_qs(urlsplit(arrived.url).query, keep_blank_values=True, strict_parsing=True)
    assert query.get("RelayState") == (None if relay_state is None else [relay_state])
    assert len(query["SAMLart"]) == 1


def test_relay_state_comes_back_when_the_person_stops(network, browser, requester):
    page = at_the_list(network, browser, requester, EXACTLY_80)
    arrived = browser.submit(page.form(CANCEL))
    assert parse_qs(urlsplit(arrived.url).query)["RelayState"] == [EXACTLY_80]


def test_an_address_with_a_query_keeps_it(network, browser, requester):
    page = at_the_list(network, browser, requester, "state", AssertionConsumerServiceIndex="1")
    query = parse_qs(urlsplit(choose(browser, page, "Glasblazerij").url).query)
    assert query.keys() == {"x", "SAMLart", "RelayState"}
    assert query["x"] == ["1"]
