"""An AuthnRequest by artifact: the broker fetches it at the service provider, and trusts only what is signed (ART)."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from flask import Response
from lxml import etree

from broker.saml import pki
from broker.simulator.parties import BROKER
from tests.network import register_at
from tests.requester import NS, Requester, at, make_id, sign
from tests.simulator.artifact_service import ArtifactService
from tests.simulator.outcome import Watch

OTHER = "urn:etoegang:DV:00000099000000120000:entities:9055"
FAILED = "urn:oasis:names:tc:SAML:2.0:status:Requester"


@pytest.fixture
def service(network, requester_keys, arrivals) -> Iterator[ArtifactService]:
    """A service provider of the test's own, registered at `network`, and its artifact resolution service."""
    oin = "00000099000000110000"
    asking = Requester(
        entity_id=f"urn:etoegang:DV:{oin}:entities:9061",
        **requester_keys["one"],
        consumer=f"{arrivals}/acs/artifact",
        services={9001: f"urn:etoegang:DV:{oin}:services:9001"},
    )
    made = ArtifactService(asking)
    folder = network.settings.paths.certs
    made.broker_certificate = pki.certificate_path(folder, BROKER.certificates.folder, "signing").read_text()
    with made.listening() as address:
        made.requester = replace(asking, resolutions={0: address, 3: address, 5: "https://dv.invalid/ars"})
        register_at(network, made.requester.metadata())
        yield made


Deliver = Callable[..., requests.Response]


@pytest.fixture(params=["GET", "POST"])
def deliver(request, network) -> Deliver:
    """deliver(artifact, relay_state="state", **fields): bring it to the broker, in the address or in a form."""

    def send(artifact: str, relay_state: str | None = "state", **fields: str) -> requests.Response:
        given = {"SAMLart": artifact, **({} if relay_state is None else {"RelayState": relay_state}), **fields}
        carried = {"params" if request.param == "GET" else "data": given}
        sso = network.simulator.addresses.sso
        return requests.request(request.param, sso, **carried, allow_redirects=False, timeout=30)

    return send


@pytest.fixture
def request_(network, service) -> Callable[..., etree._Element]:
    """request_(**attributes): a signed request of the service provider."""
    return lambda **given: service.requester.signed(service.requester.request(network.simulator.addresses.sso, **given))


def test_ART_16_a_request_by_artifact_begins_a_login(network, service, deliver, request_, log):
    message = request_()
    artifact = service.offer(message)
    answer = deliver(artifact)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login/")
    (entry,) = log
    assert (entry["event"], entry["notes"]) == ("login.started", [])
    assert entry["service_provider"] == service.requester.entity_id
    assert artifact not in str(log)


def test_a_request_by_artifact_is_of_the_version_of_the_address_that_the_artifact_came_to(
    watch: Watch, network, service, request_
):
    sso = network.simulator.addresses.at("1.11").sso

    def bring(message: etree._Element) -> requests.Response:
        given = {"SAMLart": service.offer(message), "RelayState": "state"}
        return requests.get(sso, given, allow_redirects=False, timeout=30)

    assert bring(request_(Destination=sso)).headers["Location"].startswith("/login/")
    watch.refuses(lambda: bring(request_()), "EH-REQ-02")


def test_the_question_is_the_brokers_own_and_signed(network, service, deliver, request_):
    """`ArtifactService.answer` verifies its signature with the broker's certificate, independently."""
    artifact = service.offer(request_(), index=3)
    assert deliver(artifact).status_code == 303
    (question,), (headers,) = service.questions, service.headers
    assert question.tag == f"{{{NS['samlp']}}}ArtifactResolve"
    assert question.findtext("saml:Issuer", None, NS) == BROKER.entity_id
    assert question.findtext("samlp:Artifact", None, NS) == artifact
    assert question.get("Destination") == service.requester.resolutions[3]
    assert question.get("Version") == "2.0"
    assert headers["Content-Type"] == "text/xml; charset=utf-8"
    assert headers["Soapaction"] == '"http://www.oasis-open.org/committees/security"'


def test_the_login_answers_the_request_behind_the_artifact(network, service, request_):
    """To the end: RelayState that came beside the artifact comes back, with an answer to the inner request."""
    message = request_(IsPassive="true")
    given = {"SAMLart": service.offer(message), "RelayState": "é" * 40}
    answer = requests.get(network.simulator.addresses.sso, given, allow_redirects=False, timeout=30)
    assert answer.headers["Location"].startswith(service.requester.consumer)
    fields = {key: value for key, (value,) in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    assert fields["RelayState"] == "é" * 40
    resolved = service.requester.collect(network.simulator.addresses.resolution, fields["SAMLart"])
    assert resolved.find("samlp:Response", NS).get("InResponseTo") == message.get("ID")


def test_ART_02_an_artifact_that_was_used_leads_to_nothing(watch: Watch, service, deliver, request_):
    artifact = service.offer(request_())
    assert deliver(artifact).status_code == 303
    watch.refuses(lambda: deliver(artifact), "EH-ART-15")


def test_REQ_05_a_request_by_artifact_counts_once_whatever_its_artifact(watch: Watch, service, deliver, request_):
    message = request_()
    assert deliver(service.offer(etree.fromstring(etree.tostring(message)))).status_code == 303
    watch.refuses(lambda: deliver(service.offer(message)), "EH-REQ-08")


def made(source: str, index: int = 0, kind: bytes = b"\0\4", handle: bytes = bytes(20)) -> str:
    octets = kind + index.to_bytes(2, "big") + hashlib.sha1(source.encode()).digest() + handle
    return base64.b64encode(octets).decode()


def test_ART_06_what_is_no_artifact_of_a_service_provider_is_asked_nowhere(watch: Watch, service, deliver):
    own = service.requester.entity_id
    for artifact, rule in (
        (made(own, kind=b"\0\1"), "EH-BND-04"),
        (made(own, handle=bytes(19)), "EH-BND-04"),
        (made(own, handle=bytes(21)), "EH-BND-04"),
        ("%%%", "EH-BND-04"),
        ("", "EH-BND-01"),
        ("A" * 257, "EH-BND-01"),
        (made("urn:etoegang:DV:00000099000000999999:entities:1"), "EH-ART-01"),
        (made(BROKER.entity_id), "EH-ART-01"),
        (made(own, index=1), "EH-ART-02"),
        (made(own, index=65535), "EH-ART-02"),
    ):
        watch.refuses(lambda artifact=artifact: deliver(artifact), rule)
    watch.all_look_alike()
    assert service.questions == []


def test_ART_17_an_address_outside_this_machine_is_not_asked(watch: Watch, service, deliver, request_):
    watch.refuses(lambda: deliver(service.offer(request_(), index=5)), "EH-ART-03")


def test_RDR_04_an_artifact_beside_a_message_is_refused(watch: Watch, service, deliver, request_):
    for name in ("SAMLRequest", "SAMLResponse", "SAMLEncoding", "Signature"):
        artifact = service.offer(request_())
        watch.refuses(lambda name=name, artifact=artifact: deliver(artifact, **{name: "x"}), "EH-BND-01")
    assert service.questions == []


def test_RDR_03_an_artifact_that_is_there_twice_is_refused(watch: Watch, network, service, request_):
    sso, artifact = network.simulator.addresses.sso, service.offer(request_())
    for fields in ([("SAMLart", artifact)] * 2, [("SAMLart", artifact), ("RelayState", "a"), ("RelayState", "b")]):
        watch.refuses(lambda f=fields: requests.get(sso, f, allow_redirects=False, timeout=30), "EH-BND-01")
        watch.refuses(lambda f=fields: requests.post(sso, f, allow_redirects=False, timeout=30), "EH-BND-01")


def test_WEB_03_relay_state_beside_an_artifact_has_the_same_limit(watch: Watch, service, deliver, request_):
    watch.refuses(lambda: deliver(service.offer(request_()), "x" * 1025), "EH-REQ-09")


def attribute(name: str, value: str | None) -> Callable[[etree._Element], None]:
    def change(response: etree._Element) -> None:
        if value is None:
            del response.attrib[name]
        else:
            response.set(name, value)

    return change


def issuer(text: str) -> Callable[[etree._Element], None]:
    def change(response: etree._Element) -> None:
        response.find("saml:Issuer", NS).text = text

    return change


def failed(response: etree._Element) -> None:
    response.find("samlp:Status/samlp:StatusCode", NS).set("Value", FAILED)


def emptied(response: etree._Element) -> None:
    response.remove(response[-1])


def doubled(response: etree._Element) -> None:
    second = etree.fromstring(etree.tostring(response[-1]))
    second.set("ID", make_id())
    response.append(second)


def another_kind(response: etree._Element) -> None:
    response[-1].tag = f"{{{NS['samlp']}}}LogoutRequest"


OLD, LATE = (at(datetime.now(UTC) + timedelta(minutes=minutes)) for minutes in (-60, 60))

CHANGES = {
    "ART-07-issuer-of-the-answer": (issuer(OTHER), "EH-ART-11"),
    "ART-08-in-response-to-another": (attribute("InResponseTo", "_another"), "EH-ART-12"),
    "ART-08-in-response-to-nothing": (attribute("InResponseTo", None), "EH-ART-12"),
    "version": (attribute("Version", "1.1"), "EH-ART-10"),
    "old": (attribute("IssueInstant", OLD), "EH-ART-13"),
    "future": (attribute("IssueInstant", LATE), "EH-ART-13"),
    "status": (failed, "EH-ART-14"),
    "ART-14-empty": (emptied, "EH-ART-15"),
    "ART-11-two-messages": (doubled, "EH-XML-14"),
    "ART-11-another-kind": (another_kind, "EH-XML-14"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_ART_07_ART_08_ART_11_ART_14_an_answer_that_does_not_fit(watch: Watch, service, deliver, request_, case):
    service.change, rule = CHANGES[case]
    watch.refuses(lambda: deliver(service.offer(request_())), rule)


def tampered(response: etree._Element) -> None:
    response.find("samlp:AuthnRequest", NS).set("ForceAuthn", "false")


def test_ART_09_an_answer_that_is_not_signed_by_the_service_provider(
    watch: Watch, service, deliver, request_, requester_keys
):
    stranger = requester_keys["other"]["signing"]
    name = service.requester.signing.name
    for how, spoil, rule in (
        (lambda response: response, None, "EH-SIG-01"),
        (lambda response: sign(response, stranger), None, "EH-SIG-10"),
        (lambda response: sign(response, stranger, key_name=name), None, "EH-SIG-11"),
        (None, tampered, "EH-SIG-11"),
        (None, emptied, "EH-SIG-11"),
        (None, attribute("InResponseTo", "_another"), "EH-SIG-11"),
    ):
        service.sign, service.spoil = how, spoil or (lambda _: None)
        watch.refuses(lambda: deliver(service.offer(request_())), rule)
    watch.all_look_alike()


def test_ART_09_a_request_that_is_not_signed_itself(watch: Watch, network, service, deliver):
    """The signature over the answer covers it, but each message of the scheme carries its own."""
    unsigned = service.requester.request(network.simulator.addresses.sso)
    watch.refuses(lambda: deliver(service.offer(unsigned)), "EH-SIG-01")


def test_ART_09_a_request_that_was_changed_before_the_answer_was_signed(watch: Watch, service, deliver, request_):
    service.change = tampered
    watch.refuses(lambda: deliver(service.offer(request_())), "EH-SIG-11")


def test_ART_07_the_request_of_another_service_provider(watch: Watch, network, service, deliver, make_requester):
    """Everything is rightly signed, but the artifact is not of the one who asks."""
    other = make_requester(network, "kvk")
    message = other.signed(other.request(network.simulator.addresses.sso))
    watch.refuses(lambda: deliver(service.offer(message)), "EH-ART-16")


def test_ART_10_the_request_inside_is_judged_like_any_other(watch: Watch, service, deliver, request_):
    for changes, rule in (
        ({"Destination": "https://elsewhere.invalid/"}, "EH-REQ-02"),
        ({"IssueInstant": OLD}, "EH-REQ-03"),
        ({"AssertionConsumerServiceIndex": "7"}, "EH-REQ-06"),
    ):
        watch.refuses(lambda changes=changes: deliver(service.offer(request_(**changes))), rule)


FAULT = b'<s:Envelope xmlns:s="%s"><s:Body><s:Fault/></s:Body></s:Envelope>' % NS["soap"].encode()
HEADER = b'<s:Header><x s:mustUnderstand="1"/></s:Header><s:Body>'
NEWER_SOAP = b"http://www.w3.org/2003/05/soap-envelope"


def answered(body: bytes, status: int = 200, kind: str = "text/xml", **headers: str) -> Response:
    return Response(body, status, headers, content_type=kind)


WRAPS: dict[str, tuple[Callable[[bytes], Response], str]] = {
    "redirect": (lambda body: answered(body, 302, Location="/elsewhere"), "EH-BND-06"),
    "server-error": (lambda body: answered(body, 500), "EH-BND-06"),
    "html": (lambda body: answered(body, kind="text/html"), "EH-BND-06"),
    "too-large": (lambda body: answered(body + b" " * 300_000), "EH-BND-06"),
    "no-envelope": (lambda body: answered(body[body.index(b"<samlp:") : body.index(b"</s:Body>")]), "EH-BND-03"),
    "soap-1.2": (lambda body: answered(body.replace(NS["soap"].encode(), NEWER_SOAP)), "EH-BND-03"),
    "soap-fault": (lambda body: answered(body[:0] + FAULT), "EH-XML-13"),
    "header-to-understand": (lambda body: answered(body.replace(b"<s:Body>", HEADER, 1)), "EH-BND-03"),
    "doctype": (lambda body: answered(b"<!DOCTYPE x>" + body), "EH-XML-05"),
    "half": (lambda body: answered(body[: len(body) // 2]), "EH-XML-06"),
}


@pytest.mark.parametrize("case", WRAPS)
def test_ART_12_ART_13_an_answer_that_is_no_answer(watch: Watch, service, deliver, request_, case):
    service.wrap, rule = WRAPS[case]
    watch.refuses(lambda: deliver(service.offer(request_())), rule)
    assert len(service.questions) == 1


def test_an_answer_as_application_soap_xml_is_read_too(service, deliver, request_):
    service.wrap = lambda body: Response(body, content_type="application/soap+xml; charset=utf-8")
    assert deliver(service.offer(request_())).status_code == 303


def test_ART_15_the_artifact_is_in_no_log_and_on_no_page(watch: Watch, service, deliver, request_):
    artifact = service.offer(request_())
    service.change = failed
    answer = watch.refuses(lambda: deliver(artifact), "EH-ART-14")
    told = answer.text + str(watch.log) + str(answer.headers)
    assert artifact not in told
    assert base64.b64decode(artifact)[24:].hex() not in told
    assert "SAMLart" not in told
    assert quote(artifact, safe="") not in told


def test_the_metadata_of_the_broker_offers_the_binding(network):
    metadata = etree.fromstring(network.simulator.metadata("1.13"))
    found = metadata.findall(".//{urn:oasis:names:tc:SAML:2.0:metadata}SingleSignOnService")
    binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-"
    assert {(item.get("Binding"), item.get("Location")) for item in found} == {
        (binding + name, network.simulator.addresses.sso) for name in ("POST", "Redirect", "Artifact")
    }
