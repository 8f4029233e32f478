"""The browser without a window behaves as browsers do where a login depends on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote

import pytest

from broker.headless import Stuck

from .driver import Browser
from .page import NotOnPage

PAGE = b"""<html lang="nl"><body><h1>Kies een
 organisatie</h1><a href="/next">Verder</a>
<form method="post" action="/choose"><input type="hidden" name="token" value="t">
<input type="radio" name="who" value="a" id="a"><label for="a"><b>Bakkerij</b> via kantoor</label>
<input type="radio" name="who" value="b" id="b"><label for="b">Bakfiets</label>
<input name="memo"><button name="go" value="yes"> Inloggen </button>
<button name="go" value="no">Annuleren</button><button form="elsewhere">Stoppen</button></form>
<form method="post" action="/stop" id="elsewhere"><input type="hidden" name="why" value="x"></form>
<form action="/search"><input name="q"><input type="submit" value="Zoek"></form></body></html>"""


class Echo(BaseHTTPRequestHandler):
    """Says what it received; `/set/<attributes>` sets a cookie, `/to/<status>/<host>/<path>` redirects."""

    def do_GET(self) -> None:
        _, first, *rest = self.path.split("/")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        said = PAGE
        status, headers = 200, {}
        if first == "set":
            headers = {"Set-Cookie": "a=1; Path=/" + unquote(rest[0])}
        elif first == "loop":
            status, headers = 302, {"Location": "/loop"}
        elif first == "to":
            status, headers = int(rest[0]), {"Location": f"http://{rest[1]}:{self.server.server_port}/{rest[2]}"}
        elif first != "page":
            seen = (self.command, self.path, body, self.headers.get("Cookie"), self.headers.get("Origin"))
            said = repr(seen).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(said))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """No access log."""


@contextmanager
def echoing() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with echoing() as found:
        yield found


@pytest.fixture(scope="module")
def other_port() -> Iterator[int]:
    with echoing() as found:
        yield found


def test_form_is_found_by_its_button_and_sent_with_it(browser: Browser, port: int) -> None:
    form = browser.open(f"http://127.0.0.1:{port}/page").form("Annuleren")

    sent = browser.submit(form, {"who": "b"})

    assert sent.text.startswith(f"('POST', '/choose', 'token=t&who=b&memo=&go=no', None, 'http://127.0.0.1:{port}'")


def test_form_without_method_is_sent_in_the_address(browser: Browser, port: int) -> None:
    form = browser.open(f"http://127.0.0.1:{port}/page").form("Zoek")

    assert browser.submit(form, {"q": "a b"}).text.startswith("('GET', '/search?q=a+b', ''")


def test_button_sends_the_form_that_it_names(browser: Browser, port: int) -> None:
    page = browser.open(f"http://127.0.0.1:{port}/page")

    assert browser.submit(page.form("Stoppen")).text.startswith("('POST', '/stop', 'why=x'")


def test_choice_is_made_by_its_label(browser: Browser, port: int) -> None:
    page = browser.open(f"http://127.0.0.1:{port}/page")

    assert "token=t&who=a&" in browser.submit(page.form("Inloggen").choose("Bakkerij")).text
    with pytest.raises(NotOnPage, match=r"2 choices 'Bak'; choices: .*Bakkerij via kantoor"):
        page.form("Inloggen").choose("Bak")
    with pytest.raises(NotOnPage, match="0 choices 'kantoor'"):
        page.form("Inloggen").choose("kantoor")


def test_choice_that_is_not_offered_cannot_be_made(browser: Browser, port: int) -> None:
    page = browser.open(f"http://127.0.0.1:{port}/page")

    with pytest.raises(ValueError, match="c"):
        browser.submit(page.form("Inloggen"), {"who": "c"})
    with pytest.raises(KeyError):
        browser.submit(page.form("Inloggen"), {"kvk": "90004760"})


def test_page_says_what_it_has_when_asked_for_what_it_has_not(browser: Browser, port: int) -> None:
    page = browser.open(f"http://127.0.0.1:{port}/page")

    assert page.heading == "Kies een organisatie"
    assert browser.follow(page, "Verder").text.startswith("('GET', '/next'")
    with pytest.raises(NotOnPage, match="Annuleren"):
        page.form("Doorgaan")
    with pytest.raises(NotOnPage, match="Verder"):
        page.link("Terug")


@pytest.mark.parametrize(("status", "method"), [(302, "GET"), (303, "GET"), (307, "POST")])
def test_redirect_after_post(browser: Browser, port: int, status: int, method: str) -> None:
    form = browser.open(f"http://127.0.0.1:{port}/page").form("Inloggen")
    form.element.set("action", f"/to/{status}/127.0.0.1/arrived")

    page = browser.submit(form)

    assert page.text.startswith(f"('{method}', '/arrived'")
    assert page.hops == ((status, f"http://127.0.0.1:{port}/to/{status}/127.0.0.1/arrived"),)


def test_endless_redirects_end(browser: Browser, port: int) -> None:
    with pytest.raises(Stuck, match=r"more than 20 redirects in a row, to http://127.0.0.1:\d+/loop \(21 times\)"):
        browser.open(f"http://127.0.0.1:{port}/loop")


def test_cookie_goes_to_every_port_of_its_host_and_to_no_other_host(
    browser: Browser, port: int, other_port: int
) -> None:
    browser.open(f"http://localhost:{port}/set/")

    assert "'a=1'" in browser.open(f"http://localhost:{other_port}/show").text
    assert "None, None" in browser.open(f"http://127.0.0.1:{port}/show").text


@pytest.mark.parametrize(
    ("attributes", "with_post", "with_get"),
    [
        ("", False, True),
        ("; SameSite=Lax", False, True),
        ("; SameSite=Strict", False, False),
        ("; SameSite=None; Secure", True, True),
        ("; SameSite=None", False, False),
    ],
)
def test_cookie_crosses_sites_as_its_same_site_says(
    browser: Browser, port: int, attributes: str, with_post: bool, with_get: bool
) -> None:
    browser.open(f"http://localhost:{port}/set/{attributes}")
    elsewhere = browser.open(f"http://127.0.0.1:{port}/page")
    form = elsewhere.form("Inloggen")
    form.element.set("action", f"http://localhost:{port}/post")

    assert ("'a=1'" in browser.submit(form).text) == with_post
    assert ("'a=1'" in browser.open(f"http://localhost:{port}/get", from_page=elsewhere).text) == with_get


def test_same_site_does_not_matter_within_a_site(browser: Browser, port: int) -> None:
    browser.open(f"http://localhost:{port}/set/; SameSite=Strict")
    form = browser.open(f"http://localhost:{port}/page").form("Inloggen")

    assert "'a=1'" in browser.submit(form).text
