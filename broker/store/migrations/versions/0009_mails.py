"""Mails, and what is done once a day.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
CODE = sa.String(32)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "mails",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("link", CODE, nullable=True),
        sa.Column("object_id", TEXT, nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("next_attempt_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("problem", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mails"),
    )
    op.create_index("ix_mails_next_attempt_at", "mails", ["next_attempt_at"])
    op.create_index("ix_mails_queued_at", "mails", ["queued_at", "id"])
    op.create_table(
        "daily_work",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_daily_work"),
    )
    op.create_index("ix_chain_mandates_valid_until", "chain_mandates", ["valid_until"])
