"""The login in a real browser: cookies across sites, the content security policy, and axe on every page."""

import shutil
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from markupsafe import Markup
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from sp_demo.app import create_app
from tests.sp_demo import wire_broker
from tests.sp_demo.visit import BASE_URL, OINS
from tests.sp_demo.wire_messages import Answer, ServiceProvider, Signer, envelope

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["nl", "en"])]


@pytest.fixture
def portals(settings_file, broker, pki):
    """The address of the portals, whose broker has another host name: cookies do not travel with posts from there."""
    broker.url = broker.url.replace("127.0.0.1", "localhost")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings_file.write_text(settings_file.read_text().replace(BASE_URL, url))
        (settings_file.parent / "broker.xml").write_text(wire_broker.broker_metadata(broker, [pki["broker"]]))
        server = make_server("127.0.0.1", 0, create_app(settings_file), threaded=True, fd=listener.fileno())
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield url
        server.shutdown()
        thread.join()
        server.server_close()


def in_browser(language, act):
    """Run `act(page)` in a new Chromium, in a thread of its own.

    Playwright allows one driver per thread, and other tests of the same run may hold one for as long as it lasts.
    """

    def run():
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            act(browser.new_context(locale=language).new_page())
            browser.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


def answering(broker, pki, portals, deliver, **changes):
    """Have the broker answer at once, as `deliver` says."""

    def sso(request, relay_state):
        provider = ServiceProvider(
            entity_id=f"urn:etoegang:DV:{OINS['kvk']}:entities:9001",
            acs_url=f"{portals}/acs/kvk",
            encryption=pki["kvk-encryption"],
            service_id=f"urn:etoegang:DV:{OINS['kvk']}:services:9001",
        )
        answer = Answer(provider, request.get("ID"), Signer(pki["broker"])).but(**changes)
        artifact = broker.artifact(lambda resolve_id: envelope(answer.artifact_response(resolve_id)))
        return deliver(provider.acs_url, artifact, relay_state)

    broker.sso = sso


def by_redirect(acs_url, artifact, relay_state):
    return redirect(f"{acs_url}?SAMLart={artifact.replace('+', '%2B')}&RelayState={relay_state}", 303)


def by_form(acs_url, artifact, relay_state):
    form = Markup(
        '<form method="post" action="{}"><input name="SAMLart" value="{}"><input name="RelayState" value="{}">'
        "<button>x</button></form><script>document.forms[0].submit()</script>"
    )
    return Response(form.format(acs_url, artifact, relay_state), mimetype="text/html")


def accessible(page):
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("deliver", [by_redirect, by_form])
def test_the_script_presses_the_button_and_the_cookie_comes_back(portals, broker, pki, language, deliver):
    answering(broker, pki, portals, deliver, intermediary=("90001354", "Voorbeeld Accountants"))

    def act(page):
        page.goto(portals)
        assert page.locator("html").get_attribute("lang") == language
        accessible(page)
        page.locator("button").first.click()
        page.wait_for_url(f"{portals}/portal/kvk")
        assert "Voorbeeld Accountants" in page.locator("h1").inner_text()
        accessible(page)
        page.locator("form[action='/logout/kvk'] button").click()
        page.wait_for_url(f"{portals}/")

    in_browser(language, act)


def test_every_other_page_is_accessible(portals, broker, pki, language):
    answering(broker, pki, portals, by_redirect, status=("Responder", "AuthnFailed"), status_message="Cancelled")

    def act(page):
        page.route("**/send.js", lambda route: route.abort())
        page.goto(f"{portals}/login/kvk")
        accessible(page)
        page.locator("#send button").click()
        page.wait_for_url(f"{portals}/portal/kvk/outcome")
        accessible(page)
        for path in ("/acs/kvk?SAMLart=x&RelayState=y", "/portal/kvk", "/absent"):
            page.goto(f"{portals}{path}")
            accessible(page)

    in_browser(language, act)


def test_the_keyboard_reaches_the_content_first_in_a_narrow_window(portals, broker, pki, language):
    answering(broker, pki, portals, by_redirect)

    def act(page):
        page.set_viewport_size({"width": 320, "height": 600})
        page.goto(portals)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
        assert page.locator(".skip").bounding_box()["x"] >= 0
        # a skip link that moves the page makes the first click after it miss
        page.locator("button").first.click()
        page.wait_for_url(f"{portals}/portal/kvk")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320

    in_browser(language, act)
