"""Managers (beheerders): who may manage the register for an organisation."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from broker.core.assurance import AssuranceLevel
from broker.core.mandates import MAX_YEARS
from broker.core.validity import Validity


class RoleStatus(Enum):
    """A role ends by itself on its last day, or is taken away."""

    ACTIVE = "active"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ManagerRole:
    """A person is manager (beheerder, machtigingenbeheerder) of an organisation, at most five years.

    `level` is the most that the manager may register (I4). `may_act_alone` lets the manager sign changes without a
    legal representative. The end of a role ends nothing that was registered under it.
    """

    id: str
    person_id: str
    organisation_id: str
    level: AssuranceLevel
    validity: Validity
    status: RoleStatus = RoleStatus.ACTIVE
    may_act_alone: bool = True

    def __post_init__(self) -> None:
        self.validity.at_most_years(MAX_YEARS)

    def is_in_force(self, day: date) -> bool:
        """Whether the role counts on `day`, an Amsterdam date."""
        return self.status is RoleStatus.ACTIVE and self.validity.contains(day)
