"""Writing to the register. Every change brings the selection of clients along in the same transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from broker.core.mandates import ChainMandate, DirectMandate, MandateCoupling
from broker.core.organisations import Means, Organisation, Person
from broker.core.scope import Scope
from broker.store.administration import relations
from broker.store.errors import StoreConflict
from broker.store.rows import Registered, table_of, write_row
from broker.store.scopes import keep_scopes
from broker.store.selection import refresh_selection
from broker.store.tables import chain_mandates, mandate_couplings, organisations, persons

Versioned = TypeVar("Versioned", DirectMandate, ChainMandate, MandateCoupling)
Unversioned = Organisation | Person | Means

_BATCH = 5000  # ids in one statement; SQLite takes 32,766 parameters
_USED = (
    sa.update(persons)
    .where(persons.c.id == sa.bindparam("person"))
    .values({persons.c.last_used_on: sa.bindparam("day")})
)


def add(tx: sa.Connection, values: Sequence[Registered]) -> None:
    """Store new values; what a value refers to must be stored already or stand before it in `values`.

    Raises `StoreConflict` when an id or number exists already or a reference leads nowhere.
    """
    keep_scopes(tx, _scopes(values))
    for kind, group in groupby(values, key=type):
        try:
            tx.execute(sa.insert(table_of(kind)), [write_row(value) for value in group])
        except IntegrityError as error:
            raise StoreConflict(f"{table_of(kind).name}: {error.orig}") from error
    couplings = [value.id for value in values if isinstance(value, MandateCoupling)]
    for start in range(0, len(couplings), _BATCH):
        refresh_selection(tx, mandate_couplings.c.id.in_(couplings[start : start + _BATCH]))


def replace_mandate(tx: sa.Connection, changed: Versioned) -> Versioned:
    """Store `changed` over the mandate or coupling with its id; gives it back with the next version.

    `changed.version` is the version that the caller saw: `StoreConflict` when the stored one is another. So is a chain
    mandate with another origin, which never changes (M-30).
    """
    keep_scopes(tx, _scopes([changed]))
    table = table_of(type(changed))
    following: Versioned = replace(changed, version=changed.version + 1)
    seen = (table.c.id == changed.id) & (table.c.version == changed.version)
    if isinstance(changed, ChainMandate):
        seen &= table.c.origin == changed.origin
    _update(tx, table, seen, following)
    return following


def replace_party(tx: sa.Connection, changed: Unversioned) -> None:
    """Store `changed` over the organisation, person or means with its id; `StoreConflict` when there is none."""
    table = table_of(type(changed))
    _update(tx, table, table.c.id == changed.id, changed)
    if isinstance(changed, Organisation):
        relations.refresh(tx, changed.id)


def record_use(tx: sa.Connection, person: Person, day: date) -> None:
    """Remember that `person` used a mandate on `day`, an Amsterdam date; a date never goes back.

    `person` is as this transaction read it. Writes nothing when the day is known already, so once a day at most.
    """
    if person.last_used_on is None or person.last_used_on < day:
        tx.execute(_USED, {"person": person.id, "day": day})


def _update(tx: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool], changed: Registered) -> None:
    # Not the id: SQLite would look for whoever refers to it, table by table.
    values = {name: value for name, value in write_row(changed).items() if name != "id"}
    if tx.execute(sa.update(table).where(which).values(values)).rowcount != 1:
        raise StoreConflict(f"{table.name}: {changed.id} was changed by somebody else, or does not exist")
    affected = _affected_couplings(changed)
    if affected is not None:
        refresh_selection(tx, affected)


def _affected_couplings(changed: Registered) -> sa.ColumnElement[bool] | None:
    match changed:
        case Organisation():
            return organisations.c.id == changed.id
        case ChainMandate():
            return chain_mandates.c.id == changed.id
        case MandateCoupling():
            return mandate_couplings.c.id == changed.id
        case _:
            return None


def _scopes(values: Iterable[Any]) -> Iterable[Scope]:
    for value in values:
        match value:
            case DirectMandate() | ChainMandate():
                yield value.scope
            case MandateCoupling(narrowing=Scope() as narrowing):
                yield narrowing
