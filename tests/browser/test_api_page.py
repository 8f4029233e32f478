"""The page about the API, which is made from its document: accessible, and readable on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.network import Network

pytestmark = pytest.mark.browser


def test_page_about_the_api_is_accessible_and_fits_a_phone(
    network: Network, open_page: Callable[..., Page], assert_accessible: Callable[[Page], None]
) -> None:
    page = open_page("en")
    page.goto(f"{network.broker}/api")
    expect(page.get_by_role("heading", level=1)).to_have_text("API")
    assert_accessible(page)
    page.set_viewport_size({"width": PHONE, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.get_by_role("link", name="Problem", exact=True).first.click()
    expect(page.get_by_role("heading", name="Problem", exact=True)).to_be_in_viewport()
