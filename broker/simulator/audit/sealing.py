"""What messages say, encrypted at rest (AES-256-GCM): who has the database alone cannot read it."""

import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE: Final = 12
_LENGTH: Final = 4


class Unreadable(Exception):
    """A sealed body that this key does not open: it was altered, or sealed by another installation."""


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a message and, for HTTP-Redirect, the raw query that carried it."""

    octets: bytes
    query: bytes | None = None


def seal(key: bytes, body: Body) -> bytes:
    """`body` under `key` (32 bytes)."""
    query = body.query or b""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, len(query).to_bytes(_LENGTH, "big") + query + body.octets, None)


def unseal(key: bytes, sealed: bytes) -> Body:
    """What was sealed; raises `Unreadable`."""
    try:
        content = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    except (InvalidTag, ValueError) as error:
        raise Unreadable("the body of this message cannot be opened with the key of this installation") from error
    end = _LENGTH + int.from_bytes(content[:_LENGTH], "big")
    return Body(content[end:], content[_LENGTH:end] or None)
