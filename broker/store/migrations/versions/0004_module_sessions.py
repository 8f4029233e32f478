"""Sessions of the Beheermodule, and who holds direct mandates for an organisation.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "module_sessions",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("means_id", TEXT, nullable=False),
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("name_id", TEXT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_module_sessions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_module_sessions_expires_at", "module_sessions", ["expires_at"])
    op.create_index("ix_direct_mandates_organisation_id", "direct_mandates", ["organisation_id"])
