"""The HTTP-Redirect binding: a compressed message in the query, signed as a query (SAML bindings 3.4.4).

The signature covers the parameters exactly as they were received, so they are never decoded and encoded again. The
message itself carries no signature; the one over the query covers all of it.
"""

import base64
import binascii
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from urllib.parse import unquote_plus

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from broker.saml import document, names
from broker.saml.faults import BindingReason, Fault, SignatureReason
from broker.saml.keys import VerificationKey

Parameter = Literal["SAMLRequest", "SAMLResponse"]
_SIGNED: Final = ("RelayState", "SigAlg")
_FOREIGN: Final = frozenset({"SAMLRequest", "SAMLResponse", "SAMLart", "SAMLEncoding"})
_MAX_QUERY: Final = 64 * 1024
_SIGNATURE: Final = f"{{{names.DS}}}Signature"


@dataclass(frozen=True, slots=True)
class SignedQuery:
    """A query taken apart: the message, and what proves it. `octets` is what was signed."""

    message: bytes
    relay_state: str | None
    octets: bytes
    algorithm: str
    signature: bytes


def decode(query: bytes, message: Parameter = "SAMLRequest") -> SignedQuery:
    """Take apart the raw query string of a request; raises `Fault` with a `BindingReason` or `SignatureReason`.

    `message` is the parameter that holds the message.
    """
    raw = _raw_parameters(query, message)
    if message not in raw:
        raise Fault(BindingReason.PARAMETERS, "the query holds no message")
    if not raw.get("SigAlg") or not raw.get("Signature"):
        raise Fault(SignatureReason.MISSING, "SigAlg or Signature is not in the query")
    signed = [f"{name}={raw[name]}" for name in (message, *_SIGNED) if name in raw]
    return SignedQuery(
        message=_inflated(_octets(raw[message])),
        relay_state=_text(raw["RelayState"]) if "RelayState" in raw else None,
        octets="&".join(signed).encode("ascii"),
        algorithm=unquote_plus(raw["SigAlg"]),
        signature=_octets(raw["Signature"]),
    )


def prove(
    signed: SignedQuery, root: etree._Element, keys: Sequence[VerificationKey], moment: datetime
) -> etree._Element:
    """Return `root`, which was parsed from `signed.message`, once the query proves to be signed with one of `keys`.

    Raises `Fault` with a `SignatureReason`.
    """
    if signed.algorithm != names.RSA_SHA256:
        raise Fault(SignatureReason.ALGORITHM, signed.algorithm[:200])
    if root.find(_SIGNATURE) is not None:
        raise Fault(SignatureReason.STRUCTURE, "both the query and the message are signed")
    usable = [key.certificate for key in keys if key.certificate.valid_at(moment) and key.certificate.may_sign]
    if not usable:
        raise Fault(SignatureReason.CERTIFICATE, "no certificate of the sender is valid now and meant for signing")
    for certificate in usable:
        try:
            certificate.public_key.verify(signed.signature, signed.octets, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            continue
        return root
    raise Fault(SignatureReason.INVALID, f"with {len(usable)} key(s)")


def _raw_parameters(query: bytes, message: Parameter) -> dict[str, str]:
    """The parameters of the binding with their values still encoded; each at most once, and none of another binding."""
    if len(query) > _MAX_QUERY or not query.isascii():
        raise Fault(BindingReason.PARAMETERS, f"{len(query)} bytes")
    raw: dict[str, str] = {}
    for part in query.decode("ascii").split("&"):
        name, _, value = part.partition("=")
        name = unquote_plus(name)
        if name in _FOREIGN - {message} or name in raw:
            raise Fault(BindingReason.PARAMETERS, f"{name} is repeated or does not belong here")
        if name in (message, *_SIGNED, "Signature"):
            raw[name] = value
    return raw


def _text(value: str) -> str:
    try:
        return unquote_plus(value, errors="strict")
    except UnicodeDecodeError as error:
        raise Fault(BindingReason.PARAMETERS, "RelayState is not UTF-8") from error


def _octets(value: str) -> bytes:
    try:
        return base64.b64decode(unquote_plus(value).replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Fault(BindingReason.BASE64, str(error)) from error


def _inflated(octets: bytes) -> bytes:
    # The cap comes first: a few kilobytes can inflate to gigabytes.
    inflator = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        message = inflator.decompress(octets, document.MAX_BYTES + 1)
    except zlib.error as error:
        raise Fault(BindingReason.COMPRESSION, str(error)) from error
    if len(message) > document.MAX_BYTES:
        raise Fault(BindingReason.COMPRESSION, f"inflates to more than {document.MAX_BYTES} bytes")
    if not inflator.eof or inflator.unused_data:
        raise Fault(BindingReason.COMPRESSION, "the compressed data ends too early or too late")
    return message
