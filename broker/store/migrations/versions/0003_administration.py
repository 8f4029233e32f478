"""Who manages the register, the papers of mandates, invitations, relations, and the chain of events.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
CODE = sa.String(32)
MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("object_id", TEXT, nullable=False),
        sa.Column("document", TEXT, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_events"),
    )
    op.create_index("ix_events_object_id", "events", ["object_id", "number"])
    op.create_table(
        "branches",
        sa.Column("number", TEXT, nullable=False),
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("city", TEXT, nullable=False),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_branches_organisation_id"),
        sa.PrimaryKeyConstraint("number", name="pk_branches"),
    )
    op.create_index("ix_branches_organisation_id", "branches", ["organisation_id"])
    op.create_table(
        "event_organisations",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["events.number"], name="fk_event_organisations_number"),
        sa.PrimaryKeyConstraint("organisation_id", "number", name="pk_event_organisations"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invitations",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("intermediary_id", TEXT, nullable=False),
        sa.Column("client_id", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("contact", TEXT, nullable=False),
        sa.Column("scope_id", TEXT, nullable=False),
        sa.Column("level", CODE, nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("priority", CODE, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("batch_id", TEXT, nullable=True),
        sa.Column("renews", TEXT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("mandate_id", TEXT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["organisations.id"], name="fk_invitations_client_id"),
        sa.ForeignKeyConstraint(["intermediary_id"], ["organisations.id"], name="fk_invitations_intermediary_id"),
        sa.ForeignKeyConstraint(["scope_id"], ["scopes.id"], name="fk_invitations_scope_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("token_digest", name="uq_invitations_token_digest"),
    )
    op.create_index("ix_invitations_batch_id", "invitations", ["batch_id"])
    op.create_index("ix_invitations_client_id", "invitations", ["client_id", "intermediary_id", "status"])
    op.create_index("ix_invitations_intermediary_id", "invitations", ["intermediary_id", "status", "sent_at"])
    op.create_table(
        "kvk_checks",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("result", CODE, nullable=False),
        sa.Column("by", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_kvk_checks_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kvk_checks"),
    )
    op.create_index("ix_kvk_checks_organisation_id", "kvk_checks", ["organisation_id"])
    op.create_table(
        "relations",
        sa.Column("intermediary_id", TEXT, nullable=False),
        sa.Column("client_id", TEXT, nullable=False),
        sa.Column("sort_name", TEXT, nullable=False),
        sa.Column("kvk_number", TEXT, nullable=False),
        sa.Column("search_text", TEXT, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("contact", TEXT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["organisations.id"], name="fk_relations_client_id"),
        sa.ForeignKeyConstraint(["intermediary_id"], ["organisations.id"], name="fk_relations_intermediary_id"),
        sa.PrimaryKeyConstraint("intermediary_id", "client_id", name="pk_relations"),
    )
    op.create_index("ix_relations_intermediary_id", "relations", ["intermediary_id", "sort_name", "client_id"])
    op.create_table(
        "representatives",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("authority", CODE, nullable=False),
        sa.Column("country", TEXT, nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_representatives_organisation_id"),
        sa.PrimaryKeyConstraint("organisation_id", "name", name="pk_representatives"),
    )
    op.create_table(
        "dossiers",
        sa.Column("mandate_id", TEXT, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("priority", CODE, nullable=False),
        sa.Column("invitation_id", TEXT, nullable=True),
        sa.Column("signatures", TEXT, nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("check_id", TEXT, nullable=True),
        sa.Column("activated_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("successor_of", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["chain_mandates.id"], name="fk_dossiers_mandate_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mandate_id", name="pk_dossiers"),
    )
    op.create_index("ix_dossiers_due_on", "dossiers", ["due_on"])
    op.create_table(
        "manager_roles",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("level", CODE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("may_act_alone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_manager_roles_organisation_id"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_manager_roles_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_manager_roles"),
    )
    op.create_index("ix_manager_roles_organisation_id", "manager_roles", ["organisation_id"])
    op.create_index("ix_manager_roles_person_id", "manager_roles", ["person_id"])
    op.drop_index("ix_chain_mandates_grantor_id", table_name="chain_mandates")
    op.create_index("ix_chain_mandates_grantor_id", "chain_mandates", ["grantor_id", "status"])
    op.drop_index("ix_chain_mandates_intermediary_id", table_name="chain_mandates")
    op.create_index("ix_chain_mandates_intermediary_id", "chain_mandates", ["intermediary_id", "status", "valid_until"])
    op.add_column("organisations", sa.Column("trade_names", TEXT, nullable=False, server_default=""))
    op.add_column("persons", sa.Column("email", TEXT, nullable=True))
    op.create_index("ix_persons_organisation_id", "persons", ["organisation_id"])
