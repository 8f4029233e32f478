"""The HTTP-Artifact binding: the artifact itself, ArtifactResolve, ArtifactResponse and their SOAP envelope.

SAML bindings 3.6: an artifact of type 4 is `0x0004`, endpoint index (2 bytes), SourceID (SHA-1 of the issuer's
EntityID, 20 bytes) and a random handle (20 bytes), in base64.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from broker.saml import names, reading, response
from broker.saml.build import child, element, instant
from broker.saml.faults import BindingReason, Fault

RESOLVE_TAG: Final = f"{{{names.SAMLP}}}ArtifactResolve"
HANDLE_BYTES: Final = 20
# The broker's metadata has more indexes for the same address; its artifacts carry this one.
ENDPOINT_INDEX: Final = 0
_TYPE: Final = b"\x00\x04"
_LENGTH: Final = 44


@dataclass(frozen=True, slots=True)
class Artifact:
    """A decoded artifact."""

    endpoint_index: int
    source_id: bytes
    handle: bytes


def source_id(entity_id: str) -> bytes:
    """The SourceID of `entity_id`."""
    return hashlib.sha1(entity_id.encode(), usedforsecurity=False).digest()


def encode(entity_id: str, handle: bytes, endpoint_index: int = ENDPOINT_INDEX) -> str:
    """The artifact of `entity_id` with this random `handle` of 20 bytes."""
    if len(handle) != HANDLE_BYTES:
        raise ValueError(f"a handle is {HANDLE_BYTES} bytes")
    return base64.b64encode(_TYPE + endpoint_index.to_bytes(2, "big") + source_id(entity_id) + handle).decode()


def decode(text: str) -> Artifact:
    """Take an artifact apart; raises `Fault` unless it is 44 bytes of type 4 in base64."""
    try:
        octets = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Fault(BindingReason.ARTIFACT, "not base64") from error
    if len(octets) != _LENGTH or octets[:2] != _TYPE:
        raise Fault(BindingReason.ARTIFACT, f"{len(octets)} bytes of type {octets[:2].hex()}")
    return Artifact(int.from_bytes(octets[2:4], "big"), octets[4:24], octets[24:])


@dataclass(frozen=True, slots=True)
class ArtifactResolve:
    """A service provider's question for the message behind an artifact."""

    id: str
    version: str
    issue_instant: datetime
    issuer: str
    destination: str | None
    artifact: str


def read_resolve(root: etree._Element) -> ArtifactResolve:
    """Read verified content; raises `Fault`."""
    return ArtifactResolve(
        id=reading.attribute(root, "ID"),
        version=reading.attribute(root, "Version"),
        issue_instant=reading.moment(root, "IssueInstant"),
        issuer=reading.text(reading.one(root, names.SAML, "Issuer")),
        destination=root.get("Destination"),
        artifact=reading.text(reading.one(root, names.SAMLP, "Artifact")),
    )


def write_response(
    *, id_: str, issuer: str, in_response_to: str, moment: datetime, message: etree._Element | None
) -> etree._Element:
    """The unsigned ArtifactResponse. Its status is always Success: the outcome is in the message, if there is one."""
    attributes = {
        "ID": id_,
        "Version": names.VERSION,
        "IssueInstant": instant(moment),
        "InResponseTo": in_response_to,
    }
    root = element(names.SAMLP, "ArtifactResponse", attributes, "saml", "xs", "xsi")
    child(root, names.SAML, "Issuer", text=issuer)
    response.write_status(root, response.SUCCESS)
    if message is not None:
        root.append(message)
    return root


def from_envelope(root: etree._Element) -> etree._Element:
    """The one element in the Body of a SOAP 1.1 envelope; raises `Fault`.

    A Header is only allowed empty of things that must be understood.
    """
    if root.tag != f"{{{names.SOAP}}}Envelope":
        raise Fault(BindingReason.ENVELOPE, f"root {root.tag}")
    header = reading.optional(root, names.SOAP, "Header")
    if header is not None and any(item.get(f"{{{names.SOAP}}}mustUnderstand") for item in header):
        raise Fault(BindingReason.ENVELOPE, "a header that must be understood")
    body = reading.one(root, names.SOAP, "Body")
    if len(body) != 1:
        raise Fault(BindingReason.ENVELOPE, f"{len(body)} elements in Body")
    return body[0]


def in_envelope(message: etree._Element) -> etree._Element:
    """A SOAP 1.1 envelope around `message`."""
    root = element(names.SOAP, "Envelope")
    child(root, names.SOAP, "Body").append(message)
    return root


def write_fault(reason: str) -> etree._Element:
    """A SOAP 1.1 envelope that says that the question was not right (SOAP 1.1, 4.4: its parts have no namespace)."""
    root = element(names.SOAP, "Envelope")
    fault = child(child(root, names.SOAP, "Body"), names.SOAP, "Fault")
    etree.SubElement(fault, "faultcode").text = "soap:Client"
    etree.SubElement(fault, "faultstring").text = reason
    return root
