"""Where a page may send the browser, and who may show it."""

import dataclasses
import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.samples import BROKER_PAGES, STUB_PAGES, broker_application, stub_application

pytestmark = pytest.mark.browser

FIELDS = {"SAMLRequest": "PHNhbWxwOkF1dGhuUmVxdWVzdC8+", "RelayState": "a \"b\" <c> & 'd'"}


@pytest.fixture(scope="module")
def elsewhere(serve: Callable[..., str]) -> str:
    """Another site: another host name for the browser."""
    return serve(stub_application(), host="127.0.0.1")


@pytest.fixture(scope="module")
def broker(serve: Callable[..., str], elsewhere: str) -> str:
    confirm = dataclasses.replace(BROKER_PAGES["confirm_representation"], choose_url=f"/leave?to={elsewhere}/sign_in")
    return serve(
        broker_application(
            {
                "send": dataclasses.replace(BROKER_PAGES["send_form"], target=f"{elsewhere}/posted", fields=FIELDS),
                "named": dataclasses.replace(confirm, form_targets=(f"{elsewhere}/acs",)),
                "not_named": dataclasses.replace(confirm, form_targets=()),
                "problem": BROKER_PAGES["problem"],
            }
        )
    )


@pytest.fixture(scope="module")
def stub(serve: Callable[..., str], elsewhere: str) -> str:
    page = dataclasses.replace(STUB_PAGES["return_form"], target=f"{elsewhere}/posted", fields=FIELDS)
    return serve(stub_application({"send": page}))


@pytest.fixture(params=["broker", "stub"])
def sender(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(request.param)


def test_form_goes_by_itself(sender: str, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"{sender}/send")
    page.wait_for_url("**/posted")
    assert json.loads(page.locator("body").inner_text()) == FIELDS


def test_form_goes_by_its_button_without_scripts(sender: str, open_page: Callable[..., Page]) -> None:
    page = open_page(javascript=False)
    page.goto(f"{sender}/send")
    page.get_by_role("button", name="Ga verder").click()
    page.wait_for_url("**/posted")
    assert json.loads(page.locator("body").inner_text()) == FIELDS


def test_redirect_after_a_form_reaches_a_site_that_the_page_names(
    broker: str, elsewhere: str, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"{broker}/named")
    page.get_by_role("button", name="Ga verder").click()
    page.wait_for_url(f"{elsewhere}/sign_in")


def test_redirect_after_a_form_to_another_site_is_blocked(
    broker: str, open_page: Callable[..., Page], console_errors: list[str]
) -> None:
    page = open_page()
    page.goto(f"{broker}/not_named")
    with page.expect_console_message():
        page.get_by_role("button", name="Ga verder").click()
    assert "form-action 'self'" in console_errors.pop()
    assert page.url == f"{broker}/not_named"


@pytest.mark.parametrize("party", ["broker", "elsewhere"])
def test_WEB_07_page_is_not_shown_in_a_frame(
    party: str, open_page: Callable[..., Page], console_errors: list[str], request: pytest.FixtureRequest
) -> None:
    address = f"{request.getfixturevalue(party)}/problem"
    page = open_page()
    with page.expect_console_message():
        page.set_content(f"<iframe src='{address}'></iframe>")
    assert "frame-ancestors 'none'" in console_errors.pop()
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_count(0)
