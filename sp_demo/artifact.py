"""SAML artifacts of type 4: type (2 bytes), endpoint index (2), SHA-1 of the issuer's EntityID (20), handle (20)."""

import base64
import binascii
import hashlib

from sp_demo.refusal import Reason, Refused

_TYPE = b"\x00\x04"
_LENGTH = 44


def endpoint_index(artifact: str, issuer: str) -> int:
    """The index of the artifact resolution service; raises `Refused` (ARTIFACT) unless `issuer` made the artifact."""
    try:
        raw = base64.b64decode(artifact, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(Reason.ARTIFACT, "artifact is not base64") from error
    if len(raw) != _LENGTH or raw[:2] != _TYPE:
        raise Refused(Reason.ARTIFACT, f"artifact of {len(raw)} bytes and type {raw[:2].hex()}")
    if raw[4:24] != hashlib.sha1(issuer.encode(), usedforsecurity=False).digest():
        raise Refused(Reason.ARTIFACT, "artifact is not of the broker")
    return int.from_bytes(raw[2:4], "big")
