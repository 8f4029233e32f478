"""How an organisation becomes an intermediary (M-32, M-33): it applies, is introduced by mail, and comes in.

APPLIED ─(the introduction is mailed)▶ INTRODUCED ─(a manager comes in at the level for chain mandates)▶ ACTIVE
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from broker.core.text import Language


class OnboardingStatus(Enum):
    """How far an organisation is."""

    APPLIED = "applied"
    INTRODUCED = "introduced"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Onboarding:
    """An organisation that applied, who did so, and when it went on."""

    organisation_id: str
    applicant: str
    email: str
    language: Language
    applied_at: datetime
    introduced_at: datetime | None = None
    active_at: datetime | None = None

    @property
    def status(self) -> OnboardingStatus:
        """How far it is."""
        if self.active_at is not None:
            return OnboardingStatus.ACTIVE
        return OnboardingStatus.INTRODUCED if self.introduced_at is not None else OnboardingStatus.APPLIED


def introduced(one: Onboarding, moment: datetime) -> Onboarding:
    """INTRODUCED, once."""
    return one if one.introduced_at else replace(one, introduced_at=moment)


def came_in(one: Onboarding, moment: datetime) -> Onboarding:
    """ACTIVE, once; who was not introduced yet stays as it is."""
    return replace(one, active_at=moment) if one.status is OnboardingStatus.INTRODUCED else one
