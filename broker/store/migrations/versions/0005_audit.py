"""What is kept of logins for those who judge them afterwards.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
CODE = sa.String(32)
MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "login_records",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("service_provider", TEXT, nullable=False),
        sa.Column("service_id", TEXT, nullable=False),
        sa.Column("outcome", CODE, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("client_id", TEXT, nullable=False),
        sa.Column("intermediary_id", TEXT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("document", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_login_records"),
    )
    op.create_index("ix_login_records_client_id", "login_records", ["client_id", "started_at"])
    op.create_index("ix_login_records_intermediary_id", "login_records", ["intermediary_id", "started_at"])
    op.create_index("ix_login_records_outcome", "login_records", ["outcome", "started_at"])
    op.create_index("ix_login_records_person_id", "login_records", ["person_id", "started_at"])
    op.create_index("ix_login_records_service_provider", "login_records", ["service_provider", "started_at"])
    op.create_index("ix_login_records_started_at", "login_records", ["started_at"])
    op.create_table(
        "messages",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("login_id", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("direction", CODE, nullable=False),
        sa.Column("carrier", CODE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("peer", TEXT, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("in_response_to", TEXT, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("findings", TEXT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_messages"),
    )
    op.create_index("ix_messages_at", "messages", ["at"])
    op.create_index("ix_messages_login_id", "messages", ["login_id"])
    op.create_index("ix_messages_message_id", "messages", ["message_id"])
    op.add_column("artifacts", sa.Column("login_id", TEXT, nullable=False, server_default=""))
