"""The operator's pages about logins of the past: searching, one login, its messages, and who was looked at."""

import json
import re
from hashlib import sha256

import pytest

from broker.store.administration import events
from tests.flow.steps import past_login
from tests.interop.page import Form

CLIENT = "Glasblazerij Zeepbel"


@pytest.fixture(scope="module")
def login(network):
    """A login on behalf of a client: its id."""
    return past_login(network, CLIENT)


def at(browser, network, query=""):
    return browser.open(f"{network.broker}/operator/logins{query}")


def found(page):
    return [link.rpartition("/")[2] for link in page.document.xpath("//ul[@class='entries']//h2/a/@href")]


def last_event(network):
    store = network.simulator.store
    return store.read(lambda tx: events.history_of(tx, "logins", ever=True))[0].content


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("?client=zeepbel", True),
        ("?client=68727720&intermediary=papiermolen&person=FLEUR&outcome=granted", True),
        ("?service_provider=urn:etoegang:DV:00000099000000140000:entities:9001", True),
        ("?since=2020-01-01&until=2099-12-31", True),
        ("?until=2020-01-01", False),
        ("?client=papiermolen", False),
        ("?person=nobody", False),
        ("?person=%25", False),
        ("?outcome=cancelled&client=zeepbel", False),
        ("?message_id=_unknown", False),
    ],
)
def test_logins_are_searched_by_everything_that_was_kept(network, browser, login, query, is_found):
    assert (login in found(at(browser, network, query))) is is_found


def test_a_login_is_found_by_the_id_of_any_of_its_messages(network, browser, login):
    page = browser.open(f"{network.broker}/operator/logins/{login}")
    ids = page.document.xpath("//table[@class='messages']//td[4]/code[1]/text()")
    assert len(ids) == 8
    for message_id in ids:
        assert found(at(browser, network, f"?message_id={message_id}")) == [login]


def test_a_day_that_does_not_exist_is_told_and_what_was_typed_stays(network, browser):
    page = at(browser, network, "?since=2026-02-30&client=zeepbel")
    assert "datum in die bestaat" in page.document.xpath("string(//*[@role='alert'])")
    assert page.document.xpath("//input[@id='client']/@value") == ["zeepbel"]


def test_people_are_masked_until_shown_on_purpose_and_that_is_in_the_chain(network, browser, login):
    page = at(browser, network, "?client=zeepbel")
    assert "Fleur" not in page.text
    assert "fleur" not in page.text
    shown = browser.submit(page.form("Toon namen van personen"))
    assert "Fleur Voorbeeld" in shown.text
    event = last_event(network)
    assert (event["action"], event["actor"]["kind"]) == ("audit.people_shown", "operator")
    assert login in event["after"]["logins"]

    one = browser.open(f"{network.broker}/operator/logins/{login}")
    assert "fleur" not in one.text.casefold()
    shown = browser.submit(one.form("Toon namen van personen"))
    assert "Fleur Voorbeeld" in shown.text
    assert last_event(network)["after"]["logins"] == [login]


def test_the_diagram_and_the_table_tell_of_every_message_and_the_chain_of_every_link(network, browser, login):
    page = browser.open(f"{network.broker}/operator/logins/{login}").document
    rows = [
        [" ".join(" ".join(cell.itertext()).split()) for cell in row.xpath("td")]
        for row in page.xpath("//table[@class='messages']/tbody/tr")
    ]
    kinds = [row[3].partition(" ")[0] for row in rows]
    assert kinds == [
        *("AuthnRequest", "AuthnRequest", "Response", "Assertion", "Assertion", "Response"),
        *("ArtifactResolve", "ArtifactResponse"),
    ]
    drawn = page.xpath("//*[local-name()='svg']/*[local-name()='text'][not(@class)]/text()")
    assert drawn == [f"{number} {kind}" for number, kind in enumerate(kinds, start=1)]
    assert [row[1:3] for row in rows[3:6]] == [
        ["Register intermediair", "Makelaar"],
        ["Register klant", "Makelaar"],
        ["Makelaar", "Dienstverlener"],
    ]
    assert all(re.search(r"ondertekend met \S+…$", row[3]) for row in rows)  # each is signed, and says with which key
    assert [one.text_content().split()[0] for one in page.xpath("//div[@class='station']")] == [
        *("Persoon", "Intermediair", "Klant"),
    ]
    told = page.xpath("string(//ol[@class='chain'])")
    assert "EH3" in told
    assert "alle diensten" in told


def test_a_message_is_downloaded_byte_for_byte_and_that_is_in_the_chain(network, browser, login):
    page = browser.open(f"{network.broker}/operator/logins/{login}")
    got = browser.submit(page.form("Download")).response
    assert got.headers["Content-Disposition"] == 'attachment; filename="01-AuthnRequest.xml"'
    assert page.document.xpath("string(//tr[@id='message-1']/td[last()]/code)") == (
        f"SHA-256 {sha256(got.content).hexdigest()[:16]}…"
    )
    assert last_event(network)["action"] == "audit.message_shown"


def test_a_message_is_judged_and_explained_and_that_is_in_the_chain(network, browser, login):
    page = browser.open(f"{network.broker}/operator/logins/{login}")
    rows = page.document.xpath("//table[@class='messages']//tr")
    (row,) = [one for one in rows if "ArtifactResponse" in one.xpath("string(td[4])")]
    (answer,) = row.xpath(".//form[contains(@action, '/inspect')]")
    shown = browser.submit(Form(page.url, answer))
    assert shown.status == 200
    assert shown.document.xpath("//*[contains(., 'LegalSubjectID')]")
    assert "rsa-sha256" in shown.text
    assert last_event(network)["action"] == "audit.message_shown"


def test_what_a_correct_service_provider_understood_stands_on_the_page_with_names_only(network, browser, login):
    page = browser.open(f"{network.broker}/operator/logins/{login}")
    assert not page.document.xpath("//pre[@class='understood']")
    (told,) = browser.submit(page.form("Toon namen van personen")).document.xpath("//pre[@class='understood']")
    understood = json.loads(told.text_content())
    assert understood["understood"]["is_chain"] is True
    assert understood["understood"]["identifiers"][0] == {"type": "kvk_number", "value": "68727720"}
    assert understood["open_forms"]["source"] == "eherkenning"


def test_there_is_no_login_or_message_that_there_is_not(network, browser, login):
    assert browser.open(f"{network.broker}/operator/logins/unknown").status == 404
    page = browser.open(f"{network.broker}/operator/logins/{login}")
    fields = list(page.form("Download").fields.items())
    missing = browser._send("POST", f"{network.broker}/operator/logins/{login}/messages/99", fields, None)
    assert missing.status_code == 404
