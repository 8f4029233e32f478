"""Forgetting all logins at once."""

import sqlalchemy as sa

from broker.store import tables
from broker.store.audit.tables import login_records, messages, understandings

_OF_LOGINS = (
    tables.scripted_logins,
    tables.pending_logins,
    tables.claims,
    tables.artifacts,
    tables.sessions,
    tables.logouts,
    tables.module_sessions,
    messages,
    login_records,
    understandings,
)


def forget_logins(tx: sa.Connection) -> None:
    """Delete logins with all that belongs to them, and which messages were seen. The chain of events stays."""
    for table in _OF_LOGINS:
        tx.execute(sa.delete(table))
