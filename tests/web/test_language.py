"""Which language wins, how it is remembered, and how values are said in it."""

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from lxml import html

from broker.core.text import Text
from broker.web import language
from tests.web.samples import broker_application, stub_application

APPLICATIONS = {"broker_language": broker_application, "stub_language": stub_application}


@pytest.fixture(params=APPLICATIONS)
def cookie(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def client(cookie: str) -> FlaskClient:
    return APPLICATIONS[cookie]().test_client()


def spoken(client: FlaskClient, path: str = "/problem", accepted: str | None = None) -> str:
    headers = {"Accept-Language": accepted} if accepted else {}
    return html.fromstring(client.get(path, headers=headers).text).get("lang")


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (None, "nl"),
        ("en-GB,en;q=0.9", "en"),
        ("nl-BE,en;q=0.9", "nl"),
        ("de,fr;q=0.8", "nl"),
        ("en;q=0.2,nl;q=0.1", "en"),
        ("*", "nl"),
        (";;q=x,\x7f", "nl"),
    ],
)
def test_browser_decides_and_dutch_is_the_default(client: FlaskClient, accepted: str | None, expected: str) -> None:
    assert spoken(client, accepted=accepted) == expected


def test_cookie_goes_before_the_browser_and_parameter_before_the_cookie(client: FlaskClient, cookie: str) -> None:
    client.set_cookie(cookie, "en")
    assert spoken(client, accepted="nl") == "en"
    assert spoken(client, "/problem?lang=nl", accepted="en") == "nl"


def test_choice_is_remembered(client: FlaskClient) -> None:
    assert spoken(client, "/problem?lang=en") == "en"
    assert spoken(client) == "en"


def test_no_choice_leaves_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/problem", headers={"Accept-Language": "en"}).headers


@pytest.mark.parametrize("wish", ["de", "", "en;Path=/", "nl,en", "EN"])
def test_unknown_language_is_neither_spoken_nor_remembered(client: FlaskClient, cookie: str, wish: str) -> None:
    client.set_cookie(cookie, wish)
    answer = client.get("/problem", query_string={"lang": wish})
    assert html.fromstring(answer.text).get("lang") == "nl"
    assert "Set-Cookie" not in answer.headers


def test_B24_cookie_is_for_this_site_only(client: FlaskClient, cookie: str) -> None:
    plain = client.get("/problem?lang=en").headers["Set-Cookie"]
    assert plain.startswith(f"{cookie}=en;")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(plain.split("; "))
    assert "Secure" not in plain
    behind_https = APPLICATIONS[cookie](base="https://broker.test").test_client()
    assert "Secure" in behind_https.get("/problem?lang=en").headers["Set-Cookie"]


def test_switch_keeps_the_address(client: FlaskClient) -> None:
    page = html.fromstring(client.get("/problem?q=a%26b+c&lang=nl&page=2").text)
    assert page.xpath("//header//nav//a/@href") == ["?q=a%26b+c&page=2&lang=en"]


def test_answer_names_its_language() -> None:
    assert broker_application().test_client().get("/home?lang=en").headers["Content-Language"] == "en"
    with broker_application().test_client().get("/static/send.js") as answer:
        assert "Content-Language" not in answer.headers


@pytest.mark.parametrize(
    ("wish", "day", "time_of_day", "number", "text"),
    [("nl", "01-02-2027", "14:35", "1.200", "ja"), ("en", "1 February 2027", "14:35", "1,200", "yes")],
)
def test_values_are_said_in_the_language_of_the_page(
    wish: str, day: str, time_of_day: str, number: str, text: str
) -> None:
    with broker_application().test_request_context(f"/?lang={wish}"):
        assert language.day(date(2027, 2, 1)) == day
        assert language.time_of_day(datetime(2026, 11, 23, 13, 35, tzinfo=UTC)) == time_of_day
        assert language.number(1200) == number
        assert language.said(Text("ja", "yes")) == text
        assert language.said("A & B") == "A & B"
