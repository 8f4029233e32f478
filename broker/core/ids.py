"""The one home of randomness that ends up in messages: message ids, transient subjects, handles, tokens.

Everything else takes an `Ids`, so that golden messages and reproducible runs can supply their own. With a seed, what a
step of a login draws follows from the seed and the step alone, whichever process takes it (`Ids.within`).
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
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

    def within(self, *step: str) -> "Ids":
        """The source for one step of one login; asked again for the same step it begins anew, if there is a seed."""


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

    def within(self, *step: str) -> Ids:
        """This source: there is no seed."""
        del step
        return self


class SeededIds:
    """`Ids` that follow from a seed and a step. Who knows the seed can tell them: they are for tests alone."""

    def __init__(self, seed: str, step: tuple[str, ...]) -> None:
        """`step` names a step of a login, or anything else that happens once."""
        self._seed, self._step, self._drawn = seed, step, 0

    def message_id(self) -> str:
        """`_` and 32 hexadecimal characters."""
        return "_" + self._next(16).hex()

    def transient(self) -> str:
        """64 upper-case hexadecimal characters."""
        return self._next(32).hex().upper()

    def handle(self) -> bytes:
        """20 bytes."""
        return self._next(20)

    def token(self) -> str:
        """32 URL-safe characters."""
        return base64.urlsafe_b64encode(self._next(24)).decode()

    def within(self, *step: str) -> Ids:
        """The source for a step within this one."""
        return SeededIds(self._seed, (*self._step, *step))

    def _next(self, size: int) -> bytes:
        self._drawn += 1
        text = "\0".join((*self._step, str(self._drawn)))
        return hmac.digest(self._seed.encode(), text.encode(), hashlib.sha256)[:size]


@dataclass(frozen=True, slots=True)
class RepeatableIds:
    """`usual`, but for what belongs to a step of a login while `seed` gives one."""

    usual: Ids
    seed: Callable[[], str | None]

    def message_id(self) -> str:
        """As `usual` gives it."""
        return self.usual.message_id()

    def transient(self) -> str:
        """As `usual` gives it."""
        return self.usual.transient()

    def handle(self) -> bytes:
        """As `usual` gives it."""
        return self.usual.handle()

    def token(self) -> str:
        """As `usual` gives it."""
        return self.usual.token()

    def within(self, *step: str) -> Ids:
        """From the seed, if there is one now."""
        seed = self.seed()
        return self.usual.within(*step) if seed is None else SeededIds(seed, step)
