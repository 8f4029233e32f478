"""A request that comes as a redirect: proven over the octets of the query as they were received (RDR, DOS)."""

import base64
import http.client
import re
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

import pytest
import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from broker.core.clock import system_clock
from broker.core.recorded import Carrier
from broker.saml import redirect
from broker.saml.document import MAX_BYTES
from broker.saml.faults import BindingReason, Fault, SignatureReason
from broker.saml.keys import Certificate, VerificationKey
from broker.simulator.audit.sealing import unseal
from broker.store.audit import messages
from tests.requester import Pair, Requester, form
from tests.simulator.outcome import Watch

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
LARGEST = 256 * 1024
Encode = Callable[[str], str]


def deflated(octets: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(octets) + compressor.flush()


def query(
    message: bytes,
    pair: Pair,
    *,
    relay_state: str | None = "state",
    algorithm: str = RSA_SHA256,
    encode: Encode = quote_plus,
) -> dict[str, str]:
    """The parameters, encoded, in the order in which they are signed, the signature last."""
    raw = {"SAMLRequest": encode(base64.b64encode(message).decode())}
    if relay_state is not None:
        raw["RelayState"] = encode(relay_state)
    raw["SigAlg"] = encode(algorithm)
    octets = joined(raw).encode()
    signature = pair.key.sign(octets, padding.PKCS1v15(), hashes.SHA256())
    return raw | {"Signature": encode(base64.b64encode(signature).decode())}


def joined(raw: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in raw.items())


@pytest.fixture
def message(network, requester: Requester) -> bytes:
    """A right request, without a signature of its own, compressed."""
    return deflated(etree.tostring(requester.request(network.simulator.addresses.sso)))


@pytest.fixture
def get(network) -> Callable[[dict[str, str] | str], requests.Response]:
    """get(parameters): exactly these octets as the query."""

    def send(raw: dict[str, str] | str) -> requests.Response:
        address = urlsplit(network.simulator.addresses.sso)
        text = raw if isinstance(raw, str) else joined(raw)
        # `requests` would write percent-encoded octets in its own way, and then they are no longer what was signed.
        connection = http.client.HTTPConnection(address.netloc, timeout=30)
        connection.request("GET", f"{address.path}?{text}")
        got = connection.getresponse()
        answer = requests.Response()
        answer.status_code, answer._content, answer.encoding = got.status, got.read(), "utf-8"
        answer.headers.update(got.getheaders())
        connection.close()
        return answer

    return send


@pytest.mark.parametrize(
    "relay_state", [None, "", "x", "é" * 40, "a b+c%20d&e=f"], ids=["none", "empty", "short", "80-bytes", "reserved"]
)
def test_a_signed_query_begins_a_login_with_its_relay_state(network, get, message, requester, relay_state):
    answer = get(query(message, requester.signing, relay_state=relay_state))
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login/")


def test_a_query_that_asks_what_cannot_be_is_answered_with_its_relay_state(network, get, requester):
    asked = etree.tostring(requester.request(network.simulator.addresses.sso, IsPassive="true"))
    answer = get(query(deflated(asked), requester.signing, relay_state="a b+c%20d&e=f"))
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["RelayState"] == ["a b+c%20d&e=f"]


def test_a_request_for_the_address_of_another_version(watch: Watch, network, requester):
    sso = network.simulator.addresses.at("1.11").sso

    def send(destination: str) -> requests.Response:
        message = deflated(etree.tostring(requester.request(destination)))
        return requests.get(f"{sso}?{joined(query(message, requester.signing))}", allow_redirects=False, timeout=30)

    assert send(sso).headers["Location"].startswith("/login/")
    watch.refuses(lambda: send(network.simulator.addresses.sso), "EH-REQ-02")


def test_RDR_01_the_order_of_the_parameters_does_not_matter(get, message, requester):
    raw = query(message, requester.signing)
    assert get(dict(reversed(raw.items()))).status_code == 303


@pytest.mark.parametrize(
    "encode",
    [
        lambda value: quote(value, safe=""),
        lambda value: re.sub("%..", lambda found: found.group().lower(), quote(value, safe="")),
        lambda value: "".join(f"%{octet:02X}" for octet in value.encode()),
        lambda value: quote(value, safe="/:"),
    ],
    ids=["percent-20", "lower-case", "everything", "as-little-as-possible"],
)
def test_RDR_02_the_octets_are_those_that_were_received(get, message, requester, encode):
    assert get(query(message, requester.signing, relay_state="a b/c", encode=encode)).status_code == 303


@pytest.mark.parametrize("name", ["SAMLRequest", "RelayState", "SigAlg", "Signature"])
def test_RDR_03_a_parameter_that_is_there_twice(watch: Watch, get, message, requester, name):
    raw = query(message, requester.signing)
    watch.refuses(lambda: get(f"{joined(raw)}&{name}={raw[name]}"), "EH-BND-01")


@pytest.mark.parametrize("extra", ["SAMLResponse=x", "SAMLart=x", "SAMLEncoding=x", "%53AMLResponse=x"])
def test_RDR_04_RDR_08_a_parameter_of_another_message_or_encoding(watch: Watch, get, message, requester, extra):
    watch.refuses(lambda: get(f"{joined(query(message, requester.signing))}&{extra}"), "EH-BND-01")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda raw: raw.pop("Signature"), "EH-SIG-01"),
        (lambda raw: raw.pop("SigAlg"), "EH-SIG-01"),
        (lambda raw: raw.update(Signature=""), "EH-SIG-01"),
        (lambda raw: raw.update(SigAlg=""), "EH-SIG-01"),
        (lambda raw: raw.pop("SAMLRequest"), "EH-BND-01"),
        (lambda raw: raw.pop("RelayState"), "EH-SIG-11"),
        (lambda raw: raw.update(RelayState="other"), "EH-SIG-11"),
        (lambda raw: raw.update(Signature=quote_plus(base64.b64encode(bytes(256)).decode())), "EH-SIG-11"),
        (lambda raw: raw.update(Signature="%%%"), "EH-BND-02"),
    ],
    ids=[
        "no-signature",
        "no-alg",
        "empty",
        "empty-alg",
        "no-message",
        "state-gone",
        "state-changed",
        "zero",
        "no-base64",
    ],
)
def test_RDR_05_RDR_06_DOS_03_a_query_that_is_not_what_was_signed(watch: Watch, get, message, requester, change, rule):
    raw = query(message, requester.signing)
    change(raw)
    watch.refuses(lambda: get(raw), rule)


def test_RDR_06_a_relay_state_that_was_added_to_a_query_signed_without(watch: Watch, get, message, requester):
    raw = query(message, requester.signing, relay_state=None)
    watch.refuses(lambda: get(f"{joined(raw)}&RelayState=added"), "EH-SIG-11")


@pytest.mark.parametrize(
    "algorithm",
    [
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        "none",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256 ",
    ],
)
def test_RDR_07_another_algorithm(watch: Watch, get, message, requester, algorithm):
    watch.refuses(lambda: get(query(message, requester.signing, algorithm=algorithm)), "EH-SIG-05")


def test_RDR_11_a_signature_in_the_message_besides_that_over_the_query(watch: Watch, network, get, requester):
    signed = requester.signed(requester.request(network.simulator.addresses.sso))
    raw = query(deflated(etree.tostring(signed)), requester.signing)
    watch.refuses(lambda: get(raw), "EH-SIG-03")


def test_REQ_04_a_query_that_another_service_provider_signed(watch: Watch, get, message, requester, requester_keys):
    watch.refuses(lambda: get(query(message, requester_keys["other"]["signing"])), "EH-SIG-11")
    watch.refuses(lambda: get(query(message, requester.encryption)), "EH-SIG-11")


def test_REQ_05_a_query_that_was_used_before(watch: Watch, get, message, requester):
    raw = query(message, requester.signing)
    assert get(raw).status_code == 303
    watch.refuses(lambda: get(raw), "EH-REQ-08")


@pytest.mark.parametrize(
    ("octets", "rule"),
    [
        (deflated(b"<x/>".ljust(LARGEST + 1)), "EH-BND-05"),
        (deflated(b"<x/>".ljust(LARGEST)), "EH-XML-13"),
        (deflated(b"A" * 50_000_000), "EH-BND-05"),
        (deflated(b"<x>" + b" " * (MAX_BYTES - 7) + b"</x>"), "EH-XML-13"),
        (deflated(b"<x>" + b" " * (MAX_BYTES - 6) + b"</x>"), "EH-BND-05"),
        (deflated(b"<x/>")[:-2], "EH-BND-05"),
        (deflated(b"<x/>") + b"more", "EH-BND-05"),
        (zlib.compress(b"<x/>"), "EH-BND-05"),
        (b"<x/>", "EH-BND-05"),
        (deflated(b"<x/>"), "EH-XML-13"),
        (deflated(b"<!DOCTYPE x><x/>"), "EH-XML-05"),
    ],
    ids=[
        "too-large",
        "largest",
        "bomb",
        "just-small-enough",
        "one-too-many",
        "cut-off",
        "trailing",
        "zlib-header",
        "not-compressed",
        "other-root",
        "doctype",
    ],
)
def test_DOS_01_what_does_not_become_a_message_of_a_fair_size(watch: Watch, get, requester, octets, rule):
    watch.refuses(lambda: get(query(octets, requester.signing)), rule)


def test_DOS_01_a_bomb_takes_no_memory():
    """What is kept is bounded, not only what is accepted: this one would become 30 MB."""
    bomb = quote_plus(base64.b64encode(deflated(bytes(30_000_000))))
    tracemalloc.start()
    try:
        with pytest.raises(Fault) as found:
            redirect.decode(f"SAMLRequest={bomb}&SigAlg=x&Signature=eA%3D%3D".encode())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.value.reason is BindingReason.COMPRESSION
    assert most < 2_000_000


@pytest.mark.parametrize("extra", [b"y" * 65_536, "é".encode()], ids=["long", "not-ascii"])
def test_DOS_01_DOS_02_a_query_that_no_server_should_let_through(requester, message, extra):
    raw = joined(query(message, requester.signing)).encode()
    assert redirect.decode(raw + b"&x=").relay_state == "state"
    with pytest.raises(Fault) as found:
        redirect.decode(raw + b"&x=" + extra)
    assert found.value.reason is BindingReason.PARAMETERS


def test_DOS_01_a_query_that_is_too_long(watch: Watch, get, message, requester):
    raw = joined(query(message, requester.signing))
    assert watch.leaves_nothing(lambda: get(f"{raw}&x={'y' * 70_000}")).status_code in (400, 414)


def test_a_get_without_anything(watch: Watch, get):
    watch.refuses(lambda: get(""), "EH-BND-01")


def test_the_signed_request_may_name_an_issuer_only_by_its_registered_name(watch: Watch, network, get, requester):
    message = requester.request(network.simulator.addresses.sso, issuer=f"{requester.entity_id} ")
    watch.refuses(lambda: get(query(deflated(etree.tostring(message)), requester.signing)), "EH-SND-01")


def test_RDR_01_what_was_signed_in_another_order_is_not_signed(watch: Watch, get, message, requester):
    raw = query(message, requester.signing)
    shuffled = {name: raw[name] for name in ("RelayState", "SAMLRequest", "SigAlg")}
    signature = requester.signing.key.sign(joined(shuffled).encode(), padding.PKCS1v15(), hashes.SHA256())
    wrong = shuffled | {"Signature": quote_plus(base64.b64encode(signature).decode())}
    watch.refuses(lambda: get(wrong), "EH-SIG-11")


def test_RDR_02_another_encoding_of_the_same_values_is_not_what_was_signed(watch: Watch, get, message, requester):
    raw = query(message, requester.signing)
    assert raw["SigAlg"] != raw["SigAlg"].lower()
    watch.refuses(lambda: get(raw | {"SigAlg": raw["SigAlg"].lower()}), "EH-SIG-11")


def test_RDR_08_a_message_that_is_not_compressed(watch: Watch, network, get, requester):
    plain = etree.tostring(requester.request(network.simulator.addresses.sso))
    watch.refuses(lambda: get(query(plain, requester.signing)), "EH-BND-05")


def test_RDR_09_a_query_beside_a_form_is_not_looked_at(watch: Watch, network, message, requester):
    address = f"{network.simulator.addresses.sso}?{joined(query(message, requester.signing))}"
    watch.refuses(lambda: requests.post(address, {"x": "y"}, allow_redirects=False, timeout=30), "EH-BND-01")


def test_RDR_10_the_signature_of_a_form_does_not_count(watch: Watch, network, requester):
    """HTTP-POST-SimpleSign: the form is signed, the message is not."""
    sso = network.simulator.addresses.sso
    unsigned = etree.tostring(requester.request(sso))
    octets = f"SAMLRequest={unsigned.decode()}&RelayState=state&SigAlg={RSA_SHA256}"
    signature = requester.signing.key.sign(octets.encode(), padding.PKCS1v15(), hashes.SHA256())
    fields = form("SAMLRequest", unsigned, "state")
    fields |= {"SigAlg": RSA_SHA256, "Signature": base64.b64encode(signature).decode()}
    watch.refuses(lambda: requests.post(sso, fields, allow_redirects=False, timeout=30), "EH-SIG-01")


def test_RDR_11_only_a_signature_in_the_message(watch: Watch, network, get, requester):
    signed = requester.signed(requester.request(network.simulator.addresses.sso))
    inside = query(deflated(etree.tostring(signed)), requester.signing)["SAMLRequest"]
    watch.refuses(lambda: get({"SAMLRequest": inside}), "EH-SIG-01")


def test_KEY_11_a_query_signed_with_a_certificate_that_has_expired(own_network, make_requester, log):
    requester = make_requester(own_network)
    watch, sso, clock = Watch(own_network, log), own_network.simulator.addresses.sso, own_network.clock
    clock.offset = requester.signing.certificate.not_valid_after_utc - clock() + timedelta(seconds=1)
    raw = query(deflated(etree.tostring(requester.request(sso))), requester.signing, relay_state=None)
    watch.refuses(lambda: requests.get(f"{sso}?{joined(raw)}", allow_redirects=False, timeout=30), "EH-SIG-13")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"SAMLRequest": "%25"}, "EH-BND-02"),
        ({"SAMLRequest": "AA%20AA"}, "EH-BND-02"),
        ({"SAMLRequest": "-_-_"}, "EH-BND-02"),
        ({"Signature": "A"}, "EH-BND-02"),
        ({"RelayState": "%FF"}, "EH-BND-01"),
    ],
    ids=["percent", "space", "url-safe", "short-signature", "relay-state"],
)
def test_DOS_03_a_query_that_cannot_be_taken_apart(watch: Watch, get, message, requester, changes, rule):
    watch.refuses(lambda: get(query(message, requester.signing) | changes), rule)


def test_DOS_01_a_compressed_message_in_a_form_is_not_inflated(watch: Watch, network):
    fields = form("SAMLRequest", deflated(b"<x>" + b" " * 40_000_000 + b"</x>"), "state")
    sso = network.simulator.addresses.sso
    watch.refuses(lambda: requests.post(sso, fields, allow_redirects=False, timeout=30), "EH-XML-03")


def test_KEY_12_a_query_signed_with_a_key_for_something_else(requester, message):
    """Metadata with such a key for signing is refused as a whole, so the proof is asked directly."""
    encryption = VerificationKey.of(Certificate.from_der(base64.b64decode(requester.encryption.text)))
    signed = redirect.decode(joined(query(message, requester.encryption)).encode())
    with pytest.raises(Fault) as found:
        redirect.prove(signed, etree.fromstring("<x/>"), [encryption], system_clock())
    assert found.value.reason is SignatureReason.CERTIFICATE


def test_the_query_that_carried_a_request_is_kept_with_it(network, get, message, requester):
    """Its signature covers the query and not the message: without it nobody could verify the request any more."""
    raw = joined(query(message, requester.signing))
    login_id = get(raw).headers["Location"].rpartition("/")[2]
    sim = network.simulator
    (kept,) = sim.store.read(lambda tx: messages.of_login(tx, login_id))
    body = unseal(sim.archive_key, kept.sealed)
    assert (kept.carrier, body.query, body.octets) == (
        Carrier.REDIRECT,
        raw.encode(),
        zlib.decompress(message, -zlib.MAX_WBITS),
    )
