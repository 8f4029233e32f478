"""The tables. `migrations/` builds them; a test holds the two together."""

import sqlalchemy as sa

from broker.core.assurance import AssuranceLevel
from broker.core.mandates import ChainStatus, LinkStatus, Origin
from broker.core.organisations import KvkStatus, LegalForm, MeansStatus, MeansType, PersonStatus
from broker.store.types import PLAIN, UtcDateTime, enumerated

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _id(name: str = "id") -> sa.Column[str]:
    return sa.Column(name, PLAIN, primary_key=True)


def _reference(name: str, target: str, *, nullable: bool = False, index: bool = False) -> sa.Column[str]:
    return sa.Column(name, PLAIN, sa.ForeignKey(target), nullable=nullable, index=index)


def _held() -> tuple[sa.Column[AssuranceLevel], sa.Column[object], sa.Column[object]]:
    """What everything that can be held has: a level and a period."""
    return (
        sa.Column("level", enumerated(AssuranceLevel), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
    )


organisations = sa.Table(
    "organisations",
    metadata,
    _id(),
    sa.Column("kvk_number", PLAIN, nullable=False, unique=True),
    sa.Column("rsin", PLAIN),
    sa.Column("legal_form", enumerated(LegalForm), nullable=False),
    sa.Column("statutory_name", PLAIN, nullable=False),
    sa.Column("city", PLAIN, nullable=False),
    sa.Column("kvk_status", enumerated(KvkStatus), nullable=False),
    sa.Column("trade_names", PLAIN, nullable=False),
    sa.Column("sort_name", PLAIN, nullable=False),
    sa.Column("search_text", PLAIN, nullable=False),
)

persons = sa.Table(
    "persons",
    metadata,
    _id(),
    _reference("organisation_id", "organisations.id", index=True),
    sa.Column("display_name", PLAIN, nullable=False),
    sa.Column("status", enumerated(PersonStatus), nullable=False),
    sa.Column("last_used_on", sa.Date),
    sa.Column("email", PLAIN),
)

means = sa.Table(
    "means",
    metadata,
    _id(),
    _reference("person_id", "persons.id", index=True),
    sa.Column("authentication_service", PLAIN, nullable=False),
    sa.Column("internal_pseudonym", PLAIN, nullable=False),
    sa.Column("type", enumerated(MeansType), nullable=False),
    *_held(),
    sa.Column("status", enumerated(MeansStatus), nullable=False),
    sa.UniqueConstraint("authentication_service", "internal_pseudonym"),
)

scopes = sa.Table(
    "scopes",
    metadata,
    _id(),
    sa.Column("document", PLAIN, nullable=False),
)

scope_items = sa.Table(
    "scope_items",
    metadata,
    sa.Column("item", PLAIN, primary_key=True),
    sa.Column("scope_id", PLAIN, sa.ForeignKey("scopes.id"), primary_key=True),
    sqlite_with_rowid=False,
)

direct_mandates = sa.Table(
    "direct_mandates",
    metadata,
    _id(),
    _reference("means_id", "means.id", index=True),
    _reference("organisation_id", "organisations.id", index=True),
    _reference("scope_id", "scopes.id"),
    *_held(),
    sa.Column("status", enumerated(LinkStatus), nullable=False),
    sa.Column("branch", PLAIN),
    sa.Column("for_third_parties_only", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)

chain_mandates = sa.Table(
    "chain_mandates",
    metadata,
    _id(),
    _reference("grantor_id", "organisations.id"),
    _reference("intermediary_id", "organisations.id"),
    sa.Column("origin", enumerated(Origin), nullable=False),
    _reference("scope_id", "scopes.id"),
    *_held(),
    sa.Column("status", enumerated(ChainStatus), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint("grantor_id <> intermediary_id", name="two_parties"),
    sa.Index(None, "grantor_id", "status"),
    sa.Index(None, "intermediary_id", "status", "valid_until"),
    sa.Index(None, "valid_until"),
)

mandate_couplings = sa.Table(
    "mandate_couplings",
    metadata,
    _id(),
    _reference("mandate_id", "chain_mandates.id"),
    _reference("means_id", "means.id"),
    _reference("narrowing_id", "scopes.id", nullable=True),
    *_held(),
    sa.Column("status", enumerated(LinkStatus), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "mandate_id", "means_id"),
    sa.Index(None, "means_id", "id"),
)

# What the selection page filters, orders and counts on, in one place and in the order of the page, for every coupling.
# One range scan finds a page of fifty thousand, or what is hidden; joined from the tables above that takes far longer.
client_selection = sa.Table(
    "client_selection",
    metadata,
    sa.Column("means_id", PLAIN, primary_key=True),
    sa.Column("sort_name", PLAIN, primary_key=True),
    sa.Column("client_id", PLAIN, primary_key=True),
    sa.Column("intermediary_id", PLAIN, primary_key=True),
    sa.Column(
        "coupling_id", PLAIN, sa.ForeignKey("mandate_couplings.id", ondelete="CASCADE"), primary_key=True, unique=True
    ),
    sa.Column("kvk_number", PLAIN, nullable=False),
    sa.Column("search_text", PLAIN, nullable=False),
    sa.Column("client_is_active", sa.Boolean, nullable=False),
    sa.Column("scope_id", PLAIN, nullable=False),
    sa.Column("narrowing_id", PLAIN),
    sa.Column("level_rank", sa.SmallInteger, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_until", sa.Date, nullable=False),
    sqlite_with_rowid=False,
)


def _entry_of_person() -> tuple[sa.Column[str], ...]:
    """An entry of the list that a person has at hand; no intermediary or no branch is the empty text."""
    return (
        sa.Column("person_id", PLAIN, sa.ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("organisation_id", PLAIN, sa.ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("intermediary_id", PLAIN, primary_key=True),
        sa.Column("branch", PLAIN, primary_key=True),
    )


pinned_entries = sa.Table("pinned_entries", metadata, *_entry_of_person())

recent_entries = sa.Table(
    "recent_entries", metadata, *_entry_of_person(), sa.Column("used_at", UtcDateTime, nullable=False)
)

pending_logins = sa.Table(
    "pending_logins",
    metadata,
    _id(),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("browser", PLAIN),
    sa.Column("step", PLAIN, nullable=False),
    sa.Column("authn_request_id", PLAIN, unique=True),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    sa.Column("document", PLAIN, nullable=False),
)

claims = sa.Table(
    "claims",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    sqlite_with_rowid=False,
)

artifacts = sa.Table(
    "artifacts",
    metadata,
    sa.Column("handle_digest", sa.LargeBinary, primary_key=True),
    sa.Column("service_provider", PLAIN, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    sa.Column("login_id", PLAIN, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("authentication_service", PLAIN, nullable=False),
    sa.Column("transient", PLAIN, nullable=False),
    sa.Column("login_id", PLAIN, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
)

logouts = sa.Table(
    "logouts",
    metadata,
    _id(),
    sa.Column("document", PLAIN, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
)

module_sessions = sa.Table(
    "module_sessions",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("means_id", PLAIN, nullable=False),
    sa.Column("organisation_id", PLAIN, nullable=False),
    sa.Column("level", enumerated(AssuranceLevel), nullable=False),
    sa.Column("name_id", PLAIN, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    sqlite_with_rowid=False,
)

sequences = sa.Table(
    "sequences",
    metadata,
    sa.Column("name", PLAIN, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
)

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("kind", PLAIN, primary_key=True),
    sa.Column("entity_id", PLAIN, primary_key=True),
    sa.Column("xml", sa.LargeBinary, nullable=False),
    sa.Column("sha256", PLAIN, nullable=False),
    sa.Column("registered_at", UtcDateTime, nullable=False),
)

scripted_logins = sa.Table(
    "scripted_logins",
    metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("service_provider", PLAIN),
    sa.Column("document", PLAIN, nullable=False),
)
