"""The same login when all parties serve https: their cookies are kept to it, and no address is left behind."""

from collections.abc import Iterator

import pytest

from tests.flow.steps import WHOSE_BEHALF, authenticated, choose
from tests.interop.driver import Browser
from tests.network import Network


@pytest.fixture
def tls_browser(network_over_tls: Network) -> Iterator[Browser]:
    with Browser(authorities=(network_over_tls.authority,)) as fresh:
        yield fresh


def test_chain_login_over_tls(network_over_tls: Network, tls_browser: Browser):
    page = authenticated(tls_browser, network_over_tls, "gemeente", 9001, "Fleur Voorbeeld")
    assert page.heading == WHOSE_BEHALF
    page = choose(tls_browser, page, "Glasblazerij Zeepbel N.V.")
    assert page.heading.startswith("U handelt namens KvK-nummer 68727720 via ")
    assert all(address.startswith("https://") for _, address in page.hops)


def test_B24_cookies_of_all_parties_are_kept_to_https(network_over_tls: Network, tls_browser: Browser):
    page = authenticated(tls_browser, network_over_tls, "gemeente", 9001, "Fleur Voorbeeld")
    choose(tls_browser, page, "Glasblazerij Zeepbel N.V.")
    for party in (network_over_tls.broker, network_over_tls.stub, network_over_tls.demo):
        tls_browser.open(f"{party}/?lang=en")
    names = {cookie.name for cookie in tls_browser.cookies}
    of_broker = {"ketenbroker", "ketenbroker_login", "broker_language"}
    assert names == of_broker | {"stub_language", "sp_demo_session", "sp_demo_language"}
    assert [cookie.name for cookie in tls_browser.cookies if not cookie.secure] == []


def test_no_page_leads_away_from_https(network_over_tls: Network, tls_browser: Browser):
    shown = [tls_browser.open(network_over_tls.broker), tls_browser.open(network_over_tls.demo)]
    page = tls_browser.open(network_over_tls.login_address("gemeente", 9001))
    shown.append(page)
    for button in (None, None, "Log in met EH3 als Fleur Voorbeeld", None):
        page = tls_browser.submit(page.form(button) if button else page.form())
        shown.append(page)
    for page in shown:
        assert "http://" not in page.response.headers["Content-Security-Policy"]
        targets = page.document.xpath("//a/@href | //form/@action | //script/@src | //link/@href")
        assert [target for target in targets if target.startswith("http:")] == []
