"""The tables of the audit. `store/migrations` builds them; a test holds the two together."""

import sqlalchemy as sa

from broker.core.recorded import Carrier, Direction, Outcome
from broker.store.tables import metadata
from broker.store.types import PLAIN, UtcDateTime, enumerated

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("login_id", PLAIN, nullable=False, index=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("direction", enumerated(Direction), nullable=False),
    sa.Column("carrier", enumerated(Carrier), nullable=False),
    sa.Column("kind", PLAIN, nullable=False),
    sa.Column("peer", PLAIN, nullable=False),
    sa.Column("message_id", PLAIN, nullable=False, index=True),
    sa.Column("in_response_to", PLAIN, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sha256", PLAIN, nullable=False),
    sa.Column("findings", PLAIN, nullable=False),
    sa.Column("sealed", sa.LargeBinary),
)

# What is still to be forgotten, and no more: else each look at it would go through all that was forgotten.
_SEALED = messages.c.sealed.is_not(None)
sa.Index("ix_messages_at_sealed", messages.c.at, sqlite_where=_SEALED, postgresql_where=_SEALED)

login_records = sa.Table(
    "login_records",
    metadata,
    sa.Column("id", PLAIN, primary_key=True),
    sa.Column("started_at", UtcDateTime, nullable=False, index=True),
    sa.Column("service_provider", PLAIN, nullable=False),
    sa.Column("service_id", PLAIN, nullable=False),
    sa.Column("outcome", enumerated(Outcome), nullable=False),
    sa.Column("reason", PLAIN, nullable=False),
    sa.Column("person_id", PLAIN, nullable=False),
    sa.Column("client_id", PLAIN, nullable=False),
    sa.Column("intermediary_id", PLAIN, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("document", PLAIN, nullable=False),
    sa.Index(None, "service_provider", "started_at"),
    sa.Index(None, "outcome", "started_at"),
    sa.Index(None, "person_id", "started_at"),
    sa.Index(None, "client_id", "started_at"),
    sa.Index(None, "intermediary_id", "started_at"),
)

understandings = sa.Table(
    "understandings",
    metadata,
    sa.Column("login_id", PLAIN, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

documents_in_force = sa.Table(
    "documents_in_force",
    metadata,
    sa.Column("sha256", PLAIN, primary_key=True),
    sa.Column("name", PLAIN, nullable=False),
    sa.Column("octets", sa.LargeBinary, nullable=False),
)
