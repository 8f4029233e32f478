"""The first tables.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
CODE = sa.String(32)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "artifacts",
        sa.Column("handle_digest", sa.LargeBinary(), nullable=False),
        sa.Column("service_provider", TEXT, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("handle_digest", name="pk_artifacts"),
    )
    op.create_index("ix_artifacts_expires_at", "artifacts", ["expires_at"])
    op.create_table(
        "claims",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_claims"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_claims_expires_at", "claims", ["expires_at"])
    op.create_table(
        "documents",
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("entity_id", TEXT, nullable=False),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "entity_id", name="pk_documents"),
    )
    op.create_table(
        "organisations",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kvk_number", TEXT, nullable=False),
        sa.Column("rsin", TEXT, nullable=True),
        sa.Column("legal_form", CODE, nullable=False),
        sa.Column("statutory_name", TEXT, nullable=False),
        sa.Column("city", TEXT, nullable=False),
        sa.Column("kvk_status", CODE, nullable=False),
        sa.Column("sort_name", TEXT, nullable=False),
        sa.Column("search_text", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sa.UniqueConstraint("kvk_number", name="uq_organisations_kvk_number"),
    )
    op.create_table(
        "pending_logins",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("browser", TEXT, nullable=True),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("authn_request_id", TEXT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("document", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pending_logins"),
        sa.UniqueConstraint("authn_request_id", name="uq_pending_logins_authn_request_id"),
    )
    op.create_index("ix_pending_logins_expires_at", "pending_logins", ["expires_at"])
    op.create_table(
        "scopes",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("document", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scopes"),
    )
    op.create_table(
        "chain_mandates",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("grantor_id", TEXT, nullable=False),
        sa.Column("intermediary_id", TEXT, nullable=False),
        sa.Column("origin", CODE, nullable=False),
        sa.Column("scope_id", TEXT, nullable=False),
        sa.Column("level", CODE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("grantor_id <> intermediary_id", name="ck_chain_mandates_two_parties"),
        sa.ForeignKeyConstraint(["grantor_id"], ["organisations.id"], name="fk_chain_mandates_grantor_id"),
        sa.ForeignKeyConstraint(["intermediary_id"], ["organisations.id"], name="fk_chain_mandates_intermediary_id"),
        sa.ForeignKeyConstraint(["scope_id"], ["scopes.id"], name="fk_chain_mandates_scope_id"),
        sa.PrimaryKeyConstraint("id", name="pk_chain_mandates"),
    )
    op.create_index("ix_chain_mandates_grantor_id", "chain_mandates", ["grantor_id"])
    op.create_index("ix_chain_mandates_intermediary_id", "chain_mandates", ["intermediary_id"])
    op.create_table(
        "persons",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("display_name", TEXT, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_persons_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
    )
    op.create_table(
        "scope_items",
        sa.Column("item", TEXT, nullable=False),
        sa.Column("scope_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["scope_id"], ["scopes.id"], name="fk_scope_items_scope_id"),
        sa.PrimaryKeyConstraint("item", "scope_id", name="pk_scope_items"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "means",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("authentication_service", TEXT, nullable=False),
        sa.Column("internal_pseudonym", TEXT, nullable=False),
        sa.Column("type", CODE, nullable=False),
        sa.Column("level", CODE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_means_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_means"),
        sa.UniqueConstraint("authentication_service", "internal_pseudonym", name="uq_means_authentication_service"),
    )
    op.create_index("ix_means_person_id", "means", ["person_id"])
    op.create_table(
        "direct_mandates",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("means_id", TEXT, nullable=False),
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("scope_id", TEXT, nullable=False),
        sa.Column("level", CODE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("branch", TEXT, nullable=True),
        sa.Column("for_third_parties_only", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["means_id"], ["means.id"], name="fk_direct_mandates_means_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_direct_mandates_organisation_id"),
        sa.ForeignKeyConstraint(["scope_id"], ["scopes.id"], name="fk_direct_mandates_scope_id"),
        sa.PrimaryKeyConstraint("id", name="pk_direct_mandates"),
    )
    op.create_index("ix_direct_mandates_means_id", "direct_mandates", ["means_id"])
    op.create_table(
        "mandate_couplings",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("mandate_id", TEXT, nullable=False),
        sa.Column("means_id", TEXT, nullable=False),
        sa.Column("narrowing_id", TEXT, nullable=True),
        sa.Column("level", CODE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mandate_id"], ["chain_mandates.id"], name="fk_mandate_couplings_mandate_id"),
        sa.ForeignKeyConstraint(["means_id"], ["means.id"], name="fk_mandate_couplings_means_id"),
        sa.ForeignKeyConstraint(["narrowing_id"], ["scopes.id"], name="fk_mandate_couplings_narrowing_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mandate_couplings"),
    )
    op.create_index("ix_mandate_couplings_mandate_id", "mandate_couplings", ["mandate_id", "means_id"])
    op.create_index("ix_mandate_couplings_means_id", "mandate_couplings", ["means_id", "id"])
    op.create_table(
        "client_selection",
        sa.Column("means_id", TEXT, nullable=False),
        sa.Column("sort_name", TEXT, nullable=False),
        sa.Column("client_id", TEXT, nullable=False),
        sa.Column("intermediary_id", TEXT, nullable=False),
        sa.Column("coupling_id", TEXT, nullable=False),
        sa.Column("kvk_number", TEXT, nullable=False),
        sa.Column("search_text", TEXT, nullable=False),
        sa.Column("client_is_active", sa.Boolean(), nullable=False),
        sa.Column("scope_id", TEXT, nullable=False),
        sa.Column("narrowing_id", TEXT, nullable=True),
        sa.Column("level_rank", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coupling_id"], ["mandate_couplings.id"], name="fk_client_selection_coupling_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "means_id", "sort_name", "client_id", "intermediary_id", "coupling_id", name="pk_client_selection"
        ),
        sa.UniqueConstraint("coupling_id", name="uq_client_selection_coupling_id"),
        sqlite_with_rowid=False,
    )
