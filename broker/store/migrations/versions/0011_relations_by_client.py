"""The relations of a client, found when its name changes.

Revision ID: 0011
"""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("ix_relations_client_id", "relations", ["client_id"])
