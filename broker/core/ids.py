"""The one home of randomness that ends up in messages: message ids, transient subjects, handles, tokens.

Everything else takes an `Ids`, so that golden messages and reproducible runs can supply their own.
"""

import secrets
from dataclasses import dataclass
from typing import Protocol


class Ids(Protocol):
    """Source of unpredictable identifiers; every call gives a new one of at least 128 bits."""

    def message_id(self) -> str:
        """An XML ID for a message: an NCName, unique for longer than the twelve months the scheme asks."""

    def transient(self) -> str:
        """A transient subject: 64 hexadecimal characters, new for each login."""

    def handle(self) -> bytes:
        """The 20 random bytes of an artifact."""

    def token(self) -> str:
        """An unguessable, URL-safe reference of 32 characters."""


@dataclass(frozen=True, slots=True)
class RandomIds:
    """`Ids` from the operating system's random source."""

    def message_id(self) -> str:
        """`_` and 32 hexadecimal characters."""
        return "_" + secrets.token_hex(16)

    def transient(self) -> str:
        """64 upper-case hexadecimal characters."""
        return secrets.token_hex(32).upper()

    def handle(self) -> bytes:
        """20 random bytes."""
        return secrets.token_bytes(20)

    def token(self) -> str:
        """32 URL-safe characters (192 bits)."""
        return secrets.token_urlsafe(24)
