"""The people of an organisation: managers, and holders of means that can be coupled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from broker.core.administration.couplings import HeldMeans
from broker.core.administration.manager_roles import ManagerRole
from broker.core.administration.representatives import Representative
from broker.core.mandates import LinkStatus
from broker.core.organisations import Branch, Means, Person
from broker.store.administration.rows import (
    read_representative,
    read_role,
    write_branch,
    write_representative,
    write_role,
)
from broker.store.administration.tables import branches, manager_roles, representatives
from broker.store.rows import Row, read_means, read_person
from broker.store.tables import direct_mandates, means, persons

_HOLDERS = sa.select(means, persons).join(persons, persons.c.id == means.c.person_id)
_IN_FORCE = (
    (direct_mandates.c.status == LinkStatus.ACTIVE)
    & (direct_mandates.c.valid_from <= sa.bindparam("day", type_=sa.Date))
    & (direct_mandates.c.valid_until >= sa.bindparam("day", type_=sa.Date))
)
_WORKING_FOR = _HOLDERS.where(
    sa.or_(
        persons.c.organisation_id == sa.bindparam("organisation"),
        means.c.id.in_(
            sa.select(direct_mandates.c.means_id).where(
                direct_mandates.c.organisation_id == sa.bindparam("organisation"), _IN_FORCE
            )
        ),
    )
).order_by(persons.c.display_name, means.c.id)
_MANDATED = sa.select(direct_mandates.c.organisation_id).where(
    direct_mandates.c.means_id == sa.bindparam("means"), _IN_FORCE
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A person and one of their means."""

    person: Person
    means: Means


def roles_of(tx: sa.Connection, person_id: str) -> tuple[ManagerRole, ...]:
    """All roles of a person as a manager, past ones too."""
    found = sa.select(manager_roles).where(manager_roles.c.person_id == person_id).order_by(manager_roles.c.id)
    return tuple(read_role(row) for row in tx.execute(found).mappings())


def managers_of(tx: sa.Connection, organisation_id: str) -> tuple[tuple[Person, ManagerRole], ...]:
    """The managers of an organisation and their roles, past ones too."""
    found = (
        sa.select(manager_roles, persons)
        .join(persons, persons.c.id == manager_roles.c.person_id)
        .where(manager_roles.c.organisation_id == organisation_id)
        .order_by(persons.c.display_name, manager_roles.c.id)
    )
    return tuple((read_person(row), read_role(row)) for row in tx.execute(found).mappings())


def holders(tx: sa.Connection, organisation_id: str, day: date) -> tuple[Holder, ...]:
    """Everybody whose means may take part in chains of the organisation on `day`, by name (I2)."""
    rows = tx.execute(_WORKING_FOR, {"organisation": organisation_id, "day": day}).mappings()
    return tuple(Holder(read_person(row), read_means(row)) for row in rows)


def holder_names(tx: sa.Connection, means_ids: Collection[str]) -> dict[str, str]:
    """The names of the holders of these means, by id of the means."""
    found = sa.select(means.c.id, persons.c.display_name).join(persons, persons.c.id == means.c.person_id)
    return {key: name for key, name in tx.execute(found.where(means.c.id.in_(sorted(means_ids))))}


def held_means(tx: sa.Connection, means_id: str, day: date) -> HeldMeans | None:
    """The means with this id, its holder, and for whom it may work on `day`."""
    row = tx.execute(_HOLDERS.where(means.c.id == means_id)).mappings().one_or_none()
    if row is None:
        return None
    person = read_person(row)
    mandated = tx.scalars(_MANDATED, {"means": means_id, "day": day})
    return HeldMeans(read_means(row), person, frozenset(mandated) | {person.organisation_id})


def representatives_of(tx: sa.Connection, organisation_id: str) -> tuple[Representative, ...]:
    """Who represents the organisation, as the register knows it."""
    found = sa.select(representatives).where(representatives.c.organisation_id == organisation_id)
    rows = tx.execute(found.order_by(representatives.c.name)).mappings()
    return tuple(read_representative(row) for row in rows)


def add_roles(tx: sa.Connection, roles: Sequence[ManagerRole]) -> None:
    """Store new roles."""
    _insert(tx, manager_roles, [write_role(role) for role in roles])


def add_representatives(tx: sa.Connection, organisation_id: str, new: Sequence[Representative]) -> None:
    """Store representatives of an organisation."""
    _insert(tx, representatives, [write_representative(organisation_id, one) for one in new])


def add_branches(tx: sa.Connection, new: Sequence[Branch]) -> None:
    """Store branches."""
    _insert(tx, branches, [write_branch(one) for one in new])


def _insert(tx: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    if rows:
        tx.execute(sa.insert(table), rows)
