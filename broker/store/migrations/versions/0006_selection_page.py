"""What stands on top of the selection page, and every coupling in its index.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)

# The couplings that had no row: those of which a link is not active. Their level is below every level.
MISSING = """
INSERT INTO client_selection (
    means_id, sort_name, client_id, intermediary_id, coupling_id, kvk_number, search_text, client_is_active, scope_id,
    narrowing_id, level_rank, valid_from, valid_until
)
SELECT
    mandate_couplings.means_id, organisations.sort_name, chain_mandates.grantor_id, chain_mandates.intermediary_id,
    mandate_couplings.id, organisations.kvk_number, organisations.search_text, organisations.kvk_status = 'active',
    chain_mandates.scope_id, mandate_couplings.narrowing_id, -1,
    CASE WHEN chain_mandates.valid_from > mandate_couplings.valid_from
        THEN chain_mandates.valid_from ELSE mandate_couplings.valid_from END,
    CASE WHEN chain_mandates.valid_until < mandate_couplings.valid_until
        THEN chain_mandates.valid_until ELSE mandate_couplings.valid_until END
FROM mandate_couplings
JOIN chain_mandates ON chain_mandates.id = mandate_couplings.mandate_id
JOIN organisations ON organisations.id = chain_mandates.grantor_id
WHERE NOT (chain_mandates.status = 'active' AND mandate_couplings.status = 'active')
"""


def upgrade() -> None:
    op.create_table(
        "pinned_entries",
        *_entry_of_person(),
        *_keys("pinned_entries"),
    )
    op.create_table(
        "recent_entries",
        *_entry_of_person(),
        sa.Column("used_at", MOMENT, nullable=False),
        *_keys("recent_entries"),
    )
    op.execute(MISSING)
    if op.get_bind().dialect.name == "postgresql":
        # A means works for few intermediaries. Unless told so, the planner expects a fraction of the couplings that a
        # page looks at, and sorts them all to find the first twenty-five.
        op.execute(
            "CREATE STATISTICS client_selection_means (dependencies, ndistinct, mcv) "
            "ON means_id, intermediary_id FROM client_selection"
        )


def _entry_of_person() -> tuple[sa.Column[str], ...]:
    names = ("person_id", "organisation_id", "intermediary_id", "branch")
    return tuple(sa.Column(name, TEXT, nullable=False) for name in names)


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.PrimaryKeyConstraint("person_id", "organisation_id", "intermediary_id", "branch", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=f"fk_{table}_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=f"fk_{table}_organisation_id", ondelete="CASCADE"
        ),
    )
