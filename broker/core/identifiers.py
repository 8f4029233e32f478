"""Identifiers of the scheme as types that cannot hold a malformed value.

Each is a `str`, so it can be stored, compared and printed as it is; making one checks it.
"""

import re
from enum import Enum
from operator import mul
from typing import ClassVar, Self


class InvalidIdentifier(ValueError):
    """The text is not an identifier of the wanted kind; the message says what was expected."""


class Identifier(str):
    """A string of one fixed form. Subclasses give the pattern and, in words, what was expected."""

    __slots__ = ()
    pattern: ClassVar[re.Pattern[str]]
    expected: ClassVar[str]

    def __new__(cls, value: str) -> Self:
        """Check `value` and wrap it; raises `InvalidIdentifier`."""
        if not cls.pattern.fullmatch(value) or not cls.is_consistent(value):
            raise InvalidIdentifier(f"{cls.__name__} {value[:80]!r}: expected {cls.expected}")
        return super().__new__(cls, value)

    @classmethod
    def is_consistent(cls, _value: str, /) -> bool:
        """Whether check digits fit; kinds without check digits accept every value of the right form."""
        return True


class KvkNumber(Identifier):
    """KvK-nummer: 8 digits, leading zeros kept. No check digit: KVK's own test numbers fail every known test."""

    __slots__ = ()
    pattern = re.compile(r"[0-9]{8}")
    expected = "8 digits"


class Rsin(Identifier):
    """RSIN: 9 digits that pass the elfproef (weights 9 to 2 and -1)."""

    __slots__ = ()
    pattern = re.compile(r"[0-9]{9}")
    expected = "9 digits that pass the elfproef"

    @classmethod
    def is_consistent(cls, value: str, /) -> bool:
        """The weighted sum is a multiple of eleven, and not all digits are zero."""
        weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
        total = sum(map(mul, weights, map(int, value)))
        return total % 11 == 0 and value.strip("0") != ""


class BranchNumber(Identifier):
    """Vestigingsnummer: 12 digits."""

    __slots__ = ()
    pattern = re.compile(r"[0-9]{12}")
    expected = "12 digits"


class EmailAddress(Identifier):
    """An e-mail address of ASCII characters that a mail can be sent to; whether it exists only a mail can tell.

    A dot in what stands behind the @, as HTML's `type=email` does not ask but every address on the internet has.
    """

    __slots__ = ()
    pattern = re.compile(r"(?=.{6,254}\Z)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
    expected = "an e-mail address such as naam@voorbeeld.nl"


class Oin(Identifier):
    """Organisatie-identificatienummer: 20 digits. The prefix 00000099 is free for tests."""

    __slots__ = ()
    pattern = re.compile(r"[0-9]{20}")
    expected = "20 digits"


class ServiceId(Identifier):
    """ServiceID: `urn:etoegang:DV:<OIN>:services:<index>`."""

    __slots__ = ()
    pattern = re.compile(r"urn:etoegang:DV:[0-9]{20}:services:[0-9]{1,9}")
    expected = "urn:etoegang:DV:<OIN>:services:<index>"

    @property
    def oin(self) -> Oin:
        """The OIN of the provider that the service belongs to."""
        return Oin(self.split(":")[3])

    @property
    def number(self) -> int:
        """The number of the service at its provider; by convention its AttributeConsumingService index."""
        return int(self.split(":")[5])


class ServiceUuid(Identifier):
    """ServiceUUID, lower case. The UUID of a service definition is what entitlements are registered against."""

    __slots__ = ()
    pattern = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
    expected = "a UUID in lower case"


class InternalPseudonym(Identifier):
    """Internal pseudonym: 64 upper-case hexadecimal characters, known to authentication service and register only."""

    __slots__ = ()
    pattern = re.compile(r"[0-9A-F]{64}")
    expected = "64 upper-case hexadecimal characters"


class IdentifierType(Enum):
    """Kinds of identifier of an entity concerned; the value is the URN that messages use as NameQualifier."""

    KVK_NUMBER = "urn:etoegang:1.9:EntityConcernedID:KvKnr"
    RSIN = "urn:etoegang:1.9:EntityConcernedID:RSIN"
    PSEUDO = "urn:etoegang:1.13:EntityConcernedID:Pseudo"
    BSN = "urn:etoegang:1.12:EntityConcernedID:BSN"
    PSEUDO_ID = "urn:etoegang:1.12:EntityConcernedID:PseudoID"
    EIDAS_LEGAL = "urn:etoegang:1.11:EntityConcernedID:eIDASLegalIdentifier"


NEEDS_BSNK = frozenset({IdentifierType.BSN, IdentifierType.PSEUDO_ID})
"""Kinds that only the scheme's BSNk can make."""

_ENTITY_OIN = re.compile(r"urn:etoegang:(?:DV|HM|AD|MR|EB):([0-9]+):entities:[0-9]+")


def oin_of_entity(entity_id: str) -> str | None:
    """The OIN inside an EntityID of the scheme, or None when the EntityID has another form (a URL, say).

    The length is not checked: real metadata holds OINs of 19 and 22 digits.
    """
    found = _ENTITY_OIN.fullmatch(entity_id)
    return found.group(1) if found else None
