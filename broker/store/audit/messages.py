"""Messages of logins. What they say is sealed by the caller; here are only the columns that a list needs."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from broker.core.findings import Finding, Severity
from broker.core.recorded import Carrier, Direction, WireMessage
from broker.store.audit.tables import messages

_column = messages.c
_INSERT = sa.insert(messages)
_ALL = sa.select(messages)
_OF_LOGIN = _ALL.where(_column.login_id == sa.bindparam("wanted")).order_by(_column.number)
_DIGESTS = sa.select(_column.sha256).where(_column.login_id == sa.bindparam("wanted")).order_by(_column.number)
_BY_NUMBER = _ALL.where(_column.number == sa.bindparam("wanted"))
_LOGIN_OF_MESSAGE = sa.select(_column.login_id).where(_column.message_id == sa.bindparam("wanted")).limit(1)


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as it is kept. `sealed` is None once its time is over; `sha256` is that of the octets."""

    number: int
    login_id: str
    at: datetime
    direction: Direction
    carrier: Carrier
    kind: str
    peer: str
    message_id: str
    in_response_to: str
    size: int
    sha256: str
    findings: tuple[Finding, ...]
    sealed: bytes | None


def put(tx: sa.Connection, message: WireMessage, sealed: bytes) -> None:
    """Keep a message, the last of those that there are."""
    tx.execute(
        _INSERT,
        {
            "login_id": message.login_id,
            "at": message.at,
            "direction": message.direction,
            "carrier": message.carrier,
            "kind": message.kind,
            "peer": message.peer,
            "message_id": message.message_id,
            "in_response_to": message.in_response_to,
            "size": len(message.octets),
            "sha256": sha256(message.octets).hexdigest(),
            "findings": json.dumps([_written(finding) for finding in message.findings]),
            "sealed": sealed,
        },
    )


def of_login(tx: sa.Connection, login_id: str) -> tuple[StoredMessage, ...]:
    """All messages of a login, in the order in which they came and went."""
    return tuple(_read(tx.execute(_OF_LOGIN, {"wanted": login_id}).mappings()))


def digests_of_login(tx: sa.Connection, login_id: str) -> tuple[str, ...]:
    """Of the same messages what they are told apart by: SHA-256 of their octets, in hexadecimal."""
    return tuple(tx.scalars(_DIGESTS, {"wanted": login_id}))


def find(tx: sa.Connection, number: int) -> StoredMessage | None:
    """The message with this number."""
    return next(_read(tx.execute(_BY_NUMBER, {"wanted": number}).mappings()), None)


def login_of(tx: sa.Connection, message_id: str) -> str | None:
    """The login in which a message with this ID came or went."""
    return tx.scalars(_LOGIN_OF_MESSAGE, {"wanted": message_id}).first()


def forget_bodies(tx: sa.Connection, before: datetime, most: int = 1000) -> int:
    """Delete what messages from before `before` said, the oldest `most`; gives how many that were.

    That they were there, and their digests, stays.
    """
    old = sa.select(_column.number).where(_column.at < before, _column.sealed.is_not(None)).order_by(_column.at)
    return tx.execute(sa.update(messages).where(_column.number.in_(old.limit(most))).values(sealed=None)).rowcount


def delete_of(tx: sa.Connection, login_ids: Collection[str]) -> None:
    """Delete all that there is of these messages."""
    tx.execute(sa.delete(messages).where(_column.login_id.in_(login_ids)))


def _written(finding: Finding) -> dict[str, str]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "where": finding.where,
        "detail": finding.detail,
    }


def _read(rows: Iterable[Any]) -> Iterator[StoredMessage]:
    for row in rows:
        findings = tuple(
            Finding(one["rule"], Severity(one["severity"]), one["where"], one["detail"])
            for one in json.loads(row["findings"])
        )
        yield StoredMessage(**{**row, "findings": findings})
