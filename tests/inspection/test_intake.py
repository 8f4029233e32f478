"""Whatever somebody has of a message becomes that message, and each guess is told."""

import base64
import json
import zlib
from urllib.parse import quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.inspection import intake
from broker.inspection.found import Found, Unreadable

XML = b'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1">tekst + meer?</samlp:Response>'
POSTED = base64.b64encode(XML).decode()


def deflated(octets: bytes) -> str:
    deflator = zlib.compressobj(wbits=-15)
    return base64.b64encode(deflator.compress(octets) + deflator.flush()).decode()


PACKED = deflated(XML)
REDIRECT = f"SAMLResponse={quote_plus(PACKED)}&RelayState=a%20b&SigAlg=x&Signature=eA%3D%3D"
PAGE = f"""<!DOCTYPE html><html><form action="https://dv.invalid/acs" method="post">
<input type="hidden" name="SAMLResponse" value="{POSTED}"><input name="RelayState" value="a &amp; b"></form></html>"""


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        (XML, "XML"),
        (b"\xef\xbb\xbf\n  " + XML + b"\n", "XML"),
        (POSTED.encode(), "base64, XML"),
        ("\n".join(POSTED[at : at + 64] for at in range(0, len(POSTED), 64)).encode(), "base64, XML"),
        (POSTED.replace("+", "-").replace("/", "_").rstrip("=").encode(), "base64, XML"),
        (quote_plus(POSTED).encode(), "base64, XML"),
        (PACKED.encode(), "base64, compressed (DEFLATE), XML"),
        (f"SAMLResponse={quote_plus(POSTED)}&RelayState=x".encode(), "fields of a form, SAMLResponse, base64, XML"),
        (f"SAMLResponse={POSTED}".encode(), "fields of a form, SAMLResponse, base64, XML"),
        (PAGE.encode(), "web page with a form, SAMLResponse, base64, XML"),
        *(
            (text.encode(), "address or query, SAMLResponse, base64, compressed (DEFLATE), XML")
            for text in (
                REDIRECT,
                f"https://dv.invalid/sso?lang=nl&{REDIRECT}#top",
                f"GET /sso?{REDIRECT} HTTP/1.1\r\nHost: dv.invalid",
                f"<https://dv.invalid/sso?{REDIRECT}>"[1:-1],
            )
        ),
        (
            f"POST /acs HTTP/1.1\r\nHost: dv.invalid\r\n\r\nSAMLResponse={quote_plus(POSTED)}".encode(),
            "fields of a form, SAMLResponse, base64, XML",
        ),
    ],
)
def test_each_form_of_a_message_is_read_and_told(given: bytes, read_as: str):
    (found,) = intake.take(given)
    assert found.octets == XML
    assert ", ".join(item.en for item in found.read_as) == read_as


def test_a_query_is_kept_as_it_was_sent_for_its_signature():
    (found,) = intake.take(f"https://dv.invalid/sso?{REDIRECT}".encode())
    assert (found.query, found.parameter, found.relay_state) == (REDIRECT.encode(), "SAMLResponse", "a b")
    (posted,) = intake.take(PAGE.encode())
    assert (posted.query, posted.relay_state) == (None, "a & b")


TRACER = {
    "timestamp": "2026-11-23T12:00:00Z",
    "requests": [
        {"method": "GET", "url": "https://dv.invalid/", "get": [], "post": []},
        {"method": "GET", "url": f"https://hm.invalid/sso?{REDIRECT}", "get": [["SAMLResponse", PACKED]]},
        {"method": "POST", "url": "https://dv.invalid/acs", "post": [["SAMLResponse", POSTED], ["RelayState", "x"]]},
        {"method": "POST", "url": "https://dv.invalid/soap", "saml": XML.decode(), "post": None},
        {"method": "POST", "url": "https://dv.invalid/bad", "post": [["SAMLResponse", "!"]]},
        "nonsense",
    ],
}
HAR = {
    "log": {
        "entries": [
            {"request": {"method": "GET", "url": "https://dv.invalid/"}},
            {"request": {"method": "GET", "url": f"https://hm.invalid/sso?{REDIRECT}"}},
            {
                "request": {
                    "method": "POST",
                    "url": "https://dv.invalid/acs",
                    "postData": {"params": [{"name": "SAMLResponse", "value": POSTED}]},
                }
            },
            {"request": {"method": "POST", "url": "https://dv.invalid/soap", "postData": {"text": XML.decode()}}},
            {"request": {"method": "POST", "url": "https://a/", "postData": {"text": f"SAMLResponse={POSTED}"}}},
        ]
    }
}


def test_an_export_of_saml_tracer_gives_its_messages_with_where_they_were():
    found = intake.take(json.dumps(TRACER).encode())
    assert [one.octets for one in found] == [XML, XML, XML, b""]
    assert [one.label for one in found] == [
        "2: GET hm.invalid/sso",
        "3: POST dv.invalid/acs",
        "4: POST dv.invalid/soap",
        "5: POST dv.invalid/bad",
    ]
    assert found[0].query == REDIRECT.encode()
    assert "no valid base64" in found[3].read_as[-1].en


def test_an_export_of_a_browser_gives_its_messages():
    assert [one.octets for one in intake.take(json.dumps(HAR).encode())] == [XML] * 4


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (b"", "Nothing was given."),
        (b"  \n", "Nothing was given."),
        (b"\xff\xfe<\x00", "Byte 0 is not UTF-8."),
        (b"hello, world!", "This is no SAML message."),
        (b"x" * (intake.MAX_INPUT + 1), "This is too large: 4,194,305 bytes, 4,194,304 may be."),
        (b"{", "This begins as JSON but is not."),
        (b"[" * 100_000, "This begins as JSON but is not."),
        (b"{}", "There is no SAML message in this export."),
        (b'{"log": {"entries": 3}}', "There is no SAML message in this export."),
        (base64.b64encode(b"nothing here"), "The base64 holds no XML, nor compressed XML."),
        (deflated(b"nothing here").encode(), "What was compressed is too large or no XML."),
        (deflated(b"<" + b" " * 9_000_000).encode(), "What was compressed is too large or no XML."),
        (b"https://dv.invalid/acs?SAMLart=AAQ", "An artifact is only a reference."),
        (b"<html><form></form></html>", "This web page holds no form with a message."),
        (b"SAMLResponse=%21", "This is no XML and no valid base64."),
    ],
)
def test_what_is_no_message_is_told_with_what_to_do(given: bytes, what: str):
    with pytest.raises(Unreadable) as raised:
        intake.take(given)
    assert raised.value.what.en == what
    assert raised.value.what.nl != what
    assert raised.value.advice.nl.endswith(".")
    assert raised.value.advice.en.endswith(".")


_STARTS = st.sampled_from([b"{", b"[", b"<", b"<html>", b"SAMLResponse=", b"?SAMLRequest=", b""])


@settings(max_examples=100, deadline=None)
@given(st.builds(bytes.__add__, _STARTS, st.binary(max_size=80)))
def test_nothing_that_is_given_makes_it_fail(data: bytes):
    try:
        found = intake.take(data)
    except Unreadable:
        return
    assert all(isinstance(one, Found) for one in found)
