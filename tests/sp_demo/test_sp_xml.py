"""Documents that do not get past the parser."""

import pytest

from sp_demo import soap, xml
from sp_demo.refusal import Reason, Refused

ENVELOPE = b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">%s</s:Envelope>'


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        (b"", "does not begin"),
        (b"\xef\xbb\xbf<x/>", "does not begin"),
        (b" <x/>", "does not begin"),
        (b"<x", "not well-formed"),
        (b"<x/><y/>", "not well-formed"),
        (b"<x/>\x00", "message contains"),
        (b"<x>\xff</x>", "not well-formed"),
        (b"<!DOCTYPE x><x/>", "message contains"),
        (b'<!DOCTYPE x [<!ENTITY e "v">]><x>&e;</x>', "message contains"),
        (b"<x>&undefined;</x>", "not well-formed"),
        (b"<x><!-- c --></x>", "comment"),
        (b"<x/><!-- c -->", "beside the root"),
        (b"<x><?p i?></x>", "comment"),
        (b"<?p i?><x/>", "beside the root"),
        (b'<?xml version="1.1"?><x/>', "XML 1.1"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><x/>', "ISO-8859-1"),
        ("<x/>".encode("utf-16"), "does not begin"),
        (b'<x ID="a"><y ID="a"/></x>', "'ID'"),
        (b'<x ID="a"><y Id="a"/></x>', "'Id'"),
        (b'<x xml:id="a"/>', "id'"),
        (b'<x xmlns:o="urn:o" o:ID="a"/>', "ID'"),
        (b"<x>" + b"<y/>" * 2000 + b"</x>", "more than 2000"),
        (b"<x>" * 41 + b"</x>" * 41, "deeper than 40"),
        (b"<x>" + b"a" * 256 * 1024 + b"</x>", "limit 262144"),
    ],
)
def test_documents_that_are_refused(document, detail):
    with pytest.raises(Refused) as caught:
        xml.parse(document)
    assert caught.value.reason is Reason.MALFORMED
    assert detail in caught.value.detail


@pytest.mark.parametrize(
    "document",
    [
        b"<x/>",
        b'<?xml version="1.0" encoding="UTF-8"?>\n<x>\xc3\xa9</x>\n',
        b"<x>" + b"<y/>" * 1999 + b"</x>",
        b"<x>" * 40 + b"</x>" * 40,
        b"<x><![CDATA[a]]></x>",
    ],
)
def test_documents_that_are_read(document):
    assert xml.parse(document).tag == "x"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<s:Body/>",
        b"<s:Body><x/><y/></s:Body>",
        b"<s:Body><x/></s:Body><s:Body/>",
        b"<s:Header/><s:Body><x/></s:Body>",
        b"<s:Body><x/></s:Body><s:Header/>",
        b"<Body><x/></Body>",
    ],
)
def test_envelopes_that_are_refused(content):
    with pytest.raises(Refused, match="SOAP"):
        soap.open_envelope(ENVELOPE % content)


def test_an_envelope_that_is_opened():
    assert soap.open_envelope(ENVELOPE % b"<s:Body><x/></s:Body>").tag == "x"


def test_another_envelope():
    with pytest.raises(Refused, match="SOAP"):
        soap.open_envelope(b"<Envelope><Body><x/></Body></Envelope>")
