"""Who can log in at an authentication service: what that service itself knows of its customers."""

from dataclasses import dataclass

import sqlalchemy as sa

from broker.core.organisations import Means, Organisation, Person
from broker.store.rows import read_means, read_organisation, read_person
from broker.store.tables import means, organisations, persons


@dataclass(frozen=True, slots=True)
class Account:
    """A person with all their means at one authentication service, and their employer."""

    person: Person
    employer: Organisation
    means: tuple[Means, ...]


_ACCOUNTS = (
    sa.select(persons, organisations, means)
    .join(organisations, organisations.c.id == persons.c.organisation_id)
    .join(means, means.c.person_id == persons.c.id)
    .where(means.c.authentication_service == sa.bindparam("service"))
    .order_by(organisations.c.sort_name, organisations.c.id, persons.c.display_name, persons.c.id, means.c.id)
)


def list_accounts(tx: sa.Connection, authentication_service: str) -> tuple[Account, ...]:
    """The accounts at this authentication service (its EntityID), by employer and name."""
    accounts: dict[str, Account] = {}
    for row in tx.execute(_ACCOUNTS, {"service": authentication_service}).mappings():
        person, held = read_person(row), read_means(row)
        earlier = accounts[person.id].means if person.id in accounts else ()
        accounts[person.id] = Account(person, read_organisation(row), (*earlier, held))
    return tuple(accounts.values())
