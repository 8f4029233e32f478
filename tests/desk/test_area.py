"""Who may come into the operator's area."""

from dataclasses import replace

import lxml.html
import pytest
from flask.testing import FlaskClient

from broker.settings import Settings
from broker.simulator import compose
from broker.web.app import create_app
from broker.web.operator.navigation import SECTIONS
from tests.desk.conftest import PAGE, words

LINK = "Beheer van de simulator: registreer uw metadata"


@pytest.fixture(scope="module")
def client(network) -> FlaskClient:
    return create_app(network.simulator).test_client()


@pytest.fixture(scope="module")
def closed(network) -> FlaskClient:
    return create_app(replace(network.simulator, operator_area=False)).test_client()


def refused(answer) -> str:
    """The page that refuses, as text."""
    assert answer.status_code == 403
    said = words(lxml.html.document_fromstring(answer.text).find(".//main"))
    assert "EH-OPR-01" in said
    assert "Hier kunt u niet beheren" in said
    return said


def test_the_front_page_leads_to_it_and_it_to_its_sections(client):
    home = lxml.html.document_fromstring(client.get("/").text)
    (link,) = [item for item in home.iter("a") if words(item) == LINK]
    index = lxml.html.document_fromstring(client.get(link.get("href")).text)
    assert words(index.find(".//h1")) == "Beheer van de simulator"
    sections = {words(section): section.get("href") for section in index.xpath("//main/ul//a")}
    assert sections["Dienstverleners"] == PAGE
    assert [client.get(address).status_code for address in sections.values()] == [200] * len(SECTIONS)
    marked = lxml.html.document_fromstring(client.get(PAGE).text).xpath("//main/nav//a[@aria-current]")
    assert [words(item) for item in marked] == ["Dienstverleners"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8080", 200),
        ("127.0.0.1", 200),
        ("[::1]:8080", 200),
        ("attacker.invalid", 403),
        ("localhost.attacker.invalid:8080", 403),
        ("127.0.0.1.attacker.invalid", 403),
        ("192.0.2.7:8080", 403),
        ("[::1", 403),
    ],
)
def test_a_name_that_only_leads_to_this_machine_is_refused(client, host, status):
    """DNS rebinding: the browser believes that this is the attacker's own site."""
    answer = client.get("/operator", headers={"Host": host})
    assert answer.status_code == status
    if status == 403:
        refused(answer)


@pytest.mark.parametrize(
    ("remote", "status"), [("127.0.0.9", 200), ("::1", 200), ("192.0.2.7", 403), ("", 403), ("localhost.invalid", 403)]
)
def test_a_request_of_another_machine_is_refused(client, remote, status):
    answer = client.get(PAGE, environ_overrides={"REMOTE_ADDR": remote})
    assert answer.status_code == status


def test_no_header_makes_it_a_request_of_this_machine(client):
    spoofed = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost", "Forwarded": "for=127.0.0.1"}
    refused(client.get(PAGE, headers=spoofed, environ_overrides={"REMOTE_ADDR": "192.0.2.7"}))
    refused(client.get(PAGE, headers={**spoofed, "Host": "attacker.invalid"}))


def test_when_it_is_off_every_page_of_it_refuses_and_none_leads_to_it(closed):
    rules = [rule for rule in closed.application.url_map.iter_rules() if rule.rule.startswith("/operator")]
    assert len(rules) >= 5
    closed.application.config["WTF_CSRF_ENABLED"] = False  # otherwise that refuses first
    for rule in rules:
        for method in (rule.methods or set()) & {"GET", "POST"}:
            refused(closed.open(rule.rule, method=method))
    home = lxml.html.document_fromstring(closed.get("/").text)
    assert not [item for item in home.iter("a") if "operator" in item.get("href")]


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ({}, True),
        ({"broker": {"host": "127.0.0.1"}}, True),
        ({"operator": {"enabled": False}}, False),
        ({"broker": {"host": "0.0.0.0"}}, False),
        ({"broker": {"host": "broker.invalid"}}, False),
        ({"broker": {"base_url": "https://broker.invalid"}}, False),
        ({"broker": {"base_url": "https://localhost:8443"}}, True),
    ],
    ids=["default", "address", "off", "everywhere", "name", "published", "proxy"],
)
def test_it_is_there_only_where_the_broker_is_on_loopback_and_nowhere_else(sections, expected):
    assert compose.operator_area(Settings(**sections)) is expected


@pytest.mark.parametrize("section", ["logins", "mailbox", "quotes", "revocation-requests", "reviews"])
@pytest.mark.parametrize("number", ["9" * 20, str(2**63 - 1), "-5", "0", "x"])
def test_a_page_that_cannot_be_is_the_first(client, section, number):
    first = client.get(f"/operator/{section}")
    asked = client.get(f"/operator/{section}?page={number}")
    assert (asked.status_code, words(main(asked))) == (200, words(main(first)))


def main(answer):
    return lxml.html.document_fromstring(answer.text).find(".//main")
