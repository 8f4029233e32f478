"""The login in a real browser over https. Nobody asks the person for a certificate."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.network import Network

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # A test CA cannot be given to one profile of Chromium; that certificates are right, other tests see with requests.
    context = browser.new_context(locale="nl", ignore_https_errors=True)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_chain_login_over_tls_with_cookies_that_are_kept_to_https(network_over_tls: Network, page: Page) -> None:
    page.goto(network_over_tls.login_address("gemeente", 9001))
    page.wait_for_url("**/sign-in*")
    page.get_by_role("button", name="Log in met EH3 als Fleur Voorbeeld").click()
    page.wait_for_url(f"{network_over_tls.broker}/login/*")
    page.get_by_label("Glasblazerij Zeepbel N.V.").check()
    page.get_by_role("button", name="Ga verder").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("68727720")
    assert page.url.startswith("https://")
    cookies = {cookie["name"]: cookie["secure"] for cookie in page.context.cookies()}
    assert cookies == {"ketenbroker": True, "ketenbroker_login": True, "sp_demo_session": True}
