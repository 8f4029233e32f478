"""The SOAP 1.1 envelope around ArtifactResolve and its answer."""

import requests
from lxml.etree import _Element as Element

from sp_demo import xml
from sp_demo.names import SOAP
from sp_demo.refusal import Reason, Refused

_BODY = f"{{{SOAP}}}Body"
_CONTENT_TYPES = ("text/xml", "application/soap+xml")


def envelope(message: str) -> bytes:
    """`message`, an XML element without declaration, in an envelope; its characters stay as they are."""
    start = f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body>'
    return f"{start}{message.strip()}</soap:Body></soap:Envelope>".encode()


def headers(content_type: str) -> dict[str, str]:
    """HTTP headers of a request with an envelope."""
    return {
        "Content-Type": f"{content_type}; charset=UTF-8",
        "SOAPAction": '"http://www.oasis-open.org/committees/security"',
    }


def read_body(answer: requests.Response) -> bytes:
    """The body of an HTTP answer with a SOAP envelope, up to the limit for messages; raises `Refused`."""
    with answer:
        if answer.status_code != requests.codes.ok:
            raise Refused(Reason.BROKER_SILENT, f"HTTP status {answer.status_code}")
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in _CONTENT_TYPES:
            raise Refused(Reason.BROKER_SILENT, f"content type {kind!r}")
        read = bytearray()
        for part in answer.iter_content(chunk_size=16 * 1024):
            read += part
            if len(read) > xml.MAX_BYTES:
                raise Refused(Reason.BROKER_SILENT, f"answer of more than {xml.MAX_BYTES} bytes")
        return bytes(read)


def open_envelope(document: bytes) -> Element:
    """The one message in the Body; raises `Refused` (MALFORMED)."""
    root = xml.parse(document)
    if root.tag != f"{{{SOAP}}}Envelope" or xml.children(root) != [_BODY] or len(root[0]) != 1:
        raise Refused(Reason.MALFORMED, "expected a SOAP envelope with one message in its body and no header")
    return root[0][0]
