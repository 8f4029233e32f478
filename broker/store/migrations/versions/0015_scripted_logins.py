"""What the next logins will do, first in, first out; and what a service provider is told in a login, sealed.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "scripted_logins",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("service_provider", TEXT, nullable=True),
        sa.Column("document", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_scripted_logins"),
    )
    op.create_table(
        "understandings",
        sa.Column("login_id", TEXT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("login_id", name="pk_understandings"),
    )
