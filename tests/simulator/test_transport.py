"""What arrives before it is a message: too large, not XML, not allowed XML, not a form (XML, DOS, WEB)."""

import base64
import http.client
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from lxml import etree

from broker.web.app import MAX_BODY
from tests.requester import Requester
from tests.simulator.outcome import Watch

ENTITY_BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
EXTERNAL = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
SOON_S = 20  # on a busy machine
LARGEST = 256 * 1024


@pytest.fixture
def message(network, requester: Requester) -> bytes:
    """A right request; what is done to it is what is wrong."""
    return etree.tostring(requester.signed(requester.request(network.simulator.addresses.sso)))


@pytest.fixture
def sso(network) -> str:
    return network.simulator.addresses.sso


def encoded(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def post(address: str, field: str | None, name: str = "SAMLRequest") -> requests.Response:
    fields = {} if field is None else {name: field}
    return requests.post(address, fields, allow_redirects=False, timeout=30)


def inside(message: bytes, extra: bytes) -> bytes:
    """`extra` as the first thing in the root element."""
    head, bracket, rest = message.partition(b">")
    return head + bracket + extra + rest


DOCUMENTS = {
    "not-well-formed": (lambda m: m[:-1], "EH-XML-06"),
    "two-roots": (lambda m: m + m, "EH-XML-06"),
    "other-root": (lambda _: b"<x/>", "EH-XML-13"),
    "a-response": (lambda m: m.replace(b"AuthnRequest", b"Response"), "EH-XML-13"),
    "html": (lambda _: b"<html><body>x</body></html>", "EH-XML-13"),
    "doctype": (lambda m: b"<!DOCTYPE x>" + m, "EH-XML-05"),
    "entity-bomb": (lambda _: ENTITY_BOMB, "EH-XML-05"),
    "external-entity": (lambda _: EXTERNAL, "EH-XML-05"),
    "comment": (lambda m: inside(m, b"<!-- x -->"), "EH-XML-07"),
    "comment-behind": (lambda m: m + b"<!-- x -->", "EH-XML-07"),
    "processing-instruction": (lambda m: inside(m, b"<?x y?>"), "EH-XML-07"),
    "byte-order-mark": (lambda m: b"\xef\xbb\xbf" + m, "EH-XML-03"),
    "utf-16": (lambda m: m.decode().encode("utf-16"), "EH-XML-03"),
    "not-utf-8": (lambda m: inside(m, b"\xff\xfe"), "EH-XML-03"),
    "nul": (lambda m: inside(m, b"\0"), "EH-XML-03"),
    "declared-latin-1": (lambda m: b'<?xml version="1.0" encoding="iso-8859-1"?>' + m, "EH-XML-04"),
    "declared-1.1": (lambda m: b'<?xml version="1.1"?>' + m, "EH-XML-04"),
    "too-many-elements": (lambda m: inside(m, b"<x/>" * 2001), "EH-XML-08"),
    "too-deep": (lambda m: inside(m, b"<x>" * 41 + b"</x>" * 41), "EH-XML-09"),
    "too-many-attributes": (
        lambda m: inside(m, b"<x " + b" ".join(b'a%d=""' % number for number in range(65)) + b"/>"),
        "EH-XML-15",
    ),
    "too-many-namespaces": (
        lambda m: inside(m, b"<x " + b" ".join(b'xmlns:a%d="urn:%d"' % (n, n) for n in range(65)) + b"/>"),
        "EH-XML-16",
    ),
    "relative-namespace": (lambda m: inside(m, b'<x xmlns="x"/>'), "EH-XML-10"),
    "id-twice": (lambda m: inside(m, b'<x ID="_a"/><y ID="_a"/>'), "EH-XML-11"),
    "foreign-id": (lambda m: inside(m, b'<x xml:id="_a"/>'), "EH-XML-12"),
    "unknown-element": (lambda m: inside(m, b"<x/>"), "EH-XML-14"),
    "just-too-large": (lambda m: m.ljust(LARGEST + 1), "EH-XML-02"),
    "large-attribute": (lambda m: inside(m, b'<x a="' + b"x" * 300_000 + b'"/>'), "EH-BND-01"),
}


def test_the_message_is_right_as_it_is(sso, message):
    assert post(sso, encoded(message)).status_code == 303


def test_DOS_05_a_message_of_256_kib_is_not_too_large_even_in_lines(sso, message):
    field = base64.encodebytes(message.ljust(LARGEST)).decode().replace("\n", "\r\n")
    assert post(sso, field).status_code == 303


@pytest.mark.parametrize("case", DOCUMENTS)
def test_XML_a_document_that_is_not_looked_at(watch: Watch, sso, message, case):
    change, rule = DOCUMENTS[case]
    watch.refuses(lambda: post(sso, encoded(change(message))), rule)


@pytest.mark.parametrize("case", ["doctype", "entity-bomb", "comment", "too-deep", "utf-16", "not-well-formed"])
def test_XML_the_back_channel_looks_no_further_either(watch: Watch, network, message, case):
    change, rule = DOCUMENTS[case]
    address, headers = network.simulator.addresses.resolution, {"Content-Type": "text/xml"}
    watch.faults(lambda: requests.post(address, change(message), headers=headers, timeout=30), rule)


@pytest.mark.parametrize("case", ["doctype", "comment", "unknown-element", "other-root"])
def test_XML_nor_does_the_address_for_answers(watch: Watch, network, message, case):
    change, rule = DOCUMENTS[case]
    octets = change(message.replace(b"AuthnRequest", b"Response"))
    watch.refuses(lambda: post(network.simulator.addresses.consumer, encoded(octets), "SAMLResponse"), rule)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda _: None, "EH-BND-01"),
        (lambda _: "", "EH-BND-01"),
        (lambda _: "====", "EH-BND-02"),
        (lambda text: text[:-3], "EH-BND-02"),
        (lambda text: text[:40] + " " + text[40:], "EH-BND-02"),
        (lambda text: text + "!", "EH-BND-02"),
        (lambda text: "-_" + text[2:], "EH-BND-02"),
        (lambda text: text.replace("A", "\N{CYRILLIC CAPITAL LETTER A}"), "EH-BND-02"),
        (lambda text: text + "\0", "EH-BND-02"),
        (lambda _: "A" * 400_000, "EH-BND-01"),
    ],
    ids=["absent", "empty", "padding-only", "no-padding", "space", "trailing", "url-safe", "cyrillic", "nul", "long"],
)
def test_DOS_03_a_field_that_is_not_base64(watch: Watch, sso, message, change, rule):
    watch.refuses(lambda: post(sso, change(encoded(message))), rule)


def test_DOS_03_line_breaks_in_base64_are_as_the_binding_has_them(network, requester):
    octets = etree.tostring(requester.signed(requester.request(network.simulator.addresses.sso)))
    text = base64.encodebytes(octets).decode().replace("\n", "\r\n")
    assert post(network.simulator.addresses.sso, text).status_code == 303


@pytest.mark.parametrize("path", ["/broker/sso/1.13", "/broker/acs/1.13", "/broker/ars/1.13"])
def test_DOS_02_a_body_of_100_megabytes_is_refused_before_it_is_sent(network, path):
    connection = http.client.HTTPConnection(urlsplit(network.broker).netloc, timeout=SOON_S)
    connection.putrequest("POST", path)
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.putheader("Content-Length", str(100 * 1024 * 1024))
    connection.endheaders(b"SAMLRequest=")
    answer = connection.getresponse()
    assert answer.status in (413, 500)
    assert b"413" in answer.read()
    connection.close()


def test_WEB_12_a_form_with_a_hundred_thousand_fields_is_read_quickly_and_refused(watch: Watch, sso):
    body = "&".join(f"f{number}=" for number in range(60_000))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = watch.leaves_nothing(lambda: requests.post(sso, body, headers=headers, timeout=SOON_S))
    assert answer.status_code in (400, 413)


def in_chunks(body: bytes) -> Iterator[bytes]:
    """What `requests` sends without saying how long it is."""
    yield from (body[place : place + 10_000] for place in range(0, len(body), 10_000))


@pytest.mark.parametrize(("more", "status"), [(-1, 303), (0, 303), (1, 413)])
def test_WEB_12_a_body_in_chunks_may_be_as_long_as_any_other(network, requester, sso, more, status):
    """At the limit it is the whole of it; behind it nothing is cut off and taken for the whole."""
    fields = urlencode(requester.begin(sso) | {"Padding": ""}).encode()
    body = fields + b"x" * (MAX_BODY + more - len(fields))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = requests.post(sso, in_chunks(body), headers=headers, allow_redirects=False, timeout=SOON_S)
    assert answer.request.headers["Transfer-Encoding"] == "chunked"
    assert answer.status_code == status


def test_WEB_12_a_form_with_parts_is_not_the_form_of_the_binding(watch: Watch, sso, message):
    parts = {"SAMLRequest": (None, encoded(message))}
    watch.refuses(lambda: requests.post(sso, files=parts, allow_redirects=False, timeout=30), "EH-BND-01")


def test_RDR_03_RDR_04_a_field_that_is_there_twice_or_does_not_belong_there(watch: Watch, network, sso, message):
    twice = [("SAMLRequest", encoded(message)), ("SAMLRequest", encoded(message))]
    watch.refuses(lambda: requests.post(sso, twice, allow_redirects=False, timeout=30), "EH-BND-01")
    states = [("SAMLRequest", encoded(message)), ("RelayState", "a"), ("RelayState", "b")]
    watch.refuses(lambda: requests.post(sso, states, allow_redirects=False, timeout=30), "EH-BND-01")
    both = {"SAMLRequest": encoded(message), "SAMLResponse": encoded(message)}
    watch.refuses(lambda: requests.post(sso, both, allow_redirects=False, timeout=30), "EH-BND-01")


def test_RDR_09_a_message_in_the_query_of_a_post_is_not_looked_at(watch: Watch, sso, message):
    query = {"SAMLRequest": encoded(message)}
    watch.refuses(lambda: requests.post(sso, params=query, allow_redirects=False, timeout=30), "EH-BND-01")


def test_WEB_09_the_addresses_of_the_broker_come_from_its_settings(network, requester):
    """A spoofed Host changes nothing: not what a request must be meant for, and not where the browser goes."""
    sso = network.simulator.addresses.sso
    spoofed = {"Host": "evil.invalid", "X-Forwarded-Host": "evil.invalid", "X-Forwarded-Proto": "https"}
    answer = requests.post(sso, requester.begin(sso), headers=spoofed, allow_redirects=False, timeout=30)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login/")
    for path in ("/", "/broker/metadata/1.13"):
        assert "evil.invalid" not in requests.get(network.broker + path, headers=spoofed, timeout=30).text


def test_WEB_09_a_request_for_the_spoofed_host_is_for_another_address(watch: Watch, sso, requester):
    fields = requester.begin("http://evil.invalid/broker/sso/1.13")
    headers = {"Host": "evil.invalid"}
    watch.refuses(lambda: requests.post(sso, fields, headers=headers, allow_redirects=False, timeout=30), "EH-REQ-02")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/login/nothing", 404),
        ("GET", "/broker/acs/1.13", 405),
        ("POST", "/broker/metadata/1.13", 405),
        ("POST", "/login/nothing/choose", 400),
        ("POST", "/login/nothing/cancel", 400),
    ],
)
def test_WEB_07_WEB_10_WEB_17_every_error_is_a_page_that_protects_and_tells_nothing(network, method, path, status):
    answer = requests.request(method, network.broker + path, allow_redirects=False, timeout=30)
    assert answer.status_code == status
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-cache, no-store"
    assert answer.headers["Pragma"] == "no-cache"
    assert "<dt>Incidentnummer</dt>" in answer.text
    for word in ("Traceback", "werkzeug", "flask", "sqlite", "site-packages", ".py"):
        assert word not in answer.text.lower()


def test_WEB_17_a_fault_of_the_broker_itself_is_a_page_with_a_number(watch: Watch, network, requester, monkeypatch):
    """Whatever breaks inside, the cause is in the log and the page says nothing of it."""
    monkeypatch.setattr("broker.simulator.pending.create", lambda *_: 1 / 0)
    sso = network.simulator.addresses.sso
    answer = watch.leaves_nothing(lambda: requests.post(sso, requester.begin(sso), allow_redirects=False, timeout=30))
    assert answer.status_code == 500
    assert "EH-SIM-00" in answer.text
    assert "ZeroDivisionError" not in answer.text
    (entry,) = [entry for entry in watch.log if entry["event"] == "unexpected"]
    assert isinstance(entry["exc_info"], ZeroDivisionError)
    assert entry["incident"] in answer.text
