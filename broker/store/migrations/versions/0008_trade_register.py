"""What the operator has the stub of the trade register answer.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "trade_register_answers",
        sa.Column("kvk_number", TEXT, nullable=False),
        sa.Column("result", sa.String(32), nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kvk_number", name="pk_trade_register_answers"),
    )
