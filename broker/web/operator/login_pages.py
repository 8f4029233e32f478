"""One dataclass per template about logins of the past.

Logins        what was searched for, and a page of what was found
LoginDetails  one login: findings, the messages as a diagram and as a table, the chain that it rests on, its events
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from broker.core.sequence import Diagram
from broker.core.text import Text
from broker.web.management.register_pages import Fact
from broker.web.operator.pages import Operator
from broker.web.pages import Results


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something to choose from."""

    value: Annotated[str, "what is sent"]
    name: Annotated[Text | str, "what it is called"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRow:
    """A login in the list."""

    url: Annotated[str, "its own page"]
    at: Annotated[datetime, "when it began, with a time zone"]
    service_provider: Annotated[str, "EntityID, as far as it was proven"]
    person: Annotated[str, "who logged in, masked unless shown on purpose; empty when nobody did"]
    client: Annotated[str, "on behalf of whom"]
    intermediary: Annotated[str, "through whom"]
    outcome: Annotated[Text, "how it ended"]
    reason: Annotated[str, "code of a refusal, or rule that was broken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Logins(Operator):
    """Logins, newest first. Searching and paging are GET on `list_url` with the names in `sought`, and `page`."""

    template: ClassVar[str] = "operator/logins.html"
    rows: Annotated[tuple[LoginRow, ...], "those on this page"]
    results: Annotated[Results, "which part of what was found is on the page"]
    sought: Annotated[Mapping[str, str], "what was searched for by name of the field; only what was filled in"]
    outcomes: Annotated[tuple[Choice, ...], "how a login can end"]
    service_providers: Annotated[tuple[Choice, ...], "who is registered"]
    problem: Annotated[Text | None, "what is wrong with what was filled in"]
    list_url: Annotated[str, "GET"]
    show_url: Annotated[str, "POST: the same with names of people"]
    is_shown: Annotated[bool, "whether names of people are on the page"]
    hidden: Annotated[Mapping[str, str], "fields that are posted unchanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """Something that a rule saw in a message."""

    rule: Annotated[str, "id of the rule"]
    is_error: Annotated[bool, "whether it refuses"]
    where: Annotated[str, "place in the message"]
    detail: Annotated[str, "what was seen"]
    message: Annotated[int, "number of the message, from 1"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message of the login."""

    number: Annotated[int, "from 1"]
    at: Annotated[datetime, "by the broker's clock, to the millisecond"]
    later: Annotated[str, "how long after the one before it"]
    sender: Annotated[Text | str, "from whom"]
    receiver: Annotated[Text | str, "to whom"]
    kind: Annotated[str, "AuthnRequest and so on"]
    binding: Annotated[str, "how it travelled"]
    size: Annotated[int, "bytes"]
    clock: Annotated[str, "IssueInstant: the sender's clock; empty when it is not known"]
    off: Annotated[str, "how far that is from the broker's clock"]
    signer: Annotated[str, "the key that signed it; empty when none did or it is not known"]
    message_id: Annotated[str, "its ID"]
    in_response_to: Annotated[str, "InResponseTo"]
    sha256: Annotated[str, "digest of its bytes"]
    download_url: Annotated[str | None, "POST: its bytes; None when their time is over"]
    inspect_url: Annotated[str, "POST: what there is to say about it; only when there are bytes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A party of the chain, and the link that leads on from it."""

    role: Annotated[Text, "person, intermediary or client"]
    name: Annotated[str, "masked unless shown on purpose"]
    link: Annotated[tuple[Fact, ...], "what it acts on towards the next; nothing for the last"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """An event of the chain."""

    number: Annotated[int, "its number in the chain"]
    at: Annotated[datetime, "with a time zone"]
    what: Annotated[Text, "what happened"]
    reason: Annotated[str, "code, if any"]
    digest: Annotated[str, "hexadecimal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginDetails(Operator):
    """One login."""

    template: ClassVar[str] = "operator/login_details.html"
    facts: Annotated[tuple[Fact, ...], "who asked what, and how it ended"]
    findings: Annotated[tuple[FindingRow, ...], "of all messages"]
    diagram: Annotated[Diagram, "the messages as a picture"]
    messages: Annotated[tuple[MessageRow, ...], "the same as a table"]
    chain: Annotated[tuple[Station, ...], "person, intermediary, client; empty when nobody was decided about"]
    decided: Annotated[tuple[Fact, ...], "which levels were asked and reached"]
    understood: Annotated[str, "JSON: what a correct service provider reads in it; empty unless names are shown"]
    events: Annotated[tuple[EventRow, ...], "in order"]
    show_url: Annotated[str, "POST: the same with names of people"]
    is_shown: Annotated[bool, "whether names of people are on the page"]
    evidence_url: Annotated[str, "POST: the bundle of evidence"]
    report_url: Annotated[str, "POST: the report as a PDF"]
    hidden: Annotated[Mapping[str, str], "fields that are posted unchanged"]
    back_url: Annotated[str, "the list"]
