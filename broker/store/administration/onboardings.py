"""Organisations that applied to be an intermediary, and requests for a quote."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from broker.core.administration.onboarding import Onboarding
from broker.store.administration.tables import onboardings, quote_requests

_column = onboardings.c


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """Somebody who wants to know what so many clients cost."""

    id: str
    name: str
    email: str
    clients: int
    remark: str
    requested_at: datetime


def find(tx: sa.Connection, organisation_id: str) -> Onboarding | None:
    """How far an organisation is."""
    wanted = sa.select(onboardings).where(_column.organisation_id == organisation_id)
    row = tx.execute(wanted).mappings().one_or_none()
    return Onboarding(**row) if row else None


def put(tx: sa.Connection, one: Onboarding) -> None:
    """Store how far an organisation is."""
    values = _values(one, onboardings)
    if (
        tx.execute(sa.update(onboardings).where(_column.organisation_id == one.organisation_id).values(values)).rowcount
        == 0
    ):
        tx.execute(sa.insert(onboardings), values)


def add_quote_request(tx: sa.Connection, new: QuoteRequest) -> None:
    """Store a request for a quote."""
    tx.execute(sa.insert(quote_requests), _values(new, quote_requests))


def page_of_quote_requests(tx: sa.Connection, *, offset: int = 0, most: int = 25) -> tuple[QuoteRequest, ...]:
    """Requests for a quote, newest first."""
    order = (quote_requests.c.requested_at.desc(), quote_requests.c.id)
    rows = tx.execute(sa.select(quote_requests).order_by(*order).offset(offset).limit(most)).mappings()
    return tuple(QuoteRequest(**row) for row in rows)


def count_quote_requests(tx: sa.Connection) -> int:
    """How many there are."""
    return tx.execute(sa.select(sa.func.count()).select_from(quote_requests)).scalar_one()


def _values(one: object, table: sa.Table) -> dict[str, Any]:
    return {column.name: getattr(one, column.name) for column in table.c}
