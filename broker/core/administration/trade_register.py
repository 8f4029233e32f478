"""The trade register (Handelsregister of KVK): what it tells of an organisation, and the check that a mandate needs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from broker.core.administration.representatives import Representative
from broker.core.identifiers import KvkNumber, Rsin
from broker.core.organisations import KvkStatus, LegalForm


class KvkResult(Enum):
    """How a check ended."""

    OK = "ok"
    NOT_FOUND = "not_found"
    INACTIVE = "inactive"
    SIGNATORY_NOT_AUTHORISED = "signatory_not_authorised"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Extract:
    """What KVK tells of one organisation (uittreksel)."""

    kvk_number: KvkNumber
    rsin: Rsin | None
    legal_form: LegalForm
    statutory_name: str
    city: str
    status: KvkStatus = KvkStatus.ACTIVE
    trade_names: tuple[str, ...] = ()
    representatives: tuple[Representative, ...] = ()
    branches: int = 0


@dataclass(frozen=True, slots=True)
class KvkCheck:
    """One check of one organisation. `by` is the operator who overrode the result, if one did; a check costs nothing
    extra (M-41).
    """

    id: str
    organisation_id: str
    checked_at: datetime
    result: KvkResult
    by: str | None = None

    def is_fresh(self, moment: datetime, days: int) -> bool:
        """Whether it may still be relied on at `moment`."""
        return self.checked_at <= moment <= self.checked_at + timedelta(days=days)


class NoAnswer(Exception):
    """KVK does not answer, or answers with an error; asking again later may help."""


class TradeRegister(Protocol):
    """Where extracts come from: the local stub, or a client of KVK's interface."""

    def look_up(self, number: KvkNumber) -> Extract | None:
        """The extract of `number`; None when KVK does not know it. Raises `NoAnswer`."""

    def look_up_many(self, numbers: Collection[KvkNumber]) -> Mapping[KvkNumber, Extract | NoAnswer | None]:
        """The same for many numbers at once; whoever KVK gave no answer about has its `NoAnswer`."""


def judge(extract: Extract | NoAnswer | None) -> KvkResult:
    """What a check of an organisation says, signatories apart."""
    if isinstance(extract, NoAnswer):
        return KvkResult.ERROR
    if extract is None:
        return KvkResult.NOT_FOUND
    return KvkResult.OK if extract.status is KvkStatus.ACTIVE else KvkResult.INACTIVE
