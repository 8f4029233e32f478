"""One dataclass per template of the desk: reviews, requests to revoke, requests for a quote, the register as a whole.

Reviews           what waits for review, urgent first
Review            one mandate, to activate or to reject
Requests          requests to revoke, those that wait and those that were decided on
Request           one request, to carry out or to refuse
Quotes            requests for a quote
Register          the register in numbers, as files, and what KVK is made to say
ResetRegister     asks whether to go back to the sample data
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from broker.core.text import Text
from broker.web.management.forms import ModuleForm
from broker.web.management.register_pages import Fact
from broker.web.operator.pages import Operator
from broker.web.pages import Results


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskList(Operator):
    """A list of what waits at the desk, in pages; nobody searches in it."""

    query: ClassVar[str] = ""
    status: ClassVar[str] = ""
    results: Annotated[Results, "which part of all of them this is"]
    list_url: Annotated[str, "this page, without a number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """A mandate that waits for review."""

    client: Annotated[str, "name of the client"]
    intermediary: Annotated[str, "name of the intermediary"]
    url: Annotated[str, "its own page"]
    due_on: Annotated[date | None, "last day on which the review is in time"]
    is_urgent: Annotated[bool, "whether the urgent procedure was asked for"]
    is_overdue: Annotated[bool, "whether that day has passed"]
    last_check: Annotated[Text | None, "how the last KVK check of the client ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews(DeskList):
    """What waits for review."""

    template: ClassVar[str] = "operator/reviews.html"
    rows: Annotated[tuple[ReviewRow, ...], "urgent ones first, then by day"]
    overdue: Annotated[int, "how many are overdue, on all pages"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A form of the desk: its fields, where it goes, and what its button says. `fixed` are posted unchanged."""

    form: Annotated[ModuleForm | None, "fields to fill in; None for a button alone"]
    url: Annotated[str, "POST"]
    fixed: Annotated[dict[str, str], "fields that are posted unchanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Operator):
    """One mandate that waits for review."""

    template: ClassVar[str] = "operator/review.html"
    client: Annotated[str, "name of the client"]
    facts: Annotated[tuple[Fact, ...], "what the mandate is, and how it came to be"]
    activate: Annotated[Action, "activate it"]
    reject: Annotated[Action, "reject it, with a reason"]
    problem: Annotated[Text | None, "why what was asked could not be done, and what helps"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """A request to revoke."""

    client: Annotated[str, "KvK number of the client, as it was typed"]
    intermediary: Annotated[str, "KvK number of the intermediary, as it was typed"]
    name: Annotated[str, "who asks"]
    submitted_on: Annotated[date, "day in the Netherlands"]
    state: Annotated[Text, "where it is"]
    url: Annotated[str, "its own page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests(DeskList):
    """Requests to revoke."""

    template: ClassVar[str] = "operator/requests.html"
    waiting: Annotated[tuple[RequestRow, ...], "oldest first"]
    decided: Annotated[tuple[RequestRow, ...], "newest first"]
    form_url: Annotated[str, "the form that anybody can fill in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Operator):
    """One request to revoke."""

    template: ClassVar[str] = "operator/request.html"
    facts: Annotated[tuple[Fact, ...], "what was typed, and what became of it"]
    at_kvk: Annotated[tuple[Fact, ...], "what KVK says of the client"]
    obstacle: Annotated[Text | None, "why it cannot be carried out"] = None
    execute: Annotated[Action | None, "carry it out; None when it was decided on, or cannot be"] = None
    refuse: Annotated[Action | None, "refuse it; None when it was decided on"] = None
    problem: Annotated[Text | None, "why what was asked could not be done, and what helps"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRow:
    """A request for a quote."""

    name: Annotated[str, "who asks"]
    email: Annotated[str, "where to answer"]
    clients: Annotated[int, "for how many clients"]
    price: Annotated[str, "what so many cost in a year, in euros"]
    remark: Annotated[str, "what was asked besides; may be empty"]
    asked_on: Annotated[date, "day in the Netherlands"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes(DeskList):
    """Requests for a quote."""

    template: ClassVar[str] = "operator/quotes.html"
    rows: Annotated[tuple[QuoteRow, ...], "newest first"]
    form_url: Annotated[str, "where anybody asks for one"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What KVK is made to say of a number."""

    kvk_number: Annotated[str, "eight digits"]
    result: Annotated[Text, "what it says"]
    take_back: Annotated[Action, "have KVK say what it knows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Operator):
    """The register as a whole."""

    template: ClassVar[str] = "operator/register.html"
    facts: Annotated[tuple[Fact, ...], "how many there are of what"]
    yaml_url: Annotated[str, "GET: the register as YAML"]
    json_url: Annotated[str, "GET: the register as JSON"]
    reset_url: Annotated[str, "GET: asks whether to go back to the sample data"]
    answers: Annotated[tuple[Answer, ...], "what KVK is made to say"]
    answer: Annotated[Action, "have KVK say something about a number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetRegister(Operator):
    """Asks whether to go on."""

    template: ClassVar[str] = "operator/reset_register.html"
    facts: Annotated[tuple[Fact, ...], "what would be lost"]
    reset: Annotated[Action, "go back to the sample data"]
    back_url: Annotated[str, "the register"]
    problem: Annotated[str | None, "why the sample data cannot be read: file, line, reason"] = None
