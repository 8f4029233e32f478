"""Organisations that applied to be an intermediary, and requests for a quote.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "onboardings",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("applicant", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("applied_at", MOMENT, nullable=False),
        sa.Column("introduced_at", MOMENT, nullable=True),
        sa.Column("active_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_onboardings_organisation_id"),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_onboardings"),
    )
    op.create_table(
        "quote_requests",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("clients", sa.Integer(), nullable=False),
        sa.Column("remark", TEXT, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quote_requests"),
    )
