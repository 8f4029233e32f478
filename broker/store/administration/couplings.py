"""Couplings of chain mandates, with the means and the people that they are for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from broker.core.mandates import ChainMandate, ChainStatus, LinkStatus, MandateCoupling
from broker.core.organisations import Means, Person
from broker.core.search import Search
from broker.store.matching import matching
from broker.store.rows import read_chain_mandate, read_coupling, read_means, read_person
from broker.store.tables import (
    chain_mandates,
    mandate_couplings,
    means,
    organisations,
    persons,
    scopes,
)

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
_NOT_ENDED = mandate_couplings.c.status != LinkStatus.REVOKED
_LASTING = (ChainStatus.ACTIVE, ChainStatus.SUSPENDED)


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


def not_ended(tx: sa.Connection, mandate_ids: Collection[str], today: date) -> tuple[MandateCoupling, ...]:
    """The couplings of these mandates that are neither revoked nor expired."""
    wanted = _ALL.where(
        mandate_couplings.c.mandate_id.in_(sorted(mandate_ids)), _NOT_ENDED, mandate_couplings.c.valid_until >= today
    ).order_by(mandate_couplings.c.id)
    return tuple(read_coupling(row, row[scopes.c.document]) for row in tx.execute(wanted).mappings())


def ended_with(tx: sa.Connection, mandate: ChainMandate) -> tuple[MandateCoupling, ...]:
    """The couplings of an expired mandate that nobody ended before it did."""
    column = mandate_couplings.c
    wanted = _ALL.where(column.mandate_id == mandate.id, _NOT_ENDED, column.valid_until >= mandate.validity.valid_until)
    rows = tx.execute(wanted.order_by(column.id)).mappings()
    return tuple(read_coupling(row, row[scopes.c.document]) for row in rows)


def coupled_means(tx: sa.Connection, mandate_ids: Collection[str], today: date) -> frozenset[tuple[str, str]]:
    """Which mandate is coupled to which means: pairs of ids, of couplings that have not ended."""
    column = mandate_couplings.c
    found = sa.select(column.mandate_id, column.means_id).where(
        column.mandate_id.in_(sorted(mandate_ids)), _NOT_ENDED, column.valid_until >= today
    )
    return frozenset((mandate_id, means_id) for mandate_id, means_id in tx.execute(found))


def count_of_mandates(tx: sa.Connection, mandate_ids: Collection[str], today: date) -> dict[str, int]:
    """How many couplings each of these mandates has, ended ones apart; a mandate without any is left out."""
    column = mandate_couplings.c
    counted = (
        sa.select(column.mandate_id, sa.func.count())
        .where(column.mandate_id.in_(sorted(mandate_ids)), _NOT_ENDED, column.valid_until >= today)
        .group_by(column.mandate_id)
    )
    return {mandate_id: number for mandate_id, number in tx.execute(counted)}


def count_of_means(tx: sa.Connection, means_ids: Collection[str], today: date) -> dict[str, int]:
    """How many couplings each of these means has, ended ones apart; a means without any is left out."""
    column = mandate_couplings.c
    counted = (
        sa.select(column.means_id, sa.func.count())
        .where(column.means_id.in_(sorted(means_ids)), _NOT_ENDED, column.valid_until >= today)
        .group_by(column.means_id)
    )
    return {means_id: number for means_id, number in tx.execute(counted)}


def to_couple(
    tx: sa.Connection, intermediary_id: str, typed: str, today: date, *, after: str = "", most: int
) -> Sequence[ChainMandate]:
    """Mandates of an intermediary that can be coupled, of clients that `typed` finds, by id from behind `after` on."""
    column = chain_mandates.c
    found = _usable(intermediary_id, typed, today, chain_mandates, scopes.c.document)
    wanted = found.join(scopes, scopes.c.id == column.scope_id).where(column.id > after).order_by(column.id).limit(most)
    return [read_chain_mandate(row, row[scopes.c.document]) for row in tx.execute(wanted).mappings()]


def count_to_couple(tx: sa.Connection, intermediary_id: str, typed: str, today: date) -> int:
    """How many mandates `to_couple` goes through."""
    counted: int = tx.execute(_usable(intermediary_id, typed, today, sa.func.count())).scalar_one()
    return counted


def to_uncouple(
    tx: sa.Connection, intermediary_id: str, means_ids: Collection[str], typed: str, today: date, most: int
) -> list[tuple[ChainMandate, MandateCoupling]]:
    """Couplings of these means that have not ended, with mandates of clients that `typed` finds: the first `most`.

    Who ends them finds the next ones by asking again.
    """
    found = _lasting(_ALL, intermediary_id, means_ids, typed, today).order_by(mandate_couplings.c.id).limit(most)
    held = [read_coupling(row, row[scopes.c.document]) for row in tx.execute(found).mappings()]
    wanted = (
        sa.select(chain_mandates, scopes.c.document)
        .join(scopes, scopes.c.id == chain_mandates.c.scope_id)
        .where(chain_mandates.c.id.in_({one.mandate_id for one in held}))
    )
    rows = (read_chain_mandate(row, row[scopes.c.document]) for row in tx.execute(wanted).mappings())
    mandates = {one.id: one for one in rows}
    return [(mandates[one.mandate_id], one) for one in held]


def count_to_uncouple(
    tx: sa.Connection, intermediary_id: str, means_ids: Collection[str], typed: str, today: date
) -> int:
    """How many couplings `to_uncouple` goes through."""
    every = sa.select(sa.func.count()).select_from(mandate_couplings)
    counted: int = tx.execute(_lasting(every, intermediary_id, means_ids, typed, today)).scalar_one()
    return counted


def _lasting(
    every: sa.Select[Any], intermediary_id: str, means_ids: Collection[str], typed: str, today: date
) -> sa.Select[Any]:
    column = mandate_couplings.c
    found = every.join(chain_mandates, chain_mandates.c.id == column.mandate_id).where(
        chain_mandates.c.intermediary_id == intermediary_id,
        column.means_id.in_(sorted(means_ids)),
        _NOT_ENDED,
        column.valid_until >= today,
    )
    return _searched(found, typed)


def _usable(
    intermediary_id: str, typed: str, today: date, *columns: sa.ColumnElement[object] | sa.FromClause
) -> sa.Select[Any]:
    column = chain_mandates.c
    found = (
        sa.select(*columns)
        .select_from(chain_mandates)
        .where(column.intermediary_id == intermediary_id, column.status.in_(_LASTING), column.valid_until >= today)
    )
    return _searched(found, typed)


def _searched(found: sa.Select[Any], typed: str) -> sa.Select[Any]:
    """What was found among chain mandates, of clients that `typed` finds."""
    search = Search.read(typed)
    if search == Search():
        return found
    found = found.join(organisations, organisations.c.id == chain_mandates.c.grantor_id)
    return found.where(*matching(search, organisations.c.kvk_number, organisations.c.search_text))
