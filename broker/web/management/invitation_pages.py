"""One frozen dataclass per template of the Beheermodule that is about invitations; `broker.web.pages` shows them.

Invitations         what was sent, and what waits for an answer of one's own organisation
InvitationDetails   one that was sent
ReceivedInvitation  one that can be answered
Batches             files of clients
BatchDetails        one file: how far it is, and what became of its rows
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar

from broker.core.text import Text
from broker.web.management.forms import ModuleForm
from broker.web.management.pages import ModulePage
from broker.web.management.register_pages import Fact, ListPage, StatusChoice, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    """An invitation that was sent."""

    client: Annotated[str, "name of the client"]
    kvk_number: Annotated[str, "eight digits"]
    email: Annotated[str, "where it went"]
    sent_on: Annotated[date, "when it went, in the Netherlands"]
    expires_on: Annotated[date, "the last day on which it can be answered"]
    status: Annotated[Text, "its status now"]
    good: Annotated[bool, "whether nothing needs to be done"]
    scope: Annotated[Text, "what it asks for, in a few words"]
    reference: Annotated[str, "the intermediary's own reference; may be empty"]
    renewal: Annotated[bool, "whether it asks for a renewal"]
    address: Annotated[str, "its own page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """An invitation that the visitor's organisation can answer."""

    intermediary: Annotated[str, "who asks"]
    kvk_number: Annotated[str, "eight digits"]
    expires_on: Annotated[date, "the last day on which it can be answered"]
    scope: Annotated[Text, "what it asks for, in a few words"]
    renewal: Annotated[bool, "whether it asks for a renewal"]
    address: Annotated[str, "where to answer it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitations(ListPage):
    """What was sent, newest first, and what waits for an answer."""

    template: ClassVar[str] = "management/invitations.html"
    waiting: Annotated[tuple[WaitingRow, ...], "what one's own organisation can answer, oldest first"]
    invitations: Annotated[tuple[InvitationRow, ...], "what was sent, those on this page"]
    statuses: Annotated[tuple[StatusChoice, ...], "filters to choose from"]
    ways: Annotated[tuple[Way, ...], "how to invite"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationDetails(ModulePage):
    """One invitation that was sent."""

    template: ClassVar[str] = "management/invitation.html"
    heading: Annotated[Text, "to whom"]
    status: Annotated[Text, "its status now"]
    good: Annotated[bool, "whether nothing needs to be done"]
    facts: Annotated[tuple[Fact, ...], "client, what is asked, what happened"]
    ways: Annotated[tuple[Way, ...], "where to go from here"]
    address_form: Annotated[ModuleForm | None, "where to send it again; None when it can no longer be answered"]
    send_url: Annotated[str, "POST with `email` and `version`: send it again"]
    cancel_url: Annotated[str | None, "GET: take it back"]
    version: Annotated[int, "the version that the page shows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedInvitation(ModulePage):
    """One invitation that the visitor's organisation can answer."""

    template: ClassVar[str] = "management/received_invitation.html"
    heading: Annotated[Text, "who asks"]
    lead: Annotated[Text, "what it means to agree"]
    facts: Annotated[tuple[Fact, ...], "intermediary, and what is asked"]
    accept_url: Annotated[str, "POST with `version`: agree"]
    decline_url: Annotated[str, "POST with `version` and `reason`: decline"]
    form: Annotated[ModuleForm, "why it is declined"]
    version: Annotated[int, "the version that the page shows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """A file in the list."""

    name: Annotated[str, "name of the file"]
    at: Annotated[datetime, "when it was uploaded, with a time zone"]
    rows: Annotated[int, "how many rows it has"]
    state: Annotated[Text, "how far it is"]
    address: Annotated[str, "its own page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches(ModulePage):
    """Files of clients, newest first, and a form to upload one."""

    template: ClassVar[str] = "management/batches.html"
    form: Annotated[ModuleForm, "the file"]
    upload_url: Annotated[str, "POST, as multipart/form-data"]
    header: Annotated[str, "the first line of such a file"]
    example: Annotated[str, "a row of such a file"]
    codes: Annotated[tuple[Fact, ...], "what services are called in a file"]
    batches: Annotated[tuple[BatchRow, ...], "the last ones"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """A row of a file with what became of it."""

    line: Annotated[int, "its line in the file"]
    kvk_number: Annotated[str, "as it stands in the file"]
    outcome: Annotated[Text, "what became of it"]
    reasons: Annotated[tuple[Text, ...], "why, and what was expected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDetails(ModulePage):
    """One file. While somebody works on it the page asks for itself again every few seconds."""

    template: ClassVar[str] = "management/batch.html"
    name: Annotated[str, "name of the file"]
    state: Annotated[Text, "how far it is"]
    working: Annotated[bool, "whether it is being worked on"]
    rows: Annotated[int, "how many rows it has"]
    rows_done: Annotated[int, "how many were gone through in this state"]
    counts: Annotated[tuple[tuple[Text, int], ...], "how many rows have which outcome"]
    results: Annotated[tuple[ResultRow, ...], "the first rows that are not invited, with why"]
    run_url: Annotated[str | None, "POST: invite everybody, or try again what went wrong"]
    run_name: Annotated[Text, "what the button for that says"]
    errors_url: Annotated[str | None, "GET: rows that went wrong, as CSV"]
    all_url: Annotated[str, "GET: all rows with results, as CSV"]
    refresh_url: Annotated[str | None, "what the browser asks for again by itself, if it does"]
    quiet_url: Annotated[str | None, "GET: the same page, which does not refresh itself"]
