"""The tables of the administration. `store/migrations` builds them; a test holds the two together."""

import sqlalchemy as sa

from broker.core.administration.batches import BatchState
from broker.core.administration.dossiers import Priority
from broker.core.administration.invitations import InvitationStatus
from broker.core.administration.mail import LinkTarget, MailKind
from broker.core.administration.manager_roles import RoleStatus
from broker.core.administration.representatives import Authority
from broker.core.administration.revocation_requests import RequestState
from broker.core.administration.trade_register import KvkResult
from broker.core.assurance import AssuranceLevel
from broker.store.tables import metadata
from broker.store.types import PLAIN, UtcDateTime, enumerated

branches = sa.Table(
    "branches",
    metadata,
    sa.Column("number", PLAIN, primary_key=True),
    sa.Column("organisation_id", PLAIN, sa.ForeignKey("organisations.id"), nullable=False, index=True),
    sa.Column("name", PLAIN, nullable=False),
    sa.Column("city", PLAIN, nullable=False),
    sa.Column("is_main", sa.Boolean, nullable=False),
)

representatives = sa.Table(
    "representatives",
    metadata,
    sa.Column("organisation_id", PLAIN, sa.ForeignKey("organisations.id"), primary_key=True),
    sa.Column("name", PLAIN, primary_key=True),
    sa.Column("authority", enumerated(Authority), nullable=False),
    sa.Column("country", PLAIN, nullable=False),
    sa.Column("since", sa.Date),
    sa.Column("until", sa.Date),
)

manager_roles = sa.Table(
    "manager_roles",
    metadata,
    sa.Column("id", PLAIN, primary_key=True),
    sa.Column("person_id", PLAIN, sa.ForeignKey("persons.id"), nullable=False, index=True),
    sa.Column("organisation_id", PLAIN, sa.ForeignKey("organisations.id"), nullable=False, index=True),
    sa.Column("level", enumerated(AssuranceLevel), nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_until", sa.Date, nullable=False),
    sa.Column("status", enumerated(RoleStatus), nullable=False),
    sa.Column("may_act_alone", sa.Boolean, nullable=False),
)

kvk_checks = sa.Table(
    "kvk_checks",
    metadata,
    sa.Column("id", PLAIN, primary_key=True),
    sa.Column("organisation_id", PLAIN, sa.ForeignKey("organisations.id"), nullable=False, index=True),
    sa.Column("checked_at", UtcDateTime, nullable=False),
    sa.Column("result", enumerated(KvkResult), nullable=False),
    sa.Column("by", PLAIN),
)

# `due_on` is set while a mandate waits for review, so its index is the queue.
dossiers = sa.Table(
    "dossiers",
    metadata,
    sa.Column("mandate_id", PLAIN, sa.ForeignKey("chain_mandates.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("requested_at", UtcDateTime, nullable=False),
    sa.Column("priority", enumerated(Priority), nullable=False),
    sa.Column("invitation_id", PLAIN),
    sa.Column("signatures", PLAIN, nullable=False),
    sa.Column("signed_at", UtcDateTime),
    sa.Column("due_on", sa.Date, index=True),
    sa.Column("check_id", PLAIN),
    sa.Column("activated_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("reason", PLAIN),
    sa.Column("successor_of", PLAIN),
)

# The list of relations in the order of its page, as `client_selection` is for logins.
relations = sa.Table(
    "relations",
    metadata,
    sa.Column("intermediary_id", PLAIN, sa.ForeignKey("organisations.id"), primary_key=True),
    sa.Column("client_id", PLAIN, sa.ForeignKey("organisations.id"), primary_key=True),
    sa.Column("sort_name", PLAIN, nullable=False),
    sa.Column("kvk_number", PLAIN, nullable=False),
    sa.Column("search_text", PLAIN, nullable=False),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.Column("email", PLAIN, nullable=False),
    sa.Column("contact", PLAIN, nullable=False),
    sa.Column("removed_at", UtcDateTime),
    sa.Index(None, "intermediary_id", "sort_name", "client_id"),
    sa.Index(None, "client_id"),
)

invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("id", PLAIN, primary_key=True),
    sa.Column("intermediary_id", PLAIN, sa.ForeignKey("organisations.id"), nullable=False),
    sa.Column("client_id", PLAIN, sa.ForeignKey("organisations.id"), nullable=False),
    sa.Column("email", PLAIN, nullable=False),
    sa.Column("contact", PLAIN, nullable=False),
    sa.Column("scope_id", PLAIN, sa.ForeignKey("scopes.id"), nullable=False),
    sa.Column("level", enumerated(AssuranceLevel), nullable=False),
    sa.Column("valid_until", sa.Date, nullable=False),
    sa.Column("token_digest", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("sent_at", UtcDateTime, nullable=False),
    sa.Column("expires_on", sa.Date, nullable=False),
    sa.Column("language", PLAIN, nullable=False),
    sa.Column("priority", enumerated(Priority), nullable=False),
    sa.Column("status", enumerated(InvitationStatus), nullable=False),
    sa.Column("reference", PLAIN, nullable=False),
    sa.Column("batch_id", PLAIN, index=True),
    sa.Column("renews", PLAIN),
    sa.Column("opened_at", UtcDateTime),
    sa.Column("answered_at", UtcDateTime),
    sa.Column("reason", PLAIN),
    sa.Column("mandate_id", PLAIN),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "intermediary_id", "status", "sent_at"),
    sa.Index(None, "client_id", "intermediary_id", "status"),
)

# Numbers as somebody typed them: they need not be of organisations in the register.
revocation_requests = sa.Table(
    "revocation_requests",
    metadata,
    sa.Column("id", PLAIN, primary_key=True),
    sa.Column("client", PLAIN, nullable=False),
    sa.Column("intermediary", PLAIN, nullable=False),
    sa.Column("name", PLAIN, nullable=False),
    sa.Column("email", PLAIN, nullable=False),
    sa.Column("reason", PLAIN, nullable=False),
    sa.Column("language", PLAIN, nullable=False),
    sa.Column("submitted_at", UtcDateTime, nullable=False),
    sa.Column("state", enumerated(RequestState), nullable=False),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("decided_by", PLAIN),
    sa.Column("representative", PLAIN),
    sa.Column("mandate_ids", PLAIN, nullable=False),
    sa.Column("answer", PLAIN),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "state", "submitted_at"),
    sa.Index(None, "client", "intermediary"),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("object_id", PLAIN, nullable=False),
    sa.Column("document", PLAIN, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Index(None, "object_id", "number"),
)

# In whose history an event stands.
event_organisations = sa.Table(
    "event_organisations",
    metadata,
    sa.Column("organisation_id", PLAIN, primary_key=True),
    sa.Column("number", sa.BigInteger, sa.ForeignKey("events.number"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# What the stub of the trade register answers about a number instead of what it knows.
trade_register_answers = sa.Table(
    "trade_register_answers",
    metadata,
    sa.Column("kvk_number", PLAIN, primary_key=True),
    sa.Column("result", enumerated(KvkResult), nullable=False),
    sa.Column("by", PLAIN, nullable=False),
    sa.Column("set_at", UtcDateTime, nullable=False),
)

# Every mail that was ever due. `next_attempt_at` is set while it waits for delivery, so its index is the outbox.
mails = sa.Table(
    "mails",
    metadata,
    sa.Column("id", PLAIN, primary_key=True),
    sa.Column("kind", enumerated(MailKind), nullable=False),
    sa.Column("recipient", PLAIN, nullable=False),
    sa.Column("name", PLAIN, nullable=False),
    sa.Column("language", PLAIN, nullable=False),
    sa.Column("subject", PLAIN, nullable=False),
    sa.Column("body", PLAIN, nullable=False),
    sa.Column("link", enumerated(LinkTarget)),
    sa.Column("object_id", PLAIN, nullable=False),
    sa.Column("queued_at", UtcDateTime, nullable=False),
    sa.Column("next_attempt_at", UtcDateTime, index=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("problem", PLAIN),
    sa.Index(None, "queued_at", "id"),
)

# On which day what happens once a day was last done.
daily_work = sa.Table(
    "daily_work",
    metadata,
    sa.Column("name", PLAIN, primary_key=True),
    sa.Column("done_on", sa.Date, nullable=False),
)

# Who signs what an invitation asked for: by a link of their own, except for the first, who had that of the invitation.
signing_links = sa.Table(
    "signing_links",
    metadata,
    sa.Column("id", PLAIN, primary_key=True),
    sa.Column("invitation_id", PLAIN, sa.ForeignKey("invitations.id"), nullable=False, index=True),
    sa.Column("mandate_id", PLAIN, nullable=False),
    sa.Column("representative", PLAIN, nullable=False),
    sa.Column("email", PLAIN, nullable=False),
    sa.Column("token_digest", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("signed_at", UtcDateTime),
)

# A file of invitations and how far it is; its rows and their results are in parts.
invitation_batches = sa.Table(
    "invitation_batches",
    metadata,
    sa.Column("id", PLAIN, primary_key=True),
    sa.Column("intermediary_id", PLAIN, sa.ForeignKey("organisations.id"), nullable=False),
    sa.Column("actor", PLAIN, nullable=False),
    sa.Column("file_name", PLAIN, nullable=False),
    sa.Column("file_digest", sa.LargeBinary, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("parts", sa.Integer, nullable=False),
    sa.Column("uploaded_at", UtcDateTime, nullable=False),
    sa.Column("state", enumerated(BatchState), nullable=False, index=True),
    sa.Column("parts_done", sa.Integer, nullable=False),
    sa.Column("counts", PLAIN, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("claimed_until", UtcDateTime),
    sa.UniqueConstraint("intermediary_id", "file_digest"),
)

batch_parts = sa.Table(
    "batch_parts",
    metadata,
    sa.Column("batch_id", PLAIN, sa.ForeignKey("invitation_batches.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("rows", PLAIN, nullable=False),
    sa.Column("results", PLAIN, nullable=False),
)

# Organisations that applied to be an intermediary.
onboardings = sa.Table(
    "onboardings",
    metadata,
    sa.Column("organisation_id", PLAIN, sa.ForeignKey("organisations.id"), primary_key=True),
    sa.Column("applicant", PLAIN, nullable=False),
    sa.Column("email", PLAIN, nullable=False),
    sa.Column("language", PLAIN, nullable=False),
    sa.Column("applied_at", UtcDateTime, nullable=False),
    sa.Column("introduced_at", UtcDateTime),
    sa.Column("active_at", UtcDateTime),
)

# Who asked for a quote.
quote_requests = sa.Table(
    "quote_requests",
    metadata,
    sa.Column("id", PLAIN, primary_key=True),
    sa.Column("name", PLAIN, nullable=False),
    sa.Column("email", PLAIN, nullable=False),
    sa.Column("clients", sa.Integer, nullable=False),
    sa.Column("remark", PLAIN, nullable=False),
    sa.Column("requested_at", UtcDateTime, nullable=False),
)
