"""A service provider's request that cannot be trusted: a page, and nothing goes back (REQ)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import requests
import xmlsec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from lxml import etree

from tests.requester import NS, Requester, at, form, make_id, sign
from tests.saml.donors import ENVELOPED, Recipe, inclusive, template
from tests.simulator.outcome import Watch

URL = "AssertionConsumerServiceURL"
INDEX = "AssertionConsumerServiceIndex"

Post = Callable[..., requests.Response]


@pytest.fixture
def post(network) -> Post:
    """post(message, relay_state="state"): to the broker's address for requests, without following redirects."""

    def send(message: etree._Element | bytes, relay_state: str | None = "state", **headers: str) -> requests.Response:
        fields = form("SAMLRequest", message, relay_state)
        address = network.simulator.addresses.sso
        return requests.post(address, fields, headers=headers, allow_redirects=False, timeout=30)

    return send


@pytest.fixture
def request_(network, requester: Requester) -> Callable[..., etree._Element]:
    """request_(**attributes): a signed request of the requester."""

    def make(destination: str = network.simulator.addresses.sso, **changes) -> etree._Element:
        return requester.signed(requester.request(destination, **changes))

    return make


def test_a_right_request_begins_a_login(network, post, request_, log):
    answer = post(request_())
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login/")
    (entry,) = log
    assert (entry["event"], entry["notes"]) == ("login.started", [])


def test_a_request_with_inclusive_namespaces_in_both_places_begins_a_login(network, post, requester):
    """As signers do that name the prefixes to keep for SignedInfo too; signed by libxmlsec, not by our own code."""
    message = requester.request(network.simulator.addresses.sso)
    unsigned = template("#" + message.get("ID"), Recipe(transforms=(ENVELOPED, inclusive("saml samlp"))))
    inclusive_too = etree.fromstring(str(inclusive("ds saml")))[0]
    unsigned.find("ds:SignedInfo/ds:CanonicalizationMethod", NS).append(inclusive_too)
    message.insert(1, unsigned)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(pem(requester.signing.key), xmlsec.constants.KeyDataFormatPem)
    context.register_id(message, "ID")
    context.sign(unsigned)
    assert len(list(message.iter("{*}InclusiveNamespaces"))) == 2
    assert post(message).headers["Location"].startswith("/login/")


def pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.mark.parametrize(
    "spoofed",
    [
        "https://evil.invalid/acs",
        "{consumer}/",
        "{consumer}?",
        "{consumer}#x",
        "{consumer}@evil.invalid/",
        "javascript:alert(1)",
        "//evil.invalid/acs",
    ],
)
def test_REQ_01_an_address_that_is_not_registered(watch: Watch, post, request_, requester, spoofed):
    attributes = {INDEX: None, URL: spoofed.format(consumer=requester.consumer)}
    answer = watch.refuses(lambda: post(request_(**attributes)), "EH-REQ-06")
    assert "evil" not in answer.text


@pytest.mark.parametrize(
    "attributes",
    [
        {INDEX: "7"},
        {INDEX: "65535"},
        {INDEX: "0", URL: "{consumer}"},
        {INDEX: "2"},
        {INDEX: None, URL: "{consumer}/post"},
    ],
    ids=["unknown-index", "largest-index", "both", "index-of-post", "url-of-post"],
)
def test_REQ_03_an_index_that_means_no_address_for_artifacts(watch: Watch, post, request_, requester, attributes):
    given = {name: value and value.format(consumer=requester.consumer) for name, value in attributes.items()}
    watch.refuses(lambda: post(request_(**given)), "EH-REQ-06")


@pytest.mark.parametrize("binding", ["HTTP-POST", "HTTP-Redirect", "PAOS"])
def test_REQ_03_an_answer_over_another_binding(watch: Watch, post, request_, binding):
    wanted = f"urn:oasis:names:tc:SAML:2.0:bindings:{binding}"
    watch.refuses(lambda: post(request_(ProtocolBinding=wanted)), "EH-REQ-06")


def test_REQ_04_a_request_without_signature(watch: Watch, network, post, requester):
    watch.refuses(lambda: post(requester.request(network.simulator.addresses.sso)), "EH-SIG-01")


def test_REQ_04_a_request_that_another_service_provider_signed(watch: Watch, network, post, requester, requester_keys):
    unsigned = requester.request(network.simulator.addresses.sso)
    strange = requester_keys["other"]["signing"]
    watch.refuses(lambda: post(sign(unsigned, strange)), "EH-SIG-10")
    watch.refuses(lambda: post(sign(unsigned, strange, key_name=requester.signing.name)), "EH-SIG-11")
    watch.refuses(lambda: post(sign(unsigned, requester.encryption)), "EH-SIG-10")
    watch.all_look_alike()


def test_REQ_04_a_request_that_was_changed_after_signing(watch: Watch, post, request_):
    changed = request_()
    changed.set("ForceAuthn", "false")
    watch.refuses(lambda: post(changed), "EH-SIG-11")
    added = request_()
    added.append(etree.fromstring(f'<samlp:Scoping xmlns:samlp="{NS["samlp"]}" ProxyCount="0"/>'))
    watch.refuses(lambda: post(added), "EH-SIG-11")
    forged = request_()
    forged.find("ds:Signature/ds:SignatureValue", NS).text = "AAAA"
    watch.refuses(lambda: post(forged), "EH-SIG-11")
    watch.all_look_alike()


def test_REQ_05_a_request_that_was_used_before(watch: Watch, post, request_):
    message = request_()
    assert post(message).status_code == 303
    watch.refuses(lambda: post(message), "EH-REQ-08")


def test_REQ_05_an_id_that_was_used_before_under_another_signature(watch: Watch, post, request_):
    used = make_id()
    assert post(request_(ID=used)).status_code == 303
    watch.refuses(lambda: post(request_(ID=used, ForceAuthn="false")), "EH-REQ-08")


def test_REQ_05_two_service_providers_may_use_the_same_id(network, post, request_, make_requester):
    used = make_id()
    other = make_requester(network, "kvk")
    assert post(request_(ID=used)).status_code == 303
    assert post(other.signed(other.request(network.simulator.addresses.sso, ID=used))).status_code == 303


def test_REQ_05_a_request_that_was_refused_may_be_repeated_once_it_is_right(watch: Watch, post, request_):
    used = make_id()
    watch.refuses(lambda: post(request_(ID=used, Destination="https://elsewhere.invalid/")), "EH-REQ-02")
    assert post(request_(ID=used)).status_code == 303


@pytest.mark.parametrize("minutes", [-7, 2, -60 * 24 * 365, 60 * 24 * 365])
def test_REQ_06_a_request_of_another_time(watch: Watch, post, request_, minutes):
    issued = at(datetime.now(UTC) + timedelta(minutes=minutes))
    watch.refuses(lambda: post(request_(IssueInstant=issued)), "EH-REQ-03")


@pytest.mark.parametrize(
    "issued", ["2026-11-23T12:00:00", "2026-11-23", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-14:00"]
)
def test_REQ_06_a_time_that_is_no_moment(watch: Watch, post, request_, issued):
    answer = watch.leaves_nothing(lambda: post(request_(IssueInstant=issued)))
    assert answer.status_code == 400
    assert watch.rejection()["detail"][0].split()[0] in {"EH-XML-14", "EH-CNT-02", "EH-REQ-03"}


@pytest.mark.parametrize("elsewhere", ["{sso}/", "{sso}?x=1", "https://elsewhere.invalid/sso", "", None])
def test_REQ_07_a_request_for_another_address(watch: Watch, network, post, request_, elsewhere):
    wrong = elsewhere and elsewhere.format(sso=network.simulator.addresses.sso)
    watch.refuses(lambda: post(request_(Destination=wrong)), "EH-REQ-02")


def test_REQ_08_a_sender_that_is_not_registered(watch: Watch, network, post, requester):
    for stranger in ("urn:etoegang:DV:00000099000000999999:entities:1", f" {requester.entity_id}", "", "x" * 2000):
        message = requester.signed(requester.request(network.simulator.addresses.sso, issuer=stranger))
        watch.refuses(lambda message=message: post(message), "EH-SND-01")
    watch.all_look_alike()


def test_REQ_10_markup_in_the_name_of_the_sender_is_not_shown(watch: Watch, network, post, requester):
    message = requester.signed(
        requester.request(network.simulator.addresses.sso, issuer="<script>alert(1)</script>\r\nfake line")
    )
    answer = watch.refuses(lambda: post(message), "EH-SND-01")
    assert "fake line" not in answer.text
    assert "\n" not in watch.rejection()["detail"][0]


def test_REQ_10_markup_in_what_is_shown_is_text(network, post, request_):
    answer = post(request_(ProviderName="<img src=x onerror=alert(1)>\"'&amp;"))
    page = requests.get(network.broker + answer.headers["Location"], timeout=30)
    assert page.status_code == 200
    assert "<img src=x" not in page.text


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"Version": "1.1"}, "EH-REQ-01"),
        ({"Version": "2.1"}, "EH-REQ-01"),
        ({"Version": None}, "EH-XML-14"),
        ({"ID": "_" + "x" * 128}, "EH-XML-17"),
        ({"ID": "1starts-with-a-digit"}, "EH-XML-14"),
        ({"ID": "_a'b"}, "EH-XML-17"),
        ({"IssueInstant": "yesterday"}, "EH-XML-14"),
        ({"ForceAuthn": "perhaps"}, "EH-XML-14"),
        ({INDEX: "-1"}, "EH-XML-14"),
        ({"Unknown": "x"}, "EH-XML-14"),
    ],
    ids=str,
)
def test_a_request_that_is_not_of_the_form_of_saml(watch: Watch, network, post, requester, changes, rule):
    message = requester.request(network.simulator.addresses.sso, **changes)
    signed = requester.signed(message) if changes.get("ID", "x").isidentifier() else message
    watch.refuses(lambda: post(signed), rule)


@pytest.mark.parametrize("relay_state", ["x" * 1025, "é" * 513, "x" * 64_000], ids=len)
def test_WEB_03_a_relay_state_that_is_too_long_to_send_back(watch: Watch, post, request_, relay_state):
    answer = watch.refuses(lambda: post(request_(), relay_state), "EH-REQ-09")
    assert relay_state not in answer.text


def test_REQ_13_nothing_in_a_request_makes_the_broker_less_strict(watch: Watch, network, post, requester):
    message = requester.request(
        network.simulator.addresses.sso,
        children=['<samlp:Extensions><x:fault xmlns:x="urn:x" scenario="skip-signature"/></samlp:Extensions>'],
    )
    watch.refuses(lambda: post(message), "EH-SIG-01")


def test_all_faults_of_a_request_look_alike(watch: Watch, network, post, request_, requester, requester_keys):
    sso = network.simulator.addresses.sso
    used = request_()
    post(used)
    for message, rule in (
        (requester.request(sso), "EH-SIG-01"),
        (sign(requester.request(sso), requester_keys["other"]["signing"]), "EH-SIG-10"),
        (request_(Destination="https://elsewhere.invalid/"), "EH-REQ-02"),
        (used, "EH-REQ-08"),
        (request_(issuer="urn:nobody"), "EH-SND-01"),
        (b"<x/>", "EH-XML-13"),
        (b"<x", "EH-XML-06"),
    ):
        watch.refuses(lambda message=message: post(message), rule)
    watch.all_look_alike()
