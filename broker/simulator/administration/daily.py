"""What people are told because time went by: looked for once a day, sent once whoever looks and how often.

Every part of the work is a transaction of its own. Work that was cut off is done again from the start on the next
occasion; what was queued then is not queued twice. A clock that is moved on makes up for the days that it skipped.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from broker.core.administration.dossiers import FiledMandate
from broker.core.administration.invitations import Invitation
from broker.core.administration.letters import write
from broker.core.administration.lifecycle import Moment
from broker.core.administration.mail import (
    EXPIRES_SOON_DAYS,
    UNUSED_WARNING_MONTHS,
    Addressee,
    Facts,
    LinkTarget,
    Mail,
    MailKind,
    reminder_due,
)
from broker.core.administration.manager_roles import ManagerRole
from broker.core.clock import amsterdam_date
from broker.core.mandates import ChainStatus
from broker.core.organisations import Person
from broker.core.validity import months_later
from broker.simulator.administration.notifying import about_mandate, invited, managers
from broker.simulator.administration.recording import moment_of
from broker.simulator.administration.wording import facts_of_invitation
from broker.simulator.context import Simulator
from broker.store.administration import due, mails, names
from broker.store.administration.due import Days, Part
from broker.store.database import Transaction

_WORK: Final = "mails"
_DAY: Final = timedelta(days=1)
_SOON: Final = timedelta(days=EXPIRES_SOON_DAYS)
_LASTING: Final = frozenset({ChainStatus.ACTIVE, ChainStatus.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Today:
    """What a day's work needs to know. `last` is the day on which it was last done, None for never."""

    sim: Simulator
    now: Moment
    last: date | None

    @property
    def days(self) -> Days:
        """The days since: those behind `last`, up to and including today."""
        return Days(self.last or self.now.today - _DAY, self.now.today)


Find = Callable[[Transaction, Today, Part], Iterable[Any]]
Tell = Callable[[Transaction, Today, Any], Iterator[Mail]]


def run(sim: Simulator) -> int:
    """Do what is due today if nobody has yet; gives how many mails were queued."""
    now = moment_of(sim)
    last = sim.store.read(lambda tx: mails.done_on(tx, _WORK))
    if last is not None and last >= now.today:
        return 0
    today = Today(sim, now, last)
    queued = sum(_through(today, find, tell) for find, tell in _ALL)
    sim.store.write(lambda tx: mails.mark_done(tx, _WORK, now.today))
    return queued


def _through(today: Today, find: Find, tell: Tell) -> int:
    """All parts of one kind of work."""
    queued, part = 0, Part()

    def work(tx: Transaction) -> tuple[int, str | None]:
        found = list(find(tx, today, part))
        new = [mail for one in found for mail in tell(tx, today, one)]
        return mails.queue(tx, new), _id(found[-1]) if len(found) == part.most else None

    while True:
        count, behind = today.sim.store.write(work)
        queued += count
        if behind is None:
            return queued
        part = Part(behind)


def _id(one: Any) -> str:
    match one:
        case FiledMandate():
            return one.mandate.id
        case (ManagerRole() as role, _):
            return role.id
        case _:
            return str(one.id)


def _ending_soon(tx: Transaction, today: Today, part: Part) -> Iterable[FiledMandate]:
    """Mandates that come within the warning time; at the first run all that are in it."""
    begin = today.last + _SOON if today.last else today.now.today - _DAY
    days = Days(max(begin, today.now.today - _DAY), today.now.today + _SOON)
    return due.mandates_ending(tx, days, frozenset({ChainStatus.ACTIVE}), part)


def _tell_ending_soon(tx: Transaction, today: Today, filed: FiledMandate) -> Iterator[Mail]:
    return about_mandate(tx, MailKind.EXPIRES_SOON, filed, today.now, occasion=_ending(filed))


def _ended(tx: Transaction, today: Today, part: Part) -> Iterable[FiledMandate]:
    return due.mandates_ending(tx, _yesterday(today), _LASTING, part)


def _tell_ended(tx: Transaction, today: Today, filed: FiledMandate) -> Iterator[Mail]:
    return about_mandate(tx, MailKind.EXPIRED, filed, today.now, occasion=_ending(filed))


def _ending(filed: FiledMandate) -> str:
    """A mandate that is renewed ends again, and is written about again."""
    return f"{filed.mandate.id} {filed.mandate.validity.valid_until}"


def _yesterday(today: Today) -> Days:
    """Last days that were over by today: those behind `last`, up to and including yesterday."""
    days = today.days
    return Days(days.after - _DAY, days.until - _DAY)


def _roles(tx: Transaction, today: Today, part: Part) -> Iterable[tuple[ManagerRole, Person]]:
    return due.roles_ending(tx, _yesterday(today), part)


def _tell_role(tx: Transaction, today: Today, ended: tuple[ManagerRole, Person]) -> Iterator[Mail]:
    role, person = ended
    if person.email:
        facts = Facts(client=_name(tx, role.organisation_id), until=role.validity.valid_until)
        to = Addressee(person.email, person.display_name)
        yield write(MailKind.ROLE_EXPIRED, to, facts, today.now.at, occasion=f"{role.id} {role.validity.valid_until}")


def _unused(tx: Transaction, today: Today, part: Part) -> Iterable[Person]:
    """People who come within the warning time of lapsing."""
    months = today.sim.policy.lapse_after_months
    if months is None:
        return ()
    warning = months - UNUSED_WARNING_MONTHS
    begin = months_later(today.last or today.now.today, -(warning if today.last else months))
    lapsed = months_later(today.now.today, -months)
    return due.last_used(tx, Days(max(begin, lapsed), months_later(today.now.today, -warning)), part)


def _tell_unused(tx: Transaction, today: Today, person: Person) -> Iterator[Mail]:
    months = today.sim.policy.lapse_after_months
    if person.last_used_on is None or months is None:
        return
    facts = Facts(
        client=_name(tx, person.organisation_id),
        person=person.display_name,
        until=months_later(person.last_used_on, months),
    )
    occasion = f"{person.id} {person.last_used_on}"
    if person.email:
        to = Addressee(person.email, person.display_name)
        yield write(MailKind.UNUSED, to, facts, today.now.at, occasion=occasion)
    for manager in managers(tx, person.organisation_id, today.now):
        if manager.address != person.email:
            kind = MailKind.UNUSED_COLLEAGUE
            yield write(kind, manager, facts, today.now.at, occasion=occasion, link=LinkTarget.MODULE)


def _unanswered(tx: Transaction, today: Today, part: Part) -> Iterable[Invitation]:
    return due.unanswered(tx, today.now.today, part)


def _remind(tx: Transaction, today: Today, invitation: Invitation) -> Iterator[Mail]:
    days = reminder_due(amsterdam_date(invitation.sent_at), today.last, today.now.today)
    if days is not None:
        facts = facts_of_invitation(tx, today.sim, invitation)
        yield write(
            MailKind.REMINDER,
            invited(invitation),
            facts,
            today.now.at,
            occasion=f"{invitation.id} {days}",
            link=LinkTarget.INVITATION,
            object_id=invitation.id,
        )


def _name(tx: Transaction, organisation_id: str) -> str:
    return names.of(tx, (organisation_id,))[organisation_id]


_ALL: Final[tuple[tuple[Find, Tell], ...]] = (
    (_unanswered, _remind),
    (_ending_soon, _tell_ending_soon),
    (_ended, _tell_ended),
    (_roles, _tell_role),
    (_unused, _tell_unused),
)
