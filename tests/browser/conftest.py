"""A real Chromium, servers for it to talk to, and what tests ask of a page.

    browser         the Chromium of this run; fails when there is none
    serve           serve(app, host="localhost") -> address of the running application
    open_page       open_page(language="nl", width=1280, javascript=True) -> a page; each call in a test gives one in
                    a browser profile of its own, without cookies
    console_errors  what the browser complained of
    assert_accessible   assert_accessible(page): no violation of WCAG 2.2 AA or of axe's best practices
    complaints      complaints(page) listens to a page that several tests share
    screenshot      screenshot(page, "name") writes screenshots/name.png, with `--screenshots`

A test fails when a page that it opened has an error in its console: a blocked script, style, form or file is one.
"""

import shutil
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
PHONE, DESKTOP = 320, 1280
LOOPBACK_ONLY = "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
LAUNCH_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules={LOOPBACK_ONLY}",
]
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # axe would copy imported style sheets into the page, which the page's own security policy forbids.
    "preload": False,
}

Options = tuple[str, int, bool]
Profiles = dict[Options, list[BrowserContext]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("there is no program 'chromium' on PATH; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=LAUNCH_ARGUMENTS)
        yield chromium
        chromium.close()


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing: the page that fails is what a test reports."""


def _whole(app: Flask) -> Callable[..., list[bytes]]:
    """`app`, whose answers are read before they are sent: Werkzeug leaves a file open when the browser goes away."""

    def call(environ: Any, start_response: Any) -> list[bytes]:
        with closing(app(environ, start_response)) as answer:
            return list(answer)

    return call


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., str]]:
    running = []

    def start(app: Flask, host: str = "localhost") -> str:
        server = make_server("127.0.0.1", 0, _whole(app), threaded=True, request_handler=_Quiet)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://{host}:{server.server_port}"

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def idle_profiles() -> Iterator[Profiles]:
    """Profiles that no test is using. They keep the style sheets, which take most of the time of a first page."""
    profiles: Profiles = defaultdict(list)
    yield profiles
    for contexts in profiles.values():
        for context in contexts:
            context.close()


@pytest.fixture
def console_errors() -> list[str]:
    """What the browser complained of in this test; a test that means it looks at the list and empties it."""
    return []


@pytest.fixture
def complaints(console_errors: list[str]) -> Callable[[Page], AbstractContextManager[None]]:
    """complaints(page): what the page's console complains of inside fails the test."""

    @contextmanager
    def listening(page: Page) -> Iterator[None]:
        def hear(message: ConsoleMessage) -> None:
            if message.type == "error":
                console_errors.append(message.text)

        def break_(error: Error) -> None:
            console_errors.append(str(error))

        page.on("console", hear)
        page.on("pageerror", break_)
        yield
        page.remove_listener("console", hear)
        page.remove_listener("pageerror", break_)
        _assert_none(console_errors)

    return listening


@pytest.fixture
def open_page(browser: Browser, idle_profiles: Profiles, console_errors: list[str]) -> Iterator[Callable[..., Page]]:
    in_use: list[tuple[Options, BrowserContext]] = []

    def start(language: str = "nl", width: int = DESKTOP, javascript: bool = True) -> Page:
        options = (language, width, javascript)
        idle = idle_profiles[options]
        context = idle.pop() if idle else new_profile(browser, options)
        in_use.append((options, context))
        page = context.new_page()
        page.on("console", lambda message: console_errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: console_errors.append(str(error)))
        return page

    yield start
    for options, context in in_use:
        for page in context.pages:
            page.close()
        context.clear_cookies()
        idle_profiles[options].append(context)
    _assert_none(console_errors)


def _assert_none(console_errors: list[str]) -> None:
    assert not console_errors, "errors in the browser's console:\n" + "\n".join(console_errors)


def new_profile(browser: Browser, options: Options) -> BrowserContext:
    language, width, javascript = options
    context = browser.new_context(
        locale=language, viewport={"width": width, "height": 800}, java_script_enabled=javascript
    )
    context.set_default_timeout(10_000)
    return context


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    axe = Axe()

    def check(page: Page) -> None:
        page.wait_for_load_state()  # else there may be no style yet
        results = axe.run(page, options=AXE_OPTIONS)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check


@pytest.fixture(scope="session")
def screenshot(pytestconfig: pytest.Config) -> Iterator[Callable[[Page, str], None]]:
    if not pytestconfig.getoption("screenshots"):
        yield lambda _page, _name: None
        return
    SCREENSHOTS.mkdir(exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    yield take
    with pytestconfig.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        sys.stderr.write(f"\nscreenshots: {SCREENSHOTS}\n")
