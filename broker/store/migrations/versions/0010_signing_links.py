"""Who signs what an invitation asked for.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "signing_links",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("invitation_id", TEXT, nullable=False),
        sa.Column("mandate_id", TEXT, nullable=False),
        sa.Column("representative", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name="fk_signing_links_invitation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_signing_links"),
        sa.UniqueConstraint("token_digest", name="uq_signing_links_token_digest"),
    )
    op.create_index("ix_signing_links_invitation_id", "signing_links", ["invitation_id"])
