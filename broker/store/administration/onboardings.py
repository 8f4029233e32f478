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


def _values(one: object, table: sa.Table) -> dict[str, Any]:
    return {column.name: getattr(one, column.name) for column in table.c}
