"""What a service provider was told in a login, sealed by the caller as messages are."""

import sqlalchemy as sa

from broker.store.audit.tables import understandings

_column = understandings.c
_INSERT = sa.insert(understandings)
_BY_LOGIN = sa.select(_column.sealed).where(_column.login_id == sa.bindparam("wanted"))


def put(tx: sa.Connection, login_id: str, sealed: bytes) -> None:
    """Keep that of a login."""
    tx.execute(_INSERT, {"login_id": login_id, "sealed": sealed})


def find(tx: sa.Connection, login_id: str) -> bytes | None:
    """That of a login, or None when nothing was told."""
    return tx.scalars(_BY_LOGIN, {"wanted": login_id}).first()
