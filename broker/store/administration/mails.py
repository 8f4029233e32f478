"""Mails, queued in the transaction of what they tell of; a mail that is there already is not queued again.

Waiting for delivery is `next_attempt_at`. Who claims mails moves it on, so that nobody else sends them meanwhile and
somebody does so later if the claimer disappears.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from broker.core.administration.mail import Addressee, Mail
from broker.store.administration.tables import daily_work, mails

_BATCH = 5000  # ids in one statement; SQLite takes 32,766 parameters
_column = mails.c
_FIRST_ATTEMPT = {"attempts": 0, "sent_at": None, "problem": None}


@dataclass(frozen=True, slots=True)
class QueuedMail:
    """A mail and what became of it. `next_attempt_at` is None once it is sent or given up."""

    mail: Mail
    attempts: int
    next_attempt_at: datetime | None
    sent_at: datetime | None
    problem: str | None


def queue(tx: sa.Connection, new: Collection[Mail]) -> int:
    """Store mails of which none with the same id is there yet; gives how many were new."""
    wanted = {mail.id: mail for mail in new}
    for known in _known(tx, list(wanted)):
        del wanted[known]
    if wanted:
        tx.execute(sa.insert(mails), [_write(mail) for mail in wanted.values()])
    return len(wanted)


def load(tx: sa.Connection, mail_id: str) -> QueuedMail | None:
    """The mail with this id."""
    row = tx.execute(sa.select(mails).where(_column.id == mail_id)).mappings().one_or_none()
    return _read(row) if row else None


def page(tx: sa.Connection, recipient: str = "", *, offset: int = 0, most: int = 25) -> tuple[QueuedMail, ...]:
    """Mails to addresses that hold `recipient`, newest first."""
    found = _found(recipient, mails).order_by(_column.queued_at.desc(), _column.id).offset(offset).limit(most)
    return tuple(_read(row) for row in tx.execute(found).mappings())


def count(tx: sa.Connection, recipient: str = "") -> int:
    """How many mails there are to addresses that hold `recipient`."""
    counted: int = tx.execute(_found(recipient, sa.func.count(_column.id))).scalar_one()
    return counted


def has_waiting(tx: sa.Connection, *, not_before: datetime) -> bool:
    """Whether there is a mail to deliver, now or later."""
    waiting = sa.select(_column.id).where(_column.next_attempt_at.is_not(None), _column.queued_at >= not_before)
    return tx.execute(waiting.limit(1)).first() is not None


def claim(
    tx: sa.Connection, moment: datetime, *, not_before: datetime, until: datetime, most: int
) -> tuple[QueuedMail, ...]:
    """Mails that are due, for the caller alone until `until`; none that were queued before `not_before`."""
    due = _due(moment, not_before).order_by(_column.next_attempt_at, _column.id).limit(most)
    claimed = tuple(_read(row) for row in tx.execute(due).mappings())
    if claimed:
        which = _column.id.in_([one.mail.id for one in claimed])
        tx.execute(sa.update(mails).where(which).values(next_attempt_at=until, attempts=_column.attempts + 1))
    return claimed


def mark_sent(tx: sa.Connection, mail_id: str, moment: datetime) -> None:
    """The mail server took the mail."""
    tx.execute(sa.update(mails).where(_column.id == mail_id).values(sent_at=moment, next_attempt_at=None, problem=None))


def mark_failed(tx: sa.Connection, mail_id: str, problem: str, again_at: datetime | None) -> None:
    """The mail was not sent; the next attempt is at `again_at`, or never."""
    tx.execute(sa.update(mails).where(_column.id == mail_id).values(next_attempt_at=again_at, problem=problem))


def done_on(tx: sa.Connection, name: str) -> date | None:
    """The day on which the daily work of this name was last done."""
    return tx.scalars(sa.select(daily_work.c.done_on).where(daily_work.c.name == name)).one_or_none()


def mark_done(tx: sa.Connection, name: str, day: date) -> None:
    """The daily work of this name is done for `day`."""
    if tx.execute(sa.update(daily_work).where(daily_work.c.name == name).values(done_on=day)).rowcount == 0:
        tx.execute(sa.insert(daily_work), {"name": name, "done_on": day})


def _due(moment: datetime, not_before: datetime) -> sa.Select[Any]:
    return sa.select(mails).where(_column.next_attempt_at <= moment, _column.queued_at >= not_before)


def _known(tx: sa.Connection, ids: Sequence[str]) -> list[str]:
    known: list[str] = []
    for start in range(0, len(ids), _BATCH):
        known += tx.scalars(sa.select(_column.id).where(_column.id.in_(ids[start : start + _BATCH])))
    return known


def _found(recipient: str, *columns: sa.FromClause | sa.ColumnElement[int]) -> sa.Select[Any]:
    found = sa.select(*columns)
    if recipient:
        found = found.where(sa.func.lower(_column.recipient).contains(recipient.strip().lower(), autoescape=True))
    return found


def _write(mail: Mail) -> dict[str, object]:
    return {
        "id": mail.id,
        "kind": mail.kind,
        "recipient": mail.to.address,
        "name": mail.to.name,
        "language": mail.to.language,
        "subject": mail.subject,
        "body": mail.body,
        "link": mail.link,
        "object_id": mail.object_id,
        "queued_at": mail.queued_at,
        "next_attempt_at": mail.queued_at,
        **_FIRST_ATTEMPT,
    }


def _read(row: sa.RowMapping) -> QueuedMail:
    mail = Mail(
        id=row["id"],
        kind=row["kind"],
        to=Addressee(row["recipient"], row["name"], row["language"]),
        subject=row["subject"],
        body=row["body"],
        queued_at=row["queued_at"],
        link=row["link"],
        object_id=row["object_id"],
    )
    return QueuedMail(mail, row["attempts"], row["next_attempt_at"], row["sent_at"], row["problem"])
