"""Who may sign for an organisation (bevoegd vertegenwoordigers), and when there are enough signatures."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from broker.core.assurance import AssuranceLevel


class Authority(Enum):
    """How far a representative may bind the organisation, as KVK has it."""

    SOLE = "sole"
    JOINT = "joint"
    LIMITED = "limited"
    FULL_PROXY = "full_proxy"
    OWNER = "owner"


_ALONE = frozenset({Authority.SOLE, Authority.FULL_PROXY, Authority.OWNER})
_LEAST_SIGNATURES = 2  # of those who cannot sign alone, at EH2 and EH2+


@dataclass(frozen=True, slots=True)
class Representative:
    """A person who represents an organisation; `country` is ISO 3166 alpha-2, of residence."""

    name: str
    authority: Authority
    country: str = "NL"
    since: date | None = None
    until: date | None = None

    def is_in_office(self, day: date) -> bool:
        """Whether the person represents the organisation on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @property
    def lives_abroad(self) -> bool:
        """Whether identification in person is a journey: the urgent procedure offers a remote one (M-44)."""
        return self.country != "NL"


class SigningMethod(Enum):
    """How a representative signed."""

    PEN_AND_PAPER = "pen_and_paper"
    QUALIFIED_SIGNATURE = "qualified_signature"
    REMOTE_IDENTIFICATION = "remote_identification"
    IN_PORTAL = "in_portal"


@dataclass(frozen=True, slots=True)
class Signature:
    """One representative's signature under a mandate."""

    representative: str
    method: SigningMethod
    signed_at: datetime


def signatures_needed(representatives: Iterable[Representative], level: AssuranceLevel, day: date) -> int:
    """How many of those who cannot sign alone must sign: a majority from EH3 on, else two (fewer when there are fewer).

    0 when nobody represents the organisation, in which case nobody can sign.
    """
    together = [one for one in representatives if one.is_in_office(day) and one.authority not in _ALONE]
    if level >= AssuranceLevel.EH3:
        return len(together) // 2 + 1 if together else 0
    return min(_LEAST_SIGNATURES, len(together))


def is_signed(
    representatives: Collection[Representative], signatures: Iterable[Signature], level: AssuranceLevel, day: date
) -> bool:
    """Whether the signing rule is met: one who may sign alone, or enough of the others.

    A signature of somebody who is not in office counts for nothing, and nobody counts twice.
    """
    names = {signature.representative for signature in signatures}
    signing = [one for one in representatives if one.is_in_office(day) and one.name in names]
    if any(one.authority in _ALONE for one in signing):
        return True
    needed = signatures_needed(representatives, level, day)
    return 0 < needed <= len({one.name for one in signing})


def is_authorised(representatives: Iterable[Representative], name: str, day: date) -> bool:
    """Whether `name` may sign at all."""
    return any(one.name == name and one.is_in_office(day) for one in representatives)
