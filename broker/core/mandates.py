"""Mandates (machtigingen) and the links that a login travels along.

A chain has two links and exactly one intermediary, so a coupling ties a chain mandate to a *means*: there is nothing
a longer chain could be built from.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from broker.core.assurance import AssuranceLevel
from broker.core.identifiers import BranchNumber
from broker.core.invariants import InvariantBroken
from broker.core.scope import Scope
from broker.core.validity import Validity

MAX_YEARS = 5  # the scheme's limit for every mandate and coupling


class Origin(Enum):
    """Who started a chain mandate; it decides who may revoke it and never changes."""

    INVITED_BY_INTERMEDIARY = "invited_by_intermediary"
    SELF_ISSUED = "self_issued"


class ChainStatus(Enum):
    """The states of a chain mandate. `EXPIRED` is never stored: it follows from the clock, see `status_at`."""

    INVITED = "invited"
    SIGNING = "signing"
    UNDER_REVIEW = "under_review"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    LAPSED = "lapsed"


class LinkStatus(Enum):
    """The states of a coupling and of a direct mandate; `EXPIRED` follows from the clock here too."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class DirectMandate:
    """A direct mandate (reguliere machtiging): the holder of a means may act for an organisation.

    `branch` limits it to one branch (vestiging). `for_third_parties_only` lets the holder act in chains of the
    organisation but not for the organisation itself.
    """

    id: str
    means_id: str
    organisation_id: str
    scope: Scope
    level: AssuranceLevel
    validity: Validity
    status: LinkStatus = LinkStatus.ACTIVE
    branch: BranchNumber | None = None
    for_third_parties_only: bool = False
    version: int = 1

    def __post_init__(self) -> None:
        self.validity.at_most_years(MAX_YEARS)
        _refuse_stored_expiry(self.status, LinkStatus.EXPIRED)

    def status_at(self, day: date) -> LinkStatus:
        """The status with expiry counted in."""
        return _link_status_at(self.status, self.validity, day)


@dataclass(frozen=True, slots=True)
class ChainMandate:
    """A chain mandate (ketenmachtiging): the grantor lets the intermediary log in on its behalf."""

    id: str
    grantor_id: str
    intermediary_id: str
    origin: Origin
    scope: Scope
    level: AssuranceLevel
    validity: Validity
    status: ChainStatus = ChainStatus.ACTIVE
    version: int = 1

    def __post_init__(self) -> None:
        if self.grantor_id == self.intermediary_id:
            raise InvariantBroken("I1", f"{self.grantor_id} cannot be its own intermediary")
        self.validity.at_most_years(MAX_YEARS)
        _refuse_stored_expiry(self.status, ChainStatus.EXPIRED)

    def status_at(self, day: date) -> ChainStatus:
        """The status with expiry counted in."""
        lasting = self.status in (ChainStatus.ACTIVE, ChainStatus.SUSPENDED)
        return ChainStatus.EXPIRED if lasting and day > self.validity.valid_until else self.status


@dataclass(frozen=True, slots=True)
class MandateCoupling:
    """A coupling (koppeling): one means of the intermediary's people may use one chain mandate.

    `narrowing` shrinks the mandate's scope for this means; None takes the whole scope.
    """

    id: str
    mandate_id: str
    means_id: str
    narrowing: Scope | None
    level: AssuranceLevel
    validity: Validity
    status: LinkStatus = LinkStatus.ACTIVE
    version: int = 1

    def __post_init__(self) -> None:
        self.validity.at_most_years(MAX_YEARS)
        _refuse_stored_expiry(self.status, LinkStatus.EXPIRED)

    def status_at(self, day: date) -> LinkStatus:
        """The status with expiry counted in."""
        return _link_status_at(self.status, self.validity, day)


def _link_status_at(status: LinkStatus, validity: Validity, day: date) -> LinkStatus:
    lasting = status in (LinkStatus.ACTIVE, LinkStatus.SUSPENDED)
    return LinkStatus.EXPIRED if lasting and day > validity.valid_until else status


def _refuse_stored_expiry(status: Enum, expired: Enum) -> None:
    if status is expired:
        raise InvariantBroken("I6", "expiry follows from the clock; store the status that the mandate expired with")
