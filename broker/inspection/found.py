"""One message as it was found, and the ways in which text carries one: base64, compressed or not, queries, fields.

SAML bindings 3.4 (redirect), 3.5 (POST). Nothing is parsed as XML here: that is the strict reader's work.
"""

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote, unquote_plus

from broker.core.text import Text
from broker.saml import document

Parameter = Literal["SAMLRequest", "SAMLResponse"]
PARAMETERS: Final[tuple[Parameter, ...]] = ("SAMLRequest", "SAMLResponse")

AS_XML: Final = Text("XML", "XML")
AS_BASE64: Final = Text("base64", "base64")
AS_DEFLATED: Final = Text("gecomprimeerd (DEFLATE)", "compressed (DEFLATE)")
_AS_QUERY: Final = Text("adres of query", "address or query")
_AS_FORM: Final = Text("velden van een formulier", "fields of a form")


class Unreadable(Exception):
    """Nothing in what was given is a message: what is the matter, and what to do next."""

    def __init__(self, what: Text, advice: Text) -> None:
        super().__init__(f"{what.en} {advice.en}")
        self.what = what
        self.advice = advice


GIVE: Final = Text(
    "Geef XML, base64, een adres met SAMLRequest of SAMLResponse, of een export van SAML-tracer.",
    "Give XML, base64, an address with SAMLRequest or SAMLResponse, or an export of SAML-tracer.",
)


@dataclass(frozen=True, slots=True)
class Found:
    """One message. `octets` are its XML, which nobody looked at yet; `read_as` tells how it was found.

    `query` is the raw query that carried it, when one did: a signature may cover that and not the XML. `label` says
    which message of several it is.
    """

    octets: bytes
    read_as: tuple[Text, ...]
    parameter: Parameter | None = None
    query: bytes | None = None
    relay_state: str | None = None
    label: str = ""


def decoded(text: str) -> tuple[bytes, tuple[Text, ...]]:
    """Base64 that holds XML, compressed or not, and how it was read; raises `Unreadable`."""
    plain = re.sub(r"\s+", "", unquote(text)).translate(str.maketrans("-_", "+/"))
    try:
        octets = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable(
            Text("Dit is geen XML en geen geldige base64.", "This is no XML and no valid base64."), GIVE
        ) from error
    if octets.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return octets.lstrip(b"\xef\xbb\xbf \t\r\n"), (AS_BASE64, AS_XML)
    return _inflated(octets), (AS_BASE64, AS_DEFLATED, AS_XML)


def _inflated(octets: bytes) -> bytes:
    inflator = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        message = inflator.decompress(octets, document.MAX_BYTES + 1)
    except zlib.error as error:
        raise Unreadable(
            Text("In de base64 zit geen XML, ook niet gecomprimeerd.", "The base64 holds no XML, nor compressed XML."),
            Text("Kijk of u het hele bericht hebt.", "See whether you have all of the message."),
        ) from error
    if len(message) > document.MAX_BYTES or message[:1] != b"<":
        raise Unreadable(
            Text("Wat gecomprimeerd was, is te groot of geen XML.", "What was compressed is too large or no XML."), GIVE
        )
    return message


def from_query(query: str, label: str = "") -> Found:
    """The message in a query or in the body of a form; raises `Unreadable`."""
    raw = dict(part.partition("=")[::2] for part in reversed(query.split("&")))
    parameter = next((name for name in PARAMETERS if name in raw), None)
    if parameter is None:
        raise Unreadable(
            Text("Een artifact is alleen een verwijzing.", "An artifact is only a reference."),
            Text("Geef het ArtifactResponse dat erbij hoort.", "Give the ArtifactResponse that belongs to it."),
        )
    # A form that was copied after decoding has plus signs where an encoded one has %2B.
    octets, how = decoded(raw[parameter].replace("%20", "+").replace(" ", "+"))
    relay_state = raw.get("RelayState")
    by_redirect = AS_DEFLATED in how or "Signature" in raw
    return Found(
        octets=octets,
        read_as=(_AS_QUERY if by_redirect else _AS_FORM, Text(parameter, parameter), *how),
        parameter=parameter,
        query=query.encode() if by_redirect else None,
        relay_state=None if relay_state is None else unquote_plus(relay_state),
        label=label,
    )


def from_fields(fields: dict[str, str], label: str = "") -> Found | None:
    """The message in fields that were decoded already; None when they hold none. Raises `Unreadable`."""
    parameter = next((name for name in PARAMETERS if name in fields), None)
    if parameter is None:
        return None
    octets, how = decoded(fields[parameter].replace(" ", "+"))
    return Found(octets, (_AS_FORM, Text(parameter, parameter), *how), parameter, None, fields.get("RelayState"), label)
