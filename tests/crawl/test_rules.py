"""The rules see what is wrong: a crawl without faults says something."""

from dataclasses import replace

import pytest

from tests.crawl.answers import Answer
from tests.crawl.parties import Party
from tests.crawl.rules import faults
from tests.web.samples import broker_application

POLICY = "default-src 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Language": "nl",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache, no-store",
    "Pragma": "no-cache",
    "Set-Cookie": "a=b; HttpOnly; Path=/; SameSite=Lax",
}
PAGE = '<!doctype html><html lang="nl"><head><title>Titel</title></head><body><h1>Kop</h1>{}</body></html>'
BROKER = Party("broker", "http://localhost:8080", broker_application())
OVER_HTTPS = replace(BROKER, base="https://broker.test")
FORM = '<form method="post" action="{}"><button>Verder</button></form>'


def answer(inside: str = "", status: int = 200, party: Party = BROKER, **changed: str | None) -> Answer:
    """A page that is as it should be, but for what is `changed` in its headers and what stands `inside`."""
    wanted = HEADERS | {name.replace("_", "-"): value for name, value in changed.items()}
    headers = tuple((name, value) for name, value in wanted.items() if value is not None)
    return Answer(party, "page", "GET", f"{party.base}/home", "nl", status, headers, PAGE.format(inside).encode())


def test_a_page_as_it_should_be_has_no_faults() -> None:
    assert list(faults(answer('<a href="#x">x</a><p id="x">x</p><script src="/static/send.js"></script>'))) == []
    secure = {"Set_Cookie": HEADERS["Set-Cookie"] + "; Secure", "Strict_Transport_Security": "max-age=1"}
    assert list(faults(answer(party=OVER_HTTPS, **secure))) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"Content_Security_Policy": None},
        {"Content_Security_Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")},
        {"Content_Security_Policy": POLICY.replace("base-uri 'none'", "base-uri 'self'")},
        {"Content_Security_Policy": POLICY.replace("form-action 'self'; ", "")},
        {"Content_Security_Policy": POLICY.replace("object-src 'none'", "object-src 'self'")},
        {"Content_Security_Policy": POLICY.replace("default-src 'self'", "default-src 'self' 'unsafe-inline'")},
        {"Content_Security_Policy": POLICY + "; script-src *"},
        {"Content_Security_Policy": POLICY + "; script-src data:"},
        {"Content_Security_Policy": POLICY + "; style-src https://elsewhere.test"},
        {"X_Content_Type_Options": None},
        {"Referrer_Policy": "unsafe-url"},
        {"Cache_Control": "public"},
        {"Cache_Control": "no-cache"},
        {"Pragma": None},
        {"Access_Control_Allow_Origin": "*"},
        {"Strict_Transport_Security": "max-age=1"},
        {"Set_Cookie": "a=b; Path=/; SameSite=Lax"},
        {"Set_Cookie": "a=b; HttpOnly; Path=/"},
        {"Set_Cookie": "a=b; HttpOnly; Path=/; SameSite=None"},
        {"Set_Cookie": "a=b; HttpOnly; Path=/; SameSite=Lax; Domain=test"},
        {"Set_Cookie": "a=b; HttpOnly; Path=/; SameSite=Lax; Secure"},
        {"Content_Type": "text/html"},
        {"Content_Type": "text/csv; charset=utf-8"},
        {"Content_Language": "en"},
        {"Refresh": "2; url=https://elsewhere.test/home"},
        {"Refresh": "2; url=/elsewhere"},
    ],
    ids=str,
)
def test_a_header_that_is_not_as_it_should_be(changed: dict[str, str | None]) -> None:
    assert len(list(faults(answer(**changed)))) > 0


def test_over_https_cookies_are_kept_to_it_and_it_is_promised() -> None:
    assert len(list(faults(answer(party=OVER_HTTPS)))) == 2


@pytest.mark.parametrize(
    "inside",
    [
        "<h1>Nog een</h1>",
        '<p style="color: red">x</p>',
        "<style>p { color: red }</style>",
        "<script>alert(1)</script>",
        '<button onclick="go()">x</button>',
        '<a href="javascript:go()">x</a>',
        '<a href=" data:text/html,x">x</a>',
        '<a href="#nowhere">x</a>',
        '<p id="x">x</p><p id="x">x</p>',
        '<iframe src="/home"></iframe>',
        '<object data="/home"></object>',
        '<img src="https://elsewhere.test/x.png" alt="">',
        '<script src="//elsewhere.test/x.js"></script>',
        '<meta http-equiv="refresh" content="0">',
        '<form action="/home"><input name="q"></form>',
        '<form action="/home"><label for="q">Zoek</label><select id="s" name="s"></select></form>',
        '<p aria-describedby="nowhere">x</p>',
        FORM.format("/posted"),
        FORM.format("/nothing/there"),
        FORM.format("https://elsewhere.test/acs"),
    ],
)
def test_what_may_not_be_on_a_page(inside: str) -> None:
    assert len(list(faults(answer(inside)))) > 0


def test_a_form_with_its_token_or_to_where_the_policy_lets_it() -> None:
    hidden = '<input type="hidden" name="csrf_token" value="t">'
    assert list(faults(answer(FORM.format("/posted").replace("<button", hidden + "<button")))) == []
    policy = POLICY.replace("form-action 'self'", "form-action 'self' https://elsewhere.test")
    assert list(faults(answer(FORM.format("https://elsewhere.test/acs"), Content_Security_Policy=policy))) == []


def test_a_form_that_is_shown_again_says_what_is_wrong() -> None:
    summary = '<div role="alert"><a href="#x">{}</a></div><form action="/home"><label>X <input id="x"></label></form>'
    assert list(faults(answer(summary, status=422))) == []
    assert len(list(faults(answer(summary.replace("alert", "status"), status=422)))) == 1


@pytest.mark.parametrize("told", ["Traceback (most recent call last)", "broker/web/login.py", "sqlite3.Error"])
def test_an_error_that_tells_how_the_program_is_made(told: str) -> None:
    assert list(faults(answer(f"<p>{told}</p>"))) == []
    assert len(list(faults(answer(f"<p>{told}</p>", status=500)))) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [("<!doctype html>", ""), ('lang="nl"', 'lang="en"'), ("<h1>Kop</h1>", ""), ("Titel", " ")],
)
def test_a_frame_that_is_not_as_it_should_be(old: str, new: str) -> None:
    page = answer()
    assert len(list(faults(replace(page, body=page.body.replace(old.encode(), new.encode()))))) > 0
