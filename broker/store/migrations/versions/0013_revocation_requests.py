"""Requests to revoke, which anybody can make.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "revocation_requests",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("client", TEXT, nullable=False),
        sa.Column("intermediary", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", TEXT, nullable=True),
        sa.Column("representative", TEXT, nullable=True),
        sa.Column("mandate_ids", TEXT, nullable=False),
        sa.Column("answer", TEXT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revocation_requests"),
    )
    op.create_index("ix_revocation_requests_state", "revocation_requests", ["state", "submitted_at"])
    op.create_index("ix_revocation_requests_client", "revocation_requests", ["client", "intermediary"])
