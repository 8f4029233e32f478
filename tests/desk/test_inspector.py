"""The page of the inspector: what is pasted or uploaded comes back judged, and is kept nowhere."""

import json
import logging

import lxml.html
import pytest
from lxml import etree
from structlog.testing import capture_logs
from werkzeug import formparser

from broker.inspection import intake
from broker.web.app import create_app
from broker.web.operator import inspector
from tests.desk.conftest import words
from tests.inspection.test_intake import TRACER

PAGE = "/operator/inspect"
BASE = "http://localhost:8080"
SECRET = "KANARIE-MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"
MESSAGE = (
    b'<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
    b' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0" IssueInstant="2026-11-23T12:00:00Z">'
    b"<saml:Issuer>urn:iemand</saml:Issuer><saml:NameID>KANARIE-42</saml:NameID></samlp:LogoutRequest>"
)


@pytest.fixture(scope="module")
def client(network):
    return create_app(network.simulator).test_client()


@pytest.fixture
def post(client):
    """post(language="nl", **fields): the answer and the page."""

    def send(language: str = "nl", status: int = 200, **fields: object):
        form = lxml.html.document_fromstring(client.get(PAGE, base_url=BASE).text).forms[0]
        known = {"csrf_token": form.fields["csrf_token"], "own": "yes"}
        answer = client.post(
            f"{PAGE}?lang={language}",
            base_url=BASE,
            data=multipart({**known, **fields}),
            headers={"Referer": BASE + PAGE},
            content_type="multipart/form-data; boundary=edge",
        )
        assert answer.status_code == status, answer.text
        return lxml.html.document_fromstring(answer.text)

    return send


def multipart(fields: dict[str, object]) -> bytes:
    """The body of a form as a browser sends it. The test client would use a file of its own for a large one."""
    parts = []
    for name, value in fields.items():
        file = '; filename="message.xml"\r\nContent-Type: text/xml' if isinstance(value, bytes) else ""
        content = value if isinstance(value, bytes) else str(value).encode()
        parts.append(f'--edge\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content)
    return b"\r\n".join(parts) + b"\r\n--edge--\r\n"


@pytest.mark.parametrize(("language", "said"), [("nl", "Iets keurt het bericht af."), ("en", "Something rejects")])
def test_a_pasted_message_is_judged_in_both_languages(post, language, said):
    page = post(language, text=MESSAGE.decode())
    shown = words(page.find(".//main"))
    assert said in shown
    assert "EH-SIG-01" in shown
    assert [words(item) for item in page.xpath("//main//h2")] == ["LogoutRequest"]
    assert page.xpath("//div[@class='raw']/pre[@class='open']")
    assert page.get_element_by_id("text").value.strip() == MESSAGE.decode()


def test_an_uploaded_file_goes_before_the_text_and_metadata_of_others_counts(post, network):
    metadata = network.simulator.metadata("1.13")
    page = post(file=network.simulator.metadata("1.13"), text="nothing", metadata_file=metadata, own="")
    shown = words(page.find(".//main"))
    assert "EntityDescriptor" in shown
    assert "vertrouwd. De sleutel staat in de metadata van de afzender." in shown


def test_one_message_of_an_export_is_chosen_with_a_button(post):
    page = post(text=json.dumps(TRACER))
    buttons = page.xpath("//ol[@class='choices']//button")
    assert [item.get("value") for item in buttons] == ["2", "3", "4"]
    assert "3: POST dv.invalid/acs" in words(page.xpath("//ol[@class='choices']")[0])
    page = post(text=json.dumps(TRACER), number="4")
    assert "Onleesbaar" in words(page.find(".//main"))


def answer_to(identifier):
    """An answer of a broker, as far as its envelope goes."""
    return (
        '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
        ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r" Version="2.0" IssueInstant="2026-11-23T12:00:00Z"'
        f' InResponseTo="{identifier}"><saml:Issuer>urn:iemand</saml:Issuer><samlp:Status><samlp:StatusCode'
        ' Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:Response>'
    )


@pytest.mark.parametrize("field", ["request", "request_file"])
def test_an_answer_is_held_against_the_request_that_is_given_beside_it(post, requester, field):
    request = requester.request("http://localhost:8080/broker/sso/1.13")
    octets = etree.tostring(request)
    given = {field: octets if field == "request_file" else octets.decode()}
    alone = words(post(text=answer_to("_another")).find(".//main"))
    assert "EH-SUM-12" in alone
    assert "De vraag waarop dit antwoordt, is er niet bij." in alone
    page = post(text=answer_to("_another"), **given)
    assert "EH-SUM-12" in words(page.xpath("//ul[@class='remarks']")[0])
    assert page.get_element_by_id("request").value.strip() == octets.decode()
    assert "EH-SUM-12" not in words(post(text=answer_to(request.get("ID")), **given).find(".//main"))


def test_what_was_not_checked_is_grouped_by_what_was_wanting_and_counted(post):
    page = post("en", text=answer_to("_q"), own="")
    groups = page.xpath("//details[@class='unchecked']")
    counts = [len(group.xpath("./ul/li")) for group in groups]
    assert len(groups) > 1
    assert counts == sorted(counts, reverse=True)
    for group, count in zip(groups, counts, strict=True):
        assert words(group.find("summary")).endswith(f"({count} rule{'' if count == 1 else 's'})")
        assert group.get("open") is None
    needed = sum(counts)
    assert f"{needed} rules needed more than there was." in words(page.find(".//main"))


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"text": MESSAGE.decode(), "request": "hallo!"}, "request", "Dit is geen SAML-bericht."),
        ({"text": MESSAGE.decode(), "request": MESSAGE.decode()}, "request", "In de vraag staat geen AuthnRequest."),
        ({"text": ""}, "text", "Er is niets gegeven."),
        ({"text": "hallo!"}, "text", "Dit is geen SAML-bericht."),
        ({"text": MESSAGE.decode(), "key": SECRET}, "key", "De sleutel is niet te gebruiken."),
        ({"text": MESSAGE.decode(), "at": "gisteren"}, "at", "Het moment is niet te lezen."),
    ],
)
def test_what_was_typed_stays_and_the_error_leads_to_its_field(post, fields, field, said):
    page = post(status=400, **fields)
    (alert,) = page.xpath("//*[@role='alert']")
    assert said in words(alert)
    assert alert.xpath(".//a/@href") == [f"#{field}"]
    assert page.get_element_by_id("text").value.strip() == fields["text"]
    assert page.get_element_by_id(field).get("aria-invalid") == "true"


def test_the_moment_and_what_the_simulator_knows_are_taken_into_account(post):
    page = post(text=MESSAGE.decode(), at="2026-11-23 14:30:00")
    assert "EH-LGO-03" in words(page.xpath("//ul[@class='remarks']")[0])
    assert "13:30:00 UTC" in words(page.find(".//main"))


def test_neither_key_nor_message_is_logged_shown_or_kept(post, network, caplog, requester_keys):
    key = requester_keys["one"]["encryption"].key_pem.decode()
    with capture_logs() as told, caplog.at_level(logging.DEBUG):
        page = post(text=MESSAGE.decode(), key=key)
        post(status=400, text=MESSAGE.decode(), key=SECRET)
    said = json.dumps(told, default=str) + caplog.text
    assert SECRET not in said
    assert "KANARIE-42" not in said
    assert not page.get_element_by_id("key").value
    state = network.simulator.store.read(lambda tx: str(tx.exec_driver_sql("select * from messages").all()))
    assert "KANARIE" not in state
    assert key.splitlines()[5] not in lxml.html.tostring(page).decode()


def test_a_large_file_never_comes_on_disk(post, monkeypatch):
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a file was made")

    monkeypatch.setattr(formparser, "SpooledTemporaryFile", refuse)
    page = post(file=json.dumps({"requests": [], "more": "x" * 2_000_000}).encode(), status=400)
    assert "geen SAML-bericht" in words(page.xpath("//*[@role='alert']")[0])


def test_what_is_too_large_is_not_read(post):
    page = post(status=400, file=b"x" * (intake.MAX_INPUT + 2 * 1024 * 1024))
    assert "Dit is te groot om te bekijken." in words(page.xpath("//*[@role='alert']")[0])
    page = post(status=400, text="x" * (intake.MAX_INPUT + 1))
    assert "Dit is te groot: 4,194,305 bytes" in words(page.xpath("//*[@role='alert']")[0])
    assert inspector.blueprint.name == "inspector"
