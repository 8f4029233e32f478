"""Every page, in both languages: accessible, readable on a phone, and complete without scripts."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from functools import cache

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, new_profile
from tests.web.samples import BROKER_PAGES, STUB_PAGES, broker_application, stub_application

pytestmark = pytest.mark.browser

PAGES = [f"broker/{name}" for name in BROKER_PAGES] + [f"stub/{name}" for name in STUB_PAGES]


@pytest.fixture(scope="session")
def addresses(serve: Callable[..., str]) -> dict[str, str]:
    return {"broker": serve(broker_application()), "stub": serve(stub_application(), host="127.0.0.1")}


@pytest.fixture(scope="module")
def standing_page(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """standing_page(language): one page that stays open, since these tests leave nothing behind in it."""
    with ExitStack() as stack:

        @cache
        def of(language: str) -> Page:
            profile = stack.enter_context(closing(new_profile(browser, (language, DESKTOP, True))))
            page = profile.new_page()
            # Two pages send themselves away; here they have to stay.
            for script in ("**/send.js*", "**/return.js*"):
                page.route(script, lambda route: route.fulfill(body="", content_type="text/javascript"))
            return page

        yield of


@pytest.fixture
def visit(
    standing_page: Callable[[str], Page], complaints: Callable[[Page], AbstractContextManager[None]]
) -> Callable[[str], AbstractContextManager[Page]]:
    """visit(language): a page on a desktop; what its console complains of inside fails the test."""

    @contextmanager
    def visiting(language: str) -> Iterator[Page]:
        page = standing_page(language)
        page.set_viewport_size({"width": DESKTOP, "height": 800})
        with complaints(page):
            yield page

    return visiting


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_fits_a_phone(
    name: str,
    language: str,
    addresses: dict[str, str],
    visit: Callable[[str], AbstractContextManager[Page]],
    assert_accessible: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    party, _, path = name.partition("/")
    with visit(language) as page:
        page.goto(f"{addresses[party]}/{path}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        # The two languages have the same elements: that every text is translated is tested elsewhere.
        if language == "nl":
            assert_accessible(page)
            screenshot(page, f"{party}-{path}-desktop")
        page.set_viewport_size({"width": PHONE, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
        if language == "nl":
            screenshot(page, f"{party}-{path}-phone")
