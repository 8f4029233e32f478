"""Files of invitations.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
CODE = sa.String(32)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "invitation_batches",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("intermediary_id", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("file_name", TEXT, nullable=False),
        sa.Column("file_digest", sa.LargeBinary(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("parts_done", sa.Integer(), nullable=False),
        sa.Column("counts", TEXT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("claimed_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["intermediary_id"], ["organisations.id"], name="fk_invitation_batches_intermediary_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitation_batches"),
        sa.UniqueConstraint("intermediary_id", "file_digest", name="uq_invitation_batches_intermediary_id"),
    )
    op.create_index("ix_invitation_batches_state", "invitation_batches", ["state"])
    op.create_table(
        "batch_parts",
        sa.Column("batch_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rows", TEXT, nullable=False),
        sa.Column("results", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["invitation_batches.id"], name="fk_batch_parts_batch_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("batch_id", "number", name="pk_batch_parts"),
    )
