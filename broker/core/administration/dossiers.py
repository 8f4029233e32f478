"""A chain mandate with its papers (dossier): when it was asked for, signed, checked and activated, and why it ended.

A login needs the mandate alone; changing one needs both, so the transitions of `lifecycle` go from one `FiledMandate`
to the next.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

from broker.core.administration.representatives import Signature
from broker.core.administration.working_days import review_due
from broker.core.clock import AMSTERDAM, amsterdam_date
from broker.core.invariants import InvariantBroken
from broker.core.mandates import ChainMandate, ChainStatus
from broker.core.validity import months_later

NOT_ENDED = frozenset(
    {ChainStatus.INVITED, ChainStatus.SIGNING, ChainStatus.UNDER_REVIEW, ChainStatus.ACTIVE, ChainStatus.SUSPENDED}
)
"""Statuses from which something may still become of a mandate. The others are final (I6)."""

PENDING = frozenset({ChainStatus.INVITED, ChainStatus.SIGNING, ChainStatus.UNDER_REVIEW})
"""Statuses of a mandate that was never active yet."""

_HAS_BEEN_ACTIVE = frozenset({ChainStatus.ACTIVE, ChainStatus.SUSPENDED, ChainStatus.REVOKED})


class Priority(Enum):
    """The urgent procedure (spoedprocedure, M-43) goes ahead in the queue and is due within one working day."""

    NORMAL = "normal"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Dossier:
    """The papers of one chain mandate.

    `signed_at` is when the signing rule was met, `due_on` when the review should be done, while it waits for one.
    `check_id` names the KVK check that the activation, or the last renewal, rests on. `reason` says why the mandate has
    the status that it has. `successor_of` names the expired mandate that this one replaces.
    """

    mandate_id: str
    requested_at: datetime
    priority: Priority = Priority.NORMAL
    invitation_id: str | None = None
    signatures: tuple[Signature, ...] = ()
    signed_at: datetime | None = None
    due_on: date | None = None
    check_id: str | None = None
    activated_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None
    successor_of: str | None = None


@dataclass(frozen=True, slots=True)
class FiledMandate:
    """A chain mandate and its dossier. Raises `InvariantBroken` (I6, I7) when they contradict each other."""

    mandate: ChainMandate
    dossier: Dossier

    def __post_init__(self) -> None:
        status, papers = self.mandate.status, self.dossier
        if papers.mandate_id != self.mandate.id:
            raise InvariantBroken("I6", f"the dossier of {papers.mandate_id} was joined with {self.mandate.id}")
        if (status in NOT_ENDED) == (papers.ended_at is not None):
            raise InvariantBroken("I6", f"{status.value} and ended at {papers.ended_at}")
        if (status in _HAS_BEEN_ACTIVE) != (papers.activated_at is not None):
            raise InvariantBroken("I6", f"{status.value} and activated at {papers.activated_at}")
        if papers.activated_at is not None and (papers.signed_at is None or papers.check_id is None):
            raise InvariantBroken("I7", "activated without a signature or without a KVK check")

    def status_at(self, moment: datetime, signing_months: int) -> ChainStatus:
        """The status with all that follows from the clock: expiry, and a signing that took too long (LAPSED)."""
        today = amsterdam_date(moment)
        waits = self.mandate.status in (ChainStatus.INVITED, ChainStatus.SIGNING)
        if waits and today > months_later(amsterdam_date(self.dossier.requested_at), signing_months):
            return ChainStatus.LAPSED
        return self.mandate.status_at(today)


def lapsed_before(today: date, signing_months: int) -> datetime:
    """The moment of which this is true: what was requested before it, and is not signed, has lapsed `today`."""
    day = months_later(today, -signing_months)
    while months_later(day, signing_months) < today:
        day += timedelta(days=1)
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


def filed_long_ago(mandate: ChainMandate, moment: datetime, priority: Priority = Priority.NORMAL) -> FiledMandate:
    """`mandate` with the papers of one whose past is not known, as sample data and files of others have it.

    They say that everything happened at `moment`, so one that waits for review is due as of then; the check is named
    `import`.
    """
    been_active = mandate.status in _HAS_BEEN_ACTIVE
    waits = mandate.status is ChainStatus.UNDER_REVIEW
    return FiledMandate(
        mandate,
        Dossier(
            mandate_id=mandate.id,
            requested_at=moment,
            priority=priority,
            signed_at=moment if been_active or waits else None,
            due_on=review_due(moment, urgent=priority is Priority.URGENT) if waits else None,
            check_id="import" if been_active else None,
            activated_at=moment if been_active else None,
            ended_at=None if mandate.status in NOT_ENDED else moment,
        ),
    )
