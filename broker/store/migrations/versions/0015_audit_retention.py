"""Old bodies of messages are found without going through those that are gone.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

SEALED = sa.text("sealed IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_messages_at", "messages")
    op.create_index("ix_messages_at_sealed", "messages", ["at"], sqlite_where=SEALED, postgresql_where=SEALED)
