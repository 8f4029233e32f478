"""Reading the register as it is, one thing or a page of things, for whoever manages the simulator."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from broker.core.mandates import DirectMandate
from broker.core.organisations import Means, Organisation, Person
from broker.core.search import Search
from broker.store.rows import read_direct_mandate, read_means, read_organisation, read_person
from broker.store.tables import chain_mandates, direct_mandates, means, organisations, persons, scopes

_DIRECT = sa.select(direct_mandates, scopes.c.document).join(scopes, scopes.c.id == direct_mandates.c.scope_id)


def organisation(tx: sa.Connection, wanted: str) -> Organisation | None:
    """The organisation with this id or this KvK number."""
    either = sa.or_(organisations.c.id == wanted, organisations.c.kvk_number == wanted)
    return next(map(read_organisation, _rows(tx, sa.select(organisations).where(either).limit(1))), None)


def organisations_found(tx: sa.Connection, typed: str, *, offset: int, most: int) -> tuple[Organisation, ...]:
    """Organisations that hold what was typed in name, place or number, by name."""
    found = sa.select(organisations).order_by(organisations.c.sort_name, organisations.c.id)
    wanted = Search.read(typed)
    if wanted.kvk_prefix:
        found = found.where(organisations.c.kvk_number.startswith(wanted.kvk_prefix))
    for word in wanted.words:
        found = found.where(organisations.c.search_text.contains(word, autoescape=True))
    return tuple(map(read_organisation, _rows(tx, found.offset(offset).limit(most))))


def person(tx: sa.Connection, wanted: str) -> Person | None:
    """The person with this id."""
    return next(map(read_person, _rows(tx, sa.select(persons).where(persons.c.id == wanted))), None)


def people(tx: sa.Connection, organisation_id: str | None, *, offset: int, most: int) -> tuple[Person, ...]:
    """People, those of one organisation if it is given, by name."""
    found = sa.select(persons).order_by(persons.c.display_name, persons.c.id)
    if organisation_id is not None:
        found = found.where(persons.c.organisation_id == organisation_id)
    return tuple(map(read_person, _rows(tx, found.offset(offset).limit(most))))


def means_by_id(tx: sa.Connection, wanted: str) -> Means | None:
    """The means with this id."""
    return next(map(read_means, _rows(tx, sa.select(means).where(means.c.id == wanted))), None)


def means_of(tx: sa.Connection, person_id: str) -> tuple[Means, ...]:
    """All means of a person."""
    found = sa.select(means).where(means.c.person_id == person_id).order_by(means.c.id)
    return tuple(map(read_means, _rows(tx, found)))


def direct_mandate(tx: sa.Connection, wanted: str) -> DirectMandate | None:
    """The direct mandate with this id."""
    return next(iter(_direct(tx, direct_mandates.c.id == wanted)), None)


def direct_mandates_of(tx: sa.Connection, means_id: str) -> tuple[DirectMandate, ...]:
    """All direct mandates of a means."""
    return _direct(tx, direct_mandates.c.means_id == means_id)


def chain_mandate_ids(
    tx: sa.Connection, *, client_id: str | None, intermediary_id: str | None, offset: int, most: int
) -> tuple[str, ...]:
    """The ids of chain mandates, of one client or one intermediary if that is given, in their order."""
    found = sa.select(chain_mandates.c.id).order_by(chain_mandates.c.id)
    if client_id is not None:
        found = found.where(chain_mandates.c.grantor_id == client_id)
    if intermediary_id is not None:
        found = found.where(chain_mandates.c.intermediary_id == intermediary_id)
    return tuple(tx.scalars(found.offset(offset).limit(most)))


def _direct(tx: sa.Connection, which: sa.ColumnElement[bool]) -> tuple[DirectMandate, ...]:
    rows = _rows(tx, _DIRECT.where(which).order_by(direct_mandates.c.id))
    return tuple(read_direct_mandate(row, row[scopes.c.document]) for row in rows)


def _rows(tx: sa.Connection, wanted: sa.Select[Any]) -> Iterator[sa.RowMapping]:
    return iter(tx.execute(wanted).mappings())
