"""Old bodies of messages are found without going through those that are gone; a logout knows its login.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

SEALED = sa.text("sealed IS NOT NULL")


TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("login_id", TEXT, nullable=False, server_default=""))
    with op.batch_alter_table("sessions") as sessions:
        sessions.alter_column("login_id", server_default=None)
    op.drop_index("ix_messages_at", "messages")
    op.create_index("ix_messages_at_sealed", "messages", ["at"], sqlite_where=SEALED, postgresql_where=SEALED)
