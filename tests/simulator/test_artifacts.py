"""The back channel: whoever may not have the answer gets none, and does not hear why (ART)."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import requests
from lxml import etree

from broker.simulator.parties import BROKER
from tests.requester import NS, at, sign, soap
from tests.simulator.artifacts import assert_answered, assert_empty, issued
from tests.simulator.outcome import Watch


@pytest.fixture
def artifact(network, requester) -> str:
    return issued(network.simulator, requester)


@pytest.fixture
def resolution(network) -> str:
    return network.simulator.addresses.resolution


def made(source: str = BROKER.entity_id, handle: bytes = bytes(20), kind: bytes = b"\x00\x04\x00\x00") -> str:
    """An artifact that nobody issued."""
    return base64.b64encode(kind + hashlib.sha1(source.encode()).digest() + handle).decode()


def test_an_artifact_is_44_bytes_of_type_4_with_the_source_of_the_broker(artifact):
    octets = base64.b64decode(artifact, validate=True)
    assert len(octets) == 44
    assert octets[:4] == b"\x00\x04\x00\x00"
    assert octets[4:24] == hashlib.sha1(BROKER.entity_id.encode()).digest()
    assert octets[24:] != bytes(20)


def test_ART_01_a_guessed_artifact_leads_to_nothing(log, resolution, requester):
    assert_empty(requester.collect(resolution, made()))
    assert [(entry["event"], entry["found"]) for entry in log] == [("artifact.resolved", False)]


def test_ART_02_an_artifact_leads_to_its_answer_once(resolution, requester, artifact):
    assert_answered(requester.collect(resolution, artifact))
    assert_empty(requester.collect(resolution, artifact))


def test_ART_03_an_artifact_of_another_service_provider_leads_to_nothing_and_is_spent(
    network, make_requester, resolution, requester, artifact
):
    assert_empty(make_requester(network, "kvk").collect(resolution, artifact))
    assert_empty(requester.collect(resolution, artifact))


def test_ART_04_an_artifact_lasts_two_minutes(own_network, make_requester):
    requester, clock = make_requester(own_network), own_network.clock
    address = own_network.simulator.addresses.resolution
    first, second = issued(own_network.simulator, requester), issued(own_network.simulator, requester)
    for artifact, offset, wanted in ((first, 119, assert_answered), (second, 121, assert_empty)):
        clock.offset = timedelta(seconds=offset)
        question = requester.resolve(artifact, IssueInstant=at(datetime.now(UTC) + clock.offset))
        answer = etree.fromstring(soap(address, requester.signed(question)).content)
        wanted(answer.find("soap:Body", NS)[0])


def test_ART_05_a_question_that_is_not_proven_gets_a_fault_and_spends_nothing(
    watch: Watch, resolution, requester, requester_keys, artifact
):
    question, stranger = requester.resolve(artifact), requester_keys["other"]["signing"]
    watch.faults(lambda: soap(resolution, question), "EH-SIG-01")
    watch.faults(lambda: soap(resolution, sign(question, stranger)), "EH-SIG-10")
    watch.faults(lambda: soap(resolution, sign(question, stranger, key_name=requester.signing.name)), "EH-SIG-11")
    changed = requester.signed(question)
    changed.find("samlp:Artifact", NS).text = made()
    watch.faults(lambda: soap(resolution, changed), "EH-SIG-11")
    watch.all_look_alike()
    assert_answered(requester.collect(resolution, artifact))


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (made(kind=b"\x00\x01\x00\x00"), "EH-BND-04"),
        (made(kind=b"\x00\x03\x00\x00"), "EH-BND-04"),
        (made(handle=bytes(19)), "EH-BND-04"),
        (made(handle=bytes(21)), "EH-BND-04"),
        (made()[:-2], "EH-BND-04"),
        ("", "EH-BND-04"),
        ("%%%", "EH-BND-04"),
        (made().replace("A", "-", 1), "EH-BND-04"),
        (made("urn:etoegang:HM:00000099000000099999:entities:9001"), "EH-RES-04"),
        (made(kind=b"\x00\x04\x00\x01"), "EH-RES-04"),
        (made(kind=b"\x00\x04\x30\x30"), "EH-RES-04"),
    ],
)
def test_ART_06_what_is_no_artifact_of_this_broker(watch: Watch, resolution, requester, wrong, rule):
    question = requester.signed(requester.resolve(wrong))
    watch.faults(lambda: soap(resolution, question), rule)


@pytest.mark.parametrize(
    ("attributes", "rule"),
    [
        ({"Version": "1.1"}, "EH-RES-01"),
        ({"Destination": "https://elsewhere.invalid/"}, "EH-RES-02"),
        ({"IssueInstant": "2020-01-01T00:00:00Z"}, "EH-RES-03"),
        ({"IssueInstant": "2120-01-01T00:00:00Z"}, "EH-RES-03"),
    ],
    ids=str,
)
def test_a_question_that_does_not_fit(watch: Watch, resolution, requester, artifact, attributes, rule):
    question = requester.signed(requester.resolve(artifact, **attributes))
    watch.faults(lambda: soap(resolution, question), rule)
    assert_answered(requester.collect(resolution, artifact))


def test_a_question_may_name_the_address_that_it_is_sent_to(resolution, requester, artifact):
    question = requester.signed(requester.resolve(artifact, Destination=resolution))
    assert_answered(etree.fromstring(soap(resolution, question).content).find("soap:Body", NS)[0])


def test_a_question_that_was_asked_before(watch: Watch, network, resolution, requester):
    question = requester.signed(requester.resolve(issued(network.simulator, requester)))
    assert soap(resolution, question).status_code == 200
    watch.faults(lambda: soap(resolution, question), "EH-RES-05")


def test_a_question_of_nobody_that_is_known(watch: Watch, resolution, requester, artifact):
    question = requester.resolve(artifact)
    question.find("saml:Issuer", NS).text = "urn:etoegang:DV:00000099000000999999:entities:1"
    watch.faults(lambda: soap(resolution, requester.signed(question)), "EH-SND-01")


ENVELOPE = '<s:Envelope xmlns:s="{}">{}</s:Envelope>'


@pytest.mark.parametrize(
    ("envelope", "rule"),
    [
        (ENVELOPE.format("http://www.w3.org/2003/05/soap-envelope", "<s:Body>{}</s:Body>"), "EH-BND-03"),
        (ENVELOPE.format(NS["soap"], "<s:Body>{}{}</s:Body>"), "EH-XML-11"),
        (ENVELOPE.format(NS["soap"], "<s:Body>{}<x/></s:Body>"), "EH-BND-03"),
        (ENVELOPE.format(NS["soap"], "<s:Body/>"), "EH-BND-03"),
        (ENVELOPE.format(NS["soap"], "<s:Body>{}</s:Body><s:Body/>"), "EH-CNT-03"),
        (ENVELOPE.format(NS["soap"], ""), "EH-CNT-01"),
        (
            ENVELOPE.format(NS["soap"], '<s:Header><x s:mustUnderstand="1"/></s:Header><s:Body>{}</s:Body>'),
            "EH-BND-03",
        ),
        ("{}", "EH-BND-03"),
        ("", "EH-XML-01"),
        (ENVELOPE.format(NS["soap"], "<s:Body><s:Fault/></s:Body>"), "EH-XML-13"),
    ],
    ids=[
        "soap-1.2",
        "twice",
        "two-children",
        "empty-body",
        "two-bodies",
        "no-body",
        "header",
        "none",
        "empty",
        "fault",
    ],
)
def test_ART_12_an_envelope_that_holds_something_else_than_one_question(
    watch: Watch, resolution, requester, artifact, envelope, rule
):
    question = etree.tostring(requester.signed(requester.resolve(artifact))).decode()
    body = envelope.replace("{}", question).encode()
    headers = {"Content-Type": "text/xml"}
    watch.faults(lambda: requests.post(resolution, body, headers=headers, timeout=30), rule)
    assert_answered(requester.collect(resolution, artifact))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda question: question.append(etree.fromstring(etree.tostring(question.find("samlp:Artifact", NS)))),
        lambda question: question.insert(0, question.find("samlp:Artifact", NS)),
        lambda question: question.set("Unknown", "x"),
        lambda question: question.set("ID", "1starts-with-a-digit"),
    ],
    ids=["two-artifacts", "order", "attribute", "id"],
)
def test_XML_15_a_question_that_is_not_of_the_form_of_saml(watch: Watch, resolution, requester, artifact, spoil):
    question = requester.signed(requester.resolve(artifact))
    spoil(question)
    watch.faults(lambda: soap(resolution, question), "EH-XML-14")
    assert_answered(requester.collect(resolution, artifact))


def test_ART_12_a_header_that_need_not_be_understood(resolution, requester, artifact):
    question = etree.tostring(requester.signed(requester.resolve(artifact))).decode()
    body = ENVELOPE.format(NS["soap"], f"<s:Header><x/></s:Header><s:Body>{question}</s:Body>")
    answer = requests.post(resolution, body.encode(), headers={"Content-Type": "text/xml"}, timeout=30)
    assert_answered(etree.fromstring(answer.content).find("soap:Body", NS)[0])


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("text/xml", "text/xml; charset=utf-8"),
        ("application/soap+xml", "application/soap+xml; charset=utf-8"),
        ("text/plain", "text/xml; charset=utf-8"),
    ],
)
def test_ART_12_the_answer_has_the_content_type_of_the_question(resolution, requester, artifact, sent, answered):
    answer = soap(resolution, requester.signed(requester.resolve(artifact)), sent)
    assert answer.headers["Content-Type"] == answered


@pytest.mark.parametrize("action", ["http://www.oasis-open.org/committees/security", '""', "something-else"])
def test_ART_12_the_soap_action_does_not_matter(resolution, requester, artifact, action):
    question = etree.tostring(requester.signed(requester.resolve(artifact))).decode()
    body = ENVELOPE.format(NS["soap"], f"<s:Body>{question}</s:Body>").encode()
    headers = {"Content-Type": "text/xml", "SOAPAction": action}
    assert requests.post(resolution, body, headers=headers, timeout=30).status_code == 200


def test_ART_15_no_artifact_is_logged_or_shown(log, resolution, requester, artifact):
    requester.collect(resolution, artifact)
    requester.collect(resolution, artifact)
    wrong = soap(resolution, requester.resolve(artifact))
    assert artifact not in str(log)
    assert base64.b64decode(artifact)[24:].hex() not in str(log)
    assert artifact not in wrong.text


def test_the_store_does_not_hold_the_artifact(network, artifact):
    """Who reads the database cannot resolve anything: it holds a digest of the handle."""
    folder = network.settings.paths.state
    content = b"".join(path.read_bytes() for path in folder.glob("ketenbroker.sqlite*"))
    handle = base64.b64decode(artifact)[24:]
    assert hashlib.sha256(handle).digest() in content
    assert handle not in content
    assert artifact.encode() not in content


def test_the_answer_is_signed_and_names_the_question(resolution, requester, artifact):
    question = requester.signed(requester.resolve(artifact))
    answer = etree.fromstring(soap(resolution, question).content).find("soap:Body", NS)[0]
    assert answer.get("InResponseTo") == question.get("ID")
    assert answer.findtext("saml:Issuer", None, NS) == BROKER.entity_id
    assert answer.find("ds:Signature", NS) is not None
    assert answer.get("Destination") is None


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_the_back_channel_takes_posts_only(resolution, method):
    assert requests.request(method, resolution, timeout=30).status_code == 405
