"""The pages around the login: headers, languages, errors, and what a screen reader is told."""

import re
from pathlib import Path

import pytest
from lxml import html

import sp_demo
from sp_demo.app import create_app
from sp_demo.language import read_texts
from sp_demo.refusal import Reason
from tests.sp_demo.visit import BASE_URL, heading


def test_the_start_page_offers_every_service_of_every_portal(visit):
    page = html.fromstring(visit.get("/").text)
    forms = [(form.action, form.fields["service"]) for form in page.forms]
    assert forms == [
        ("/login/kvk", "9001"),
        ("/login/kvk", "9002"),
        ("/login/gemeente", "9001"),
        ("/login/gemeente", "9002"),
    ]
    assert page.findtext(".//li/p") == "Nodig: betrouwbaarheidsniveau EH3"
    assert page.findtext(".//button") == "Inloggen met eHerkenning (simulator)"


def test_the_start_page_shows_where_one_is_logged_in(visit):
    sent = visit.begin()
    visit.finish(sent, visit.answer(sent))
    assert "U bent hier ingelogd. Bekijk uw gegevens bij Portaal kvk" in visit.get("/").text


@pytest.mark.parametrize("path", ["/", "/portal/kvk", "/portal/kvk/outcome", "/metadata/kvk", "/absent", "/acs/kvk"])
def test_headers_of_every_answer(visit, path):
    headers = visit.get(path).headers
    assert headers["Cache-Control"] == "no-cache, no-store"
    assert headers["Pragma"] == "no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }


def test_only_the_page_that_sends_may_post_to_the_broker(visit):
    page = visit.post("/login/kvk", data={"service": "9001"})
    assert f"form-action 'self' {visit.broker.url};" in page.headers["Content-Security-Policy"]
    document = html.fromstring(page.text)
    assert document.findtext(".//form/button") == "Ga verder"
    # nothing inline, which the policy would block anyway
    assert [script.text for script in document.iter("script")] == [None]
    assert not document.xpath("//@style | //style | //@onload | //@onclick")


def test_the_cookie_is_for_this_site_and_not_for_scripts(visit):
    cookie = visit.post("/login/kvk").headers["Set-Cookie"]
    assert cookie.startswith("sp_demo_session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_the_cookie_needs_https_where_there_is_https(settings_file):
    settings_file.write_text(settings_file.read_text().replace("http://127.0.0.1:8082", "https://sp.example"))
    answer = create_app(settings_file).test_client().post("/login/kvk", base_url="https://sp.example")
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


def test_another_host_name_leads_to_the_right_one(visit):
    answer = visit.browser.get("/login/kvk?service=9002", base_url="http://localhost:8082")
    assert (answer.status_code, answer.location) == (302, f"{BASE_URL}/login/kvk?service=9002")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "nl"),
        ({"headers": {"Accept-Language": "en-GB,en;q=0.9"}}, "en"),
        ({"headers": {"Accept-Language": "fy, nl;q=0.5, en;q=0.2"}}, "nl"),
        ({"headers": {"Accept-Language": "de"}}, "nl"),
        ({"query_string": {"lang": "en"}}, "en"),
        ({"query_string": {"lang": "nl"}, "headers": {"Accept-Language": "en"}}, "nl"),
        ({"query_string": {"lang": "de"}, "headers": {"Accept-Language": "en"}}, "en"),
    ],
)
def test_the_language_of_a_first_visit(visit, options, expected):
    page = visit.get("/", **options)
    assert html.fromstring(page.text).get("lang") == expected
    assert page.headers["Content-Language"] == expected


def test_a_chosen_language_stays(visit):
    visit.get("/", query_string={"lang": "en"})
    assert heading(visit.get("/", headers={"Accept-Language": "nl"})) == "Choose a service"
    visit.get("/", query_string={"lang": "nl"})
    assert heading(visit.get("/", headers={"Accept-Language": "en"})) == "Kies een dienst"


def test_the_language_links_stay_on_the_page(visit):
    page = visit.post("/login/kvk", data={"service": "9002"})
    links = html.fromstring(page.text).xpath("//nav//a/@href")
    assert links == ["/login/kvk?lang=nl&service=9002", "/login/kvk?lang=en&service=9002"]
    assert heading(visit.get(links[1])) == "You are going to eHerkenning (simulator)"
    assert html.fromstring(visit.get("/absent").text).xpath("//nav//a/@href") == ["/?lang=nl", "/?lang=en"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/absent", 404),
        ("get", "/login/absent", 404),
        ("get", "/login/kvk?service=1", 404),
        ("get", "/login/kvk?service=x", 404),
        ("get", f"/login/kvk?service={'9' * 5000}", 404),
        ("get", "/portal/absent", 404),
        ("get", "/metadata/absent", 404),
        ("get", "/acs/absent", 404),
        ("get", "/logout/kvk", 405),
    ],
)
def test_pages_that_are_not_there(visit, method, path, status):
    page = getattr(visit, method)(path)
    assert page.status_code == status
    assert heading(page) == "Dat is niet gelukt"


@pytest.mark.parametrize(("path", "status"), [("/acs/kvk", 413), ("/login/kvk", 413), ("/login/absent", 404)])
def test_a_form_that_is_too_large(visit, path, status):
    page = visit.post(path, data={"SAMLart": "A" * 100_000})
    assert page.status_code == status
    assert heading(page) == "Dat is niet gelukt"


def test_a_fault_of_our_own_shows_a_reference_and_no_trace(app, visit, caplog):
    @app.get("/fault")
    def fault():
        raise RuntimeError("secret detail")

    page = visit.get("/fault")
    assert page.status_code == 500
    assert "secret detail" not in page.text
    reference = html.fromstring(page.text).findall(".//dd")[1].text
    assert reference in caplog.text
    assert "secret detail" in caplog.text


def test_the_texts_are_those_that_are_used_and_say_the_same_in_both_languages():
    package = Path(sp_demo.__file__).parent
    code = "".join(path.read_text() for path in [*package.glob("templates/*.html"), *package.glob("*.py")])
    texts = {f"{group}.{name}": text for group, named in read_texts().items() for name, text in named.items()}
    by_rule = {f"reason.{reason.name}" for reason in Reason}
    by_rule |= {f"{kind}.title" for kind in ("stopped", "denied", "refused")} | {"stopped.text", "denied.text"}
    by_rule |= {key for key in texts if key.startswith(("check.", "fact.", "identifier."))}
    written = {key for key in re.findall(r"[\"']([a-z]+\.\w+)[\"']", code) if key in texts}
    assert set(texts) == written | by_rule
    for key, text in texts.items():
        assert re.findall(r"{\w+}", text.nl) == re.findall(r"{\w+}", text.en), key
        assert text.nl != text.en or text.nl in ("simulator", "RSIN", "Status", "Code"), key
