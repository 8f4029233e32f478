"""Every page, in both languages: accessible, readable on a phone, and complete without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.web.samples import BROKER_PAGES, STUB_PAGES, broker_application, stub_application

pytestmark = pytest.mark.browser

PAGES = [f"broker/{name}" for name in BROKER_PAGES] + [f"stub/{name}" for name in STUB_PAGES]


@pytest.fixture(scope="session")
def addresses(serve: Callable[..., str]) -> dict[str, str]:
    return {"broker": serve(broker_application()), "stub": serve(stub_application(), host="127.0.0.1")}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_fits_a_phone(
    name: str,
    language: str,
    addresses: dict[str, str],
    open_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    page = open_page(language)
    # Two pages send themselves away; here they have to stay.
    for script in ("**/send.js*", "**/return.js*"):
        page.route(script, lambda route: route.fulfill(body="", content_type="text/javascript"))
    party, _, path = name.partition("/")
    page.goto(f"{addresses[party]}/{path}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert_accessible(page)
    if language == "nl":
        screenshot(page, f"{party}-{path}-desktop")
    page.set_viewport_size({"width": PHONE, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    if language == "nl":
        screenshot(page, f"{party}-{path}-phone")
