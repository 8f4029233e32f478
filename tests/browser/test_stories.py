"""Stories in a real browser: one press opens a tab in which the login goes by itself, past the security policies."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.network import Network

pytestmark = pytest.mark.browser


def test_story_is_told_in_a_new_tab_by_one_press_of_a_key(
    network: Network, open_page: Callable[..., Page], screenshot: Callable[[Page, str], None]
) -> None:
    page = open_page()
    page.goto(f"{network.broker}/operator/stories")
    button = page.get_by_role("main").get_by_role("button", name="Laat zien").nth(1)
    button.focus()
    screenshot(page, "stories-in-the-demo")
    with page.expect_popup() as opened:
        page.keyboard.press("Enter")

    told = opened.value
    told.wait_for_url("**/portal/gemeente")
    expect(told.get_by_role("heading", level=1)).to_contain_text("KvK-nummer 68727720 via Administratiekantoor")
    screenshot(told, "stories-told")
    expect(page.get_by_role("heading", name="Namens een klant")).to_be_visible()


def test_link_to_a_login_takes_one_press(network: Network, open_page: Callable[..., Page]) -> None:
    page = open_page()
    sp = network.login_address("gemeente", 9001)
    page.goto(f"{network.broker}/operator/log-in?sp={sp}&means=fleur-eh3&client=68727720")
    page.get_by_role("button", name="Begin").click()

    page.wait_for_url("**/portal/gemeente")
    expect(page.get_by_role("heading", level=1)).to_contain_text("KvK-nummer 68727720")
