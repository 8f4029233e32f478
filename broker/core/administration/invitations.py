"""Invitations (uitnodigingen): an intermediary asks a client for a chain mandate, or to renew one.

    SENT ─▶ ACCEPTED (the mandate begins)     SENT ─▶ CANCELLED by the intermediary
      │ ─▶ DECLINED by the client             SENT ⇄ BOUNCED (the address was wrong)
      └─▶ EXPIRED (three months; by the clock, never stored)

The client answers with means of its own, or through a link without any (M-06). The link holds a secret of which the
register keeps a digest only.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from hashlib import sha256

from broker.core.administration.actors import Actor
from broker.core.administration.dossiers import Priority
from broker.core.administration.lifecycle import Moment, Wanted, check_wanted
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import Action, permit, require_own_level
from broker.core.assurance import AssuranceLevel
from broker.core.clock import amsterdam_date
from broker.core.mandates import Origin
from broker.core.scope import Scope
from broker.core.text import Language
from broker.core.validity import Validity, months_later


class InvitationStatus(Enum):
    """The states of an invitation; `EXPIRED` follows from the clock, see `status_at`."""

    SENT = "sent"
    BOUNCED = "bounced"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


_OPEN = frozenset({InvitationStatus.SENT, InvitationStatus.BOUNCED})


@dataclass(frozen=True, slots=True)
class Invitation:
    """One invitation. `valid_until` is the last day that is proposed for the mandate, which begins on acceptance.

    `reference` is the intermediary's own, `batch_id` the upload it came from, `renews` the mandate that it would renew,
    `mandate_id` what came of it. `expires_on` is the last Amsterdam date on which it can be answered.
    """

    id: str
    intermediary_id: str
    client_id: str
    email: str
    contact: str
    scope: Scope
    level: AssuranceLevel
    valid_until: date
    token_digest: bytes
    sent_at: datetime
    expires_on: date
    language: Language = "nl"
    priority: Priority = Priority.NORMAL
    status: InvitationStatus = InvitationStatus.SENT
    reference: str = ""
    batch_id: str | None = None
    renews: str | None = None
    opened_at: datetime | None = None
    answered_at: datetime | None = None
    reason: str | None = None
    mandate_id: str | None = None
    version: int = 1

    def status_at(self, day: date) -> InvitationStatus:
        """The status with expiry counted in."""
        return InvitationStatus.EXPIRED if self.status in _OPEN and day > self.expires_on else self.status

    def is_open(self, day: date) -> bool:
        """Whether it can still be answered."""
        return self.status_at(day) in _OPEN

    def wanted(self, today: date) -> Wanted:
        """The mandate that it asks for, if it is accepted today."""
        period = Validity(today, max(today, self.valid_until))
        return Wanted(self.client_id, self.intermediary_id, self.scope, self.level, period, self.priority)


@dataclass(frozen=True, slots=True)
class Invited:
    """What an intermediary asks, and of whom."""

    client_id: str
    email: str
    contact: str
    scope: Scope
    level: AssuranceLevel
    valid_until: date
    language: Language = "nl"
    priority: Priority = Priority.NORMAL
    reference: str = ""
    batch_id: str | None = None
    renews: str | None = None


def token_digest(token: str) -> bytes:
    """What the register keeps of the secret in a link."""
    return sha256(token.encode()).digest()


def invite(asked: Invited, actor: Actor, now: Moment, *, invitation_id: str, token: str) -> Invitation:
    """A new invitation from the organisation that `actor` manages (M-31). Raises `ChangeRefused`."""
    intermediary_id = actor.organisation_id or ""
    permit(actor, Action.INVITE, asked.client_id, intermediary_id, Origin.INVITED_BY_INTERMEDIARY, now.policy)
    require_own_level(actor, asked.level)
    if asked.valid_until < now.today:
        raise ChangeRefused(Obstacle.PERIOD_IN_THE_PAST, str(asked.valid_until))
    period = Validity(now.today, asked.valid_until)
    check_wanted(Wanted(asked.client_id, intermediary_id, asked.scope, asked.level, period), now)
    return Invitation(
        id=invitation_id,
        intermediary_id=intermediary_id,
        client_id=asked.client_id,
        email=asked.email,
        contact=asked.contact,
        scope=asked.scope,
        level=asked.level,
        valid_until=asked.valid_until,
        token_digest=token_digest(token),
        sent_at=now.at,
        expires_on=months_later(now.today, now.policy.invitation_months),
        language=asked.language,
        priority=asked.priority,
        reference=asked.reference,
        batch_id=asked.batch_id,
        renews=asked.renews,
    )


def accept(invitation: Invitation, mandate_id: str, actor: Actor, now: Moment) -> Invitation:
    """ACCEPTED; `mandate_id` is the mandate that begins, or that is renewed."""
    return _answered(invitation, InvitationStatus.ACCEPTED, actor, now, mandate_id=mandate_id)


def decline(invitation: Invitation, actor: Actor, now: Moment, reason: str) -> Invitation:
    """DECLINED by the client."""
    return _answered(invitation, InvitationStatus.DECLINED, actor, now, reason=reason)


def cancel(invitation: Invitation, actor: Actor, now: Moment, reason: str) -> Invitation:
    """CANCELLED by the intermediary, before it is answered."""
    _permit(invitation, actor, Action.CANCEL_INVITATION, now)
    _require_open(invitation, now)
    return replace(invitation, status=InvitationStatus.CANCELLED, answered_at=now.at, reason=reason)


def bounced(invitation: Invitation, now: Moment, reason: str) -> Invitation:
    """BOUNCED: the mail did not arrive."""
    _require_open(invitation, now)
    return replace(invitation, status=InvitationStatus.BOUNCED, reason=reason)


def correct_address(invitation: Invitation, email: str, token: str, actor: Actor, now: Moment) -> Invitation:
    """SENT once more, to another address and with another link; the old link no longer works."""
    _permit(invitation, actor, Action.CANCEL_INVITATION, now)
    _require_open(invitation, now)
    return replace(invitation, status=InvitationStatus.SENT, email=email, token_digest=token_digest(token), reason=None)


def opened(invitation: Invitation, now: Moment) -> Invitation:
    """The link was followed; the first time counts."""
    return invitation if invitation.opened_at else replace(invitation, opened_at=now.at)


def _answered(
    invitation: Invitation, status: InvitationStatus, actor: Actor, now: Moment, **changes: str | None
) -> Invitation:
    _permit(invitation, actor, Action.ANSWER_INVITATION, now)
    _require_open(invitation, now)
    return replace(invitation, status=status, answered_at=now.at, **changes)  # type: ignore[arg-type]


def _permit(invitation: Invitation, actor: Actor, action: Action, now: Moment) -> None:
    origin = Origin.INVITED_BY_INTERMEDIARY
    permit(actor, action, invitation.client_id, invitation.intermediary_id, origin, now.policy)


def _require_open(invitation: Invitation, now: Moment) -> None:
    status = invitation.status_at(amsterdam_date(now.at))
    if status not in _OPEN:
        raise ChangeRefused(Obstacle.ENDED, status.value)
