"""Mail: what people are told, in their own language, and when.

A mail has at most one link. What the link leads to is kept, not the link itself: it may hold a secret, which is worked
out anew when the mail is shown or sent. `LINK_LINE` in the body marks its place.

When the client issues a mandate itself, the intermediary is told nothing, at the start or later: the scheme leaves that
to the client.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Final

from broker.core.mandates import ChainStatus, Origin
from broker.core.text import Language, Text

LINK_LINE: Final = "{link}"
"""The line of a body that stands for the link."""

REMINDER_DAYS: Final = (14, 30, 60)
"""How many days after an invitation its reminders go."""

EXPIRES_SOON_DAYS: Final = 60
"""How many days before the end of a mandate both parties are warned."""

UNUSED_WARNING_MONTHS: Final = 1
"""How many months before somebody lapses who uses no mandate, the warning goes."""


NOTHING: Final = Text("", "")


class MailKind(Enum):
    """Everything that people are written about."""

    INTRODUCTION = "introduction"
    INVITATION = "invitation"
    RENEWAL = "renewal"
    REMINDER = "reminder"
    SECOND_SIGNATURE = "second_signature"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ACTIVE = "active"
    REJECTED = "rejected"
    EXPIRES_SOON = "expires_soon"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ROLE_EXPIRED = "role_expired"
    UNUSED = "unused"
    UNUSED_COLLEAGUE = "unused_colleague"
    BATCH_DONE = "batch_done"
    REQUEST_EXECUTED = "request_executed"
    REQUEST_REFUSED = "request_refused"


class LinkTarget(Enum):
    """Where the link of a mail leads."""

    MODULE = "module"
    INVITATION = "invitation"
    SIGNATURE = "signature"
    REVOCATION_FORM = "revocation_form"
    BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a mail tells of. Everything is one line, except `reason`."""

    client: str = ""
    intermediary: str = ""
    person: str = ""
    services: Text = NOTHING
    level: str = ""
    until: date | None = None
    answer_by: date | None = None
    reason: str = ""
    file: str = ""
    created: int = 0
    skipped: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is written to."""

    address: str
    name: str = ""
    language: Language = "nl"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. `id` follows from what it is about, so that the same mail is never queued twice.

    `object_id` names what the link leads to.
    """

    id: str
    kind: MailKind
    to: Addressee
    subject: str
    body: str
    queued_at: datetime
    link: LinkTarget | None = None
    object_id: str = ""


def with_link(mail: Mail, address: str | None) -> str:
    """The body of `mail` as people read it, with the address that its link leads to."""
    lines = mail.body.split("\n")
    return "\n".join(address if line == LINK_LINE and address else line for line in lines)


def after_change(before: ChainStatus | None, after: ChainStatus) -> MailKind | None:
    """What the parties are written when a mandate goes from one status to the next."""
    if before is ChainStatus.UNDER_REVIEW and after is ChainStatus.ACTIVE:
        return MailKind.ACTIVE
    if before is not after and after is ChainStatus.REJECTED:
        return MailKind.REJECTED
    if before is not after and after is ChainStatus.REVOKED:
        return MailKind.REVOKED
    return None


def tells_intermediary(origin: Origin) -> bool:
    """Whether the intermediary is written about a mandate of this origin."""
    return origin is Origin.INVITED_BY_INTERMEDIARY


def reminder_due(sent_on: date, last: date | None, today: date) -> int | None:
    """The reminder that is due `today`, by its days; None for none. `last` is when reminders were last looked for.

    When several are due at once, because nobody looked for a while, it is the latest.
    """
    gone = (today - sent_on).days
    seen = (last - sent_on).days if last else -1
    return max((days for days in REMINDER_DAYS if seen < days <= gone), default=None)
