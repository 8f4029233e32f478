"""Couplings of chain mandates, with the means and the people that they are for."""

from dataclasses import dataclass

import sqlalchemy as sa

from broker.core.mandates import MandateCoupling
from broker.core.organisations import Means, Person
from broker.store.rows import read_coupling, read_means, read_person
from broker.store.tables import mandate_couplings, means, persons, scopes

_ALL = (
    sa.select(mandate_couplings, means, persons, scopes.c.document)
    .join(means, means.c.id == mandate_couplings.c.means_id)
    .join(persons, persons.c.id == means.c.person_id)
    .outerjoin(scopes, scopes.c.id == mandate_couplings.c.narrowing_id)
)
_OF_MANDATE = _ALL.where(mandate_couplings.c.mandate_id == sa.bindparam("wanted")).order_by(
    persons.c.display_name, mandate_couplings.c.id
)
_BY_ID = _ALL.where(mandate_couplings.c.id == sa.bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class CoupledMeans:
    """A coupling, the means that it is for, and the holder."""

    coupling: MandateCoupling
    means: Means
    person: Person


def of_mandate(tx: sa.Connection, mandate_id: str) -> tuple[CoupledMeans, ...]:
    """All couplings of one mandate, ended ones too, by name of the holder."""
    rows = tx.execute(_OF_MANDATE, {"wanted": mandate_id}).mappings()
    return tuple(
        CoupledMeans(read_coupling(row, row[scopes.c.document]), read_means(row), read_person(row)) for row in rows
    )


def load(tx: sa.Connection, coupling_id: str) -> MandateCoupling | None:
    """The coupling with this id."""
    row = tx.execute(_BY_ID, {"wanted": coupling_id}).mappings().one_or_none()
    return read_coupling(row, row[scopes.c.document]) if row else None
