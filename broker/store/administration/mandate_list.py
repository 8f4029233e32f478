"""The chain mandates of one organisation, a page at a time: those it received and those it granted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

import sqlalchemy as sa

from broker.core.administration.dossiers import FiledMandate, lapsed_before
from broker.core.clock import amsterdam_date
from broker.core.mandates import ChainStatus
from broker.core.organisations import Organisation
from broker.core.search import Search
from broker.store.administration.rows import read_filed
from broker.store.administration.tables import dossiers
from broker.store.matching import matching
from broker.store.rows import read_organisation
from broker.store.tables import chain_mandates, organisations, scopes

_mandate = chain_mandates.c
_LASTING = _mandate.status.in_([ChainStatus.ACTIVE, ChainStatus.SUSPENDED])
_WAITING = _mandate.status.in_([ChainStatus.INVITED, ChainStatus.SIGNING])
SOON = timedelta(days=60)
"""How long before its end a mandate ends "soon"."""


class Side(Enum):
    """Which end of its mandates an organisation is: it received them as intermediary, or granted them as client."""

    RECEIVED = "received"
    GRANTED = "granted"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which mandates: of one status (as the clock has it), ending soon, found by what was typed; nothing is all."""

    status: ChainStatus | None = None
    ending_soon: bool = False
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A mandate, and the organisation at its other end."""

    filed: FiledMandate
    other: Organisation


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose mandates, and the moment and the rule that their statuses follow from."""

    organisation_id: str
    side: Side
    moment: datetime
    signing_months: int


def page(tx: sa.Connection, whose: Whose, wanted: Filter, *, offset: int = 0, most: int = 25) -> tuple[Listed, ...]:
    """Mandates by the name of the other party. What is passed over is sorted by name alone, not as whole rows."""
    names = _found(sa.select(_mandate.id), whose, wanted, named=True)
    ids = names.order_by(organisations.c.sort_name, _mandate.id).offset(offset).limit(most).subquery()
    listed = (
        sa.select(chain_mandates, dossiers, scopes.c.document, organisations)
        .select_from(ids)
        .join(chain_mandates, _mandate.id == ids.c.id)
        .join(dossiers, dossiers.c.mandate_id == _mandate.id)
        .join(scopes, scopes.c.id == _mandate.scope_id)
        .join(organisations, organisations.c.id == _ends(whose)[1])
        .order_by(organisations.c.sort_name, _mandate.id)
    )
    return tuple(Listed(read_filed(row), read_organisation(row)) for row in tx.execute(listed).mappings())


def count(tx: sa.Connection, whose: Whose, wanted: Filter) -> int:
    """How many mandates `wanted` finds."""
    counted: int = tx.execute(_found(sa.select(sa.func.count()), whose, wanted, named=False)).scalar_one()
    return counted


def _ends(whose: Whose) -> tuple[sa.Column[str], sa.Column[str]]:
    """The column of the organisation, and that of the other party."""
    ends = (_mandate.intermediary_id, _mandate.grantor_id)
    return ends if whose.side is Side.RECEIVED else (ends[1], ends[0])


def _found(columns: sa.Select[Any], whose: Whose, wanted: Filter, *, named: bool) -> sa.Select[Any]:
    """`columns` of what is found, joined with no more than the question looks at: `named` is with the other party."""
    own, other = _ends(whose)
    search = Search.read(wanted.typed)
    found = columns.select_from(chain_mandates).where(own == whose.organisation_id)
    if wanted.status in (ChainStatus.INVITED, ChainStatus.SIGNING, ChainStatus.LAPSED):
        found = found.join(dossiers, dossiers.c.mandate_id == _mandate.id)
    if named or search != Search():
        found = found.join(organisations, organisations.c.id == other)
    found = found.where(*matching(search, organisations.c.kvk_number, organisations.c.search_text))
    return found.where(*_conditions(whose, wanted))


def _conditions(whose: Whose, wanted: Filter) -> list[sa.ColumnElement[bool]]:
    today = amsterdam_date(whose.moment)
    conditions = [_has_status(wanted.status, whose, today)] if wanted.status else []
    if wanted.ending_soon:
        conditions += [_LASTING, _mandate.valid_until >= today, _mandate.valid_until <= today + SOON]
    return conditions


def _has_status(status: ChainStatus, whose: Whose, today: date) -> sa.ColumnElement[bool]:
    """`FiledMandate.status_at` in SQL."""
    too_long = dossiers.c.requested_at < lapsed_before(today, whose.signing_months)
    match status:
        case ChainStatus.EXPIRED:
            return _LASTING & (_mandate.valid_until < today)
        case ChainStatus.ACTIVE | ChainStatus.SUSPENDED:
            return (_mandate.status == status) & (_mandate.valid_until >= today)
        case ChainStatus.INVITED | ChainStatus.SIGNING:
            return (_mandate.status == status) & ~too_long
        case ChainStatus.LAPSED:
            return (_mandate.status == status) | (_WAITING & too_long)
        case _:
            return _mandate.status == status
