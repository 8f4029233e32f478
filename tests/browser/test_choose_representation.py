"""On whose behalf: by keyboard, by mouse, and without scripts."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.samples import broker_application

pytestmark = pytest.mark.browser

FOCUSED = """() => {
    const element = document.activeElement;
    return element.id || element.rel || element.innerText || element.tagName;
}"""


@pytest.fixture(scope="module")
def broker(serve: Callable[..., str]) -> str:
    return serve(broker_application())


def posted(page: Page) -> dict[str, str]:
    page.wait_for_url("**/posted")
    return json.loads(page.locator("body").inner_text())


def test_keyboard_meets_everything_once_in_the_order_of_the_page(broker: str, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"{broker}/choose_representation")
    met = []
    for _ in range(12):
        page.keyboard.press("Tab")
        met.append(page.evaluate(FOCUSED))
    assert met == [
        "Naar de inhoud",
        "English",
        "q",
        "Zoek",
        "choice-1",
        "Ga verder",
        "Annuleren",
        "1",
        "2",
        "33",
        "next",
        "Hulp",
    ]


def test_keyboard_meets_the_button_that_pins_of_the_row_it_is_in_and_no_other(
    broker: str, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"{broker}/choose_representation_at_hand")
    page.locator("#choice-4").check()
    page.locator("#q").focus()
    met = []
    for _ in range(5):
        page.keyboard.press("Tab")
        met.append(page.evaluate(FOCUSED))
    assert [text.replace("\n", "") for text in met] == [
        "Zoek",
        "choice-4",
        "Zet vast: Bakkerij De Korenaar",
        "Ga verder",
        "Annuleren",
    ]
    page.locator("#choice-4").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert posted(page) == {"csrf_token": "c5rf", "step": "choose", "pin": "token-1"}


def test_the_mouse_finds_the_button_that_pins_in_the_row_it_is_over(
    broker: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(javascript=False)
    page.goto(f"{broker}/choose_representation_at_hand")
    expect(page.locator("button[form=pin]").nth(3)).not_to_be_visible()
    page.locator("li", has=page.locator("#choice-4")).hover()
    expect(page.locator("button[form=pin]").nth(3)).to_be_visible()
    expect(page.locator("button[form=pin]").nth(4)).not_to_be_visible()
    page.locator("button[form=pin]").nth(3).click()
    assert posted(page)["pin"] == "token-1"


def test_skip_link_is_shown_on_focus_and_leads_past_the_header(broker: str, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"{broker}/choose_representation")
    skip = page.get_by_role("link", name="Naar de inhoud")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "q"


def test_type_arrows_enter_chooses_a_client(broker: str, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"{broker}/choose_representation")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("koren")
    page.keyboard.press("Enter")
    page.wait_for_url("**/choose_representation?q=koren")
    page.get_by_role("searchbox").focus()
    for key in ("Tab", "Tab", "Space", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    assert posted(page)["choice"] == "token-2"


def test_whole_row_can_be_pressed(broker: str, open_page: Callable[..., Page]) -> None:
    page = open_page(width=320)
    page.goto(f"{broker}/choose_representation")
    page.locator(".choices > li", has_text="Drukkerij Het Lood V.O.F.").first.click(position={"x": 280, "y": 5})
    expect(page.get_by_role("radio", name="Drukkerij Het Lood V.O.F. via").first).to_be_checked()
    page.get_by_role("button", name="Ga verder").click()
    assert posted(page) == {"csrf_token": "c5rf", "step": "choose", "choice": "token-3"}


def test_error_link_brings_the_keyboard_to_the_choice(broker: str, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"{broker}/choose_representation_nothing_chosen")
    page.get_by_role("link", name="Kies een organisatie.").press("Enter")
    expect(page.locator("#choice-1")).to_be_focused()


def test_radio_buttons_are_named_described_and_grouped(broker: str, open_page: Callable[..., Page]) -> None:
    page = open_page("en")
    page.goto(f"{broker}/choose_representation")
    group = page.get_by_role("group", name="Organisations that have given you a mandate")
    first = group.get_by_role("radio").first
    expect(first).to_have_accessible_name("Bakkerij De Korenaar through Administratiekantoor Van Beek en Partners B.V.")
    expect(first).to_have_accessible_description(
        "KvK number 90001001, Enschede, level EH4, valid until 31 December 2027 expires soon"
    )


def test_choice_can_be_seen_with_the_colours_of_the_device(broker: str, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.emulate_media(forced_colors="active")
    page.goto(f"{broker}/choose_representation_found")
    radio = page.get_by_role("radio").first
    box = radio.bounding_box()
    centre = {"x": box["x"] + box["width"] / 2 - 2, "y": box["y"] + box["height"] / 2 - 2, "width": 4, "height": 4}
    open_circle = page.screenshot(clip=centre)
    radio.check()
    assert page.screenshot(clip=centre) != open_circle


def test_search_choose_and_cancel_work_without_scripts(broker: str, open_page: Callable[..., Page]) -> None:
    page = open_page(javascript=False)
    page.goto(f"{broker}/choose_representation")
    page.get_by_role("searchbox").fill("koren")
    page.get_by_role("button", name="Zoek").click()
    page.wait_for_url("**/choose_representation?q=koren")
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Ga verder").click()
    assert posted(page)["choice"] == "token-1"
    page.go_back()
    page.get_by_role("button", name="Annuleren").click()
    page.wait_for_url("**/posted?cancel")
    assert json.loads(page.locator("body").inner_text()) == {"csrf_token": "c5rf", "step": "choose"}


def test_language_switch_keeps_the_search_and_is_remembered(broker: str, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"{broker}/choose_representation_found?q=90001&page=1")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/choose_representation_found?q=90001&page=1&lang=en")
    expect(page.get_by_role("heading", level=1)).to_have_text("On behalf of which organisation do you want to log in?")
    page.goto(f"{broker}/problem")
    expect(page.locator("html")).to_have_attribute("lang", "en")
