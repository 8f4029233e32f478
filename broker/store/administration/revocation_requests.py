"""Requests to revoke."""

import json
from dataclasses import fields

import sqlalchemy as sa

from broker.core.administration.revocation_requests import RequestState, RevocationRequest
from broker.core.identifiers import KvkNumber
from broker.store.administration.tables import revocation_requests
from broker.store.errors import StoreConflict
from broker.store.rows import Row

_column = revocation_requests.c
_OPEN = _column.state == RequestState.SUBMITTED


def load(tx: sa.Connection, request_id: str) -> RevocationRequest | None:
    """The request with this id."""
    row = tx.execute(sa.select(revocation_requests).where(_column.id == request_id)).mappings().one_or_none()
    return read_request(row) if row else None


def open_between(tx: sa.Connection, client: KvkNumber, intermediary: KvkNumber, email: str) -> RevocationRequest | None:
    """A request of the same person about the same two that nobody decided on yet."""
    alike = (_column.client == client) & (_column.intermediary == intermediary) & (_column.email == email)
    row = tx.execute(sa.select(revocation_requests).where(alike, _OPEN).limit(1)).mappings().first()
    return read_request(row) if row else None


def waiting(tx: sa.Connection, offset: int = 0, most: int = 25) -> tuple[RevocationRequest, ...]:
    """Requests that nobody decided on yet, oldest first."""
    found = sa.select(revocation_requests).where(_OPEN).order_by(_column.submitted_at, _column.id)
    return tuple(read_request(row) for row in tx.execute(found.offset(offset).limit(most)).mappings())


def decided(tx: sa.Connection, most: int = 25) -> tuple[RevocationRequest, ...]:
    """The last requests that were decided on, newest first."""
    found = sa.select(revocation_requests).where(~_OPEN).order_by(_column.decided_at.desc(), _column.id).limit(most)
    return tuple(read_request(row) for row in tx.execute(found).mappings())


def count_waiting(tx: sa.Connection) -> int:
    """How many nobody decided on yet."""
    return tx.execute(sa.select(sa.func.count()).where(_OPEN)).scalar_one()


def insert(tx: sa.Connection, new: RevocationRequest) -> None:
    """Store a new request."""
    tx.execute(sa.insert(revocation_requests), write_request(new))


def save(tx: sa.Connection, changed: RevocationRequest) -> RevocationRequest:
    """Store `changed` over what was there; `StoreConflict` when the stored version is not the one that was read."""
    values = write_request(changed) | {"version": changed.version + 1}
    seen = (_column.id == changed.id) & (_column.version == changed.version)
    if tx.execute(sa.update(revocation_requests).where(seen).values(values)).rowcount != 1:
        raise StoreConflict(f"revocation_requests: {changed.id} was changed by somebody else, or does not exist")
    return read_request(values)


def write_request(request: RevocationRequest) -> dict[str, object]:
    """The columns of a request."""
    values = {field.name: getattr(request, field.name) for field in fields(request)}
    return {**values, "mandate_ids": json.dumps(request.mandate_ids)}


def read_request(row: Row) -> RevocationRequest:
    """A request."""
    values = {field.name: row[field.name] for field in fields(RevocationRequest)}
    return RevocationRequest(
        **{
            **values,
            "client": KvkNumber(values["client"]),
            "intermediary": KvkNumber(values["intermediary"]),
            "mandate_ids": tuple(json.loads(values["mandate_ids"])),
        }
    )
