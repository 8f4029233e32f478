"""What falls due on a day: mandates and roles that end, people who use nothing, invitations that nobody answers.

Everything comes in the order of its id, at most so many at a time, from behind the id that was last seen.
"""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from broker.core.administration.dossiers import FiledMandate
from broker.core.administration.invitations import Invitation, InvitationStatus
from broker.core.administration.manager_roles import ManagerRole, RoleStatus
from broker.core.mandates import ChainStatus
from broker.core.organisations import Person, PersonStatus
from broker.store.administration.filed import FILED
from broker.store.administration.invitations import WITH_SCOPE
from broker.store.administration.rows import read_filed, read_invitation, read_role
from broker.store.administration.tables import invitations, manager_roles
from broker.store.rows import read_person
from broker.store.tables import chain_mandates, persons


@dataclass(frozen=True, slots=True)
class Days:
    """The days behind `after`, up to and including `until`."""

    after: date
    until: date


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of what is due: ids behind `after`, at most so many."""

    after: str = ""
    most: int = 500


def mandates_ending(
    tx: sa.Connection, days: Days, statuses: frozenset[ChainStatus], part: Part
) -> tuple[FiledMandate, ...]:
    """Chain mandates of these statuses whose last day is among `days`."""
    column = chain_mandates.c
    found = FILED.where(
        column.valid_until > days.after,
        column.valid_until <= days.until,
        column.status.in_(sorted(statuses, key=lambda status: status.value)),
        column.id > part.after,
    )
    rows = tx.execute(found.order_by(column.id).limit(part.most)).mappings()
    return tuple(read_filed(row) for row in rows)


def roles_ending(tx: sa.Connection, days: Days, part: Part) -> tuple[tuple[ManagerRole, Person], ...]:
    """Roles of managers whose last day is among `days`, and who had them."""
    column = manager_roles.c
    found = (
        sa.select(manager_roles, persons)
        .join(persons, persons.c.id == column.person_id)
        .where(
            column.valid_until > days.after,
            column.valid_until <= days.until,
            column.status == RoleStatus.ACTIVE,
            column.id > part.after,
        )
        .order_by(column.id)
        .limit(part.most)
    )
    return tuple((read_role(row), read_person(row)) for row in tx.execute(found).mappings())


def last_used(tx: sa.Connection, days: Days, part: Part) -> tuple[Person, ...]:
    """People who last used a mandate on one of `days`."""
    column = persons.c
    found = sa.select(persons).where(
        column.last_used_on > days.after,
        column.last_used_on <= days.until,
        column.status == PersonStatus.ACTIVE,
        column.id > part.after,
    )
    return tuple(read_person(row) for row in tx.execute(found.order_by(column.id).limit(part.most)).mappings())


def unanswered(tx: sa.Connection, today: date, part: Part) -> tuple[Invitation, ...]:
    """Invitations that can still be answered and whose mail arrived."""
    column = invitations.c
    found = WITH_SCOPE.where(column.status == InvitationStatus.SENT, column.expires_on >= today, column.id > part.after)
    rows = tx.execute(found.order_by(column.id).limit(part.most)).mappings()
    return tuple(read_invitation(row) for row in rows)
