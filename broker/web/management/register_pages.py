"""One frozen dataclass per template of the Beheermodule that is about the register; `broker.web.pages` shows them.

Relations       the clients of an intermediary: search, pages of 25
RelationDetails  one of them, with its mandates
Mandates        chain mandates received or granted: search, filter, pages of 25
MandateDetails  one chain mandate: facts, couplings, what may be done, what happened
Change          a form with what it is about above it: to fill in, or to confirm
ChooseScope     what a mandate covers, with a search among services
Done            something was done, and what to do next
Conflict        somebody else was first: what was wanted beside what there is now
People          who has which means, and how many couplings
BulkChanged     how far a bulk of couplings is
History         what happened, newest first
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, ClassVar

from broker.core.assurance import AssuranceLevel
from broker.core.text import Text
from broker.web.management.forms import ModuleForm
from broker.web.management.pages import ModulePage
from broker.web.pages import Results

Said = Text | str | date
Given = Mapping[str, str | Sequence[str]]
"""Fields that a form carries along: a value, or several under one name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of a list of facts."""

    name: Annotated[Text, "what it is"]
    values: Annotated[tuple[Said, ...], "what it says, a line each"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A place to go from here."""

    name: Annotated[Text, "what one does there"]
    address: Annotated[str, "GET"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRow:
    """A relation in the list."""

    name: Annotated[str, "name of the organisation"]
    kvk_number: Annotated[str, "eight digits"]
    city: Annotated[str, "place of establishment"]
    mandates: Annotated[int, "how many mandates have not ended"]
    address: Annotated[str, "its own page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage(ModulePage):
    """What lists share. Searching and paging are GET on `list_url` with `q`, `status` and `page`."""

    results: Annotated[Results, "which part of what was found is on the page"]
    query: Annotated[str, "what was searched for; empty for everything"]
    list_url: Annotated[str, "GET with `q`, `status` and `page`"]
    status: Annotated[str, "the filter that is on; empty for none"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations(ListPage):
    """The clients of an intermediary."""

    template: ClassVar[str] = "management/relations.html"
    relations: Annotated[tuple[RelationRow, ...], "those on this page, by name"]
    ways: Annotated[tuple[Way, ...], "adding one, and the list as a file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateRow:
    """A chain mandate in a list."""

    other: Annotated[str, "name of the organisation at the other end"]
    kvk_number: Annotated[str, "eight digits"]
    status: Annotated[Text, "its status now"]
    good: Annotated[bool, "whether it can be used"]
    scope: Annotated[Text, "what it covers, in a few words"]
    level: Annotated[AssuranceLevel, "its level"]
    valid_until: Annotated[date, "last day in the Netherlands"]
    ends_soon: Annotated[bool, "whether to warn that the last day is near"]
    couplings: Annotated[int | None, "how many couplings it has; None where that is not told"]
    address: Annotated[str, "its own page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationDetails(ModulePage):
    """One relation."""

    template: ClassVar[str] = "management/relation.html"
    name: Annotated[str, "name of the organisation"]
    facts: Annotated[tuple[Fact, ...], "what is known of it"]
    mandates: Annotated[tuple[MandateRow, ...], "its mandates to this intermediary, ended ones too"]
    remove_url: Annotated[str, "GET: remove the relation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChoice:
    """A filter on status."""

    value: Annotated[str, "what goes into `status`"]
    name: Annotated[Text, "what it is called"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandates(ListPage):
    """Chain mandates that the organisation received, or granted."""

    template: ClassVar[str] = "management/mandates.html"
    heading: Annotated[Text, "which mandates"]
    mandates: Annotated[tuple[MandateRow, ...], "those on this page, by the name of the other party"]
    statuses: Annotated[tuple[StatusChoice, ...], "filters to choose from"]
    ways: Annotated[tuple[Way, ...], "what to do with mandates, besides looking at them"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CouplingRow:
    """A coupling on the page of its mandate. `changes` are forms that post `version`: address and button."""

    person: Annotated[str, "who holds the means"]
    means: Annotated[Text, "the means, in a few words"]
    status: Annotated[Text, "the status of the coupling now"]
    good: Annotated[bool, "whether it can be used, as far as the coupling goes"]
    obstacle: Annotated[Text | None, "why the person cannot use it all the same"]
    valid_until: Annotated[date, "last day in the Netherlands"]
    version: Annotated[int, "the version that the page shows"]
    changes: Annotated[tuple[Way, ...], "POST with `version`"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What the visitor may not do, why, and what helps."""

    what: Annotated[tuple[Text, ...], "what they may not do"]
    reason: Annotated[Text, "why not"]
    next_step: Annotated[Text, "what the person can do about it"]
    way: Annotated[Way | None, "where to go for that"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """Something that happened."""

    at: Annotated[datetime, "when, with a time zone"]
    what: Annotated[Text, "what happened"]
    who: Annotated[Text | str, "who did it"]
    to: Annotated[tuple[str, ...], "names of organisations and people that it was about"]
    reason: Annotated[str, "why, in the words of whoever did it; may be empty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateDetails(ModulePage):
    """One chain mandate."""

    template: ClassVar[str] = "management/mandate.html"
    heading: Annotated[Text, "for whom, and through whom"]
    status: Annotated[Text, "its status now"]
    good: Annotated[bool, "whether it can be used"]
    explanation: Annotated[Text | None, "what the status means for who looks, if it needs that"]
    facts: Annotated[tuple[Fact, ...], "parties, scope, level, period"]
    dossier: Annotated[tuple[Fact, ...], "when it was asked for, signed, checked, and so on"]
    couplings: Annotated[tuple[CouplingRow, ...] | None, "who can use it; None where that is not told"]
    ways: Annotated[tuple[Way, ...], "what the visitor may do"]
    withheld: Annotated[tuple[Withheld, ...], "what the visitor may not do"]
    events: Annotated[tuple[EventRow, ...], "what happened last, newest first"]
    history_url: Annotated[str | None, "GET: what happened before that"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(ModulePage):
    """A form with what it is about above it."""

    template: ClassVar[str] = "management/change.html"
    heading: Annotated[Text, "what is done here"]
    lead: Annotated[tuple[Text, ...], "what that means, a paragraph each"] = ()
    warning: Annotated[Text | None, "what cannot be undone"] = None
    facts: Annotated[tuple[Fact, ...], "what it is about"] = ()
    form: Annotated[ModuleForm, "what there is to fill in, if anything"]
    given: Annotated[Given, "what the form sends along unchanged"] = field(default_factory=dict)
    action: Annotated[str, "where the form goes"]
    method: Annotated[str, "`get` or `post`"] = "post"
    button: Annotated[Text, "what the button says"]
    back: Annotated[Way, "the way back without doing it"]
    way: Annotated[Way | None, "something else that helps"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeChoice:
    """A provider or a service to tick; `note` is the provider of a service."""

    value: Annotated[str, "what is sent: OIN or UUID"]
    name: Annotated[Text, "its name"]
    note: Annotated[Text | None, "what else tells it apart"]
    ticked: Annotated[bool, "whether it is chosen already"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseScope(ModulePage):
    """What a mandate covers. Everything is sent by GET, so that going back finds it filled in."""

    template: ClassVar[str] = "management/choose_scope.html"
    heading: Annotated[Text, "the question"]
    lead: Annotated[Text, "which step this is, and whose data stand above the form"]
    form: Annotated[ModuleForm, "its mistakes, and the kind of scope"]
    facts: Annotated[tuple[Fact, ...], "the intermediary, as KVK has it"]
    given: Annotated[Given, "what the form sends along unchanged"]
    providers: Annotated[tuple[ScopeChoice, ...], "service providers"]
    services: Annotated[tuple[ScopeChoice, ...], "services that were found, and those ticked already"]
    query: Annotated[str, "what was searched for among services"]
    found: Annotated[int, "how many services were found"]
    search_url: Annotated[str, "GET: this page, with another search"]
    next_url: Annotated[str, "GET: the next step"]
    back: Annotated[Way, "the step before"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(ModulePage):
    """Something was done, and what to do next."""

    template: ClassVar[str] = "management/done.html"
    heading: Annotated[Text, "what was done"]
    lead: Annotated[tuple[Text, ...], "what it means, a paragraph each"]
    next_heading: Annotated[Text, "what to do next"]
    next_lead: Annotated[Text, "why"]
    facts: Annotated[tuple[Fact, ...], "what is needed for it"]
    ways: Annotated[tuple[Way, ...], "where to go from here"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict(ModulePage):
    """Somebody else changed the same thing first; the person sees both and decides."""

    template: ClassVar[str] = "management/conflict.html"
    wanted: Annotated[tuple[Fact, ...], "what the person wanted"]
    current: Annotated[tuple[Fact, ...], "what there is now"]
    action: Annotated[str | None, "POST: do it all the same; None when that is not possible any more"]
    given: Annotated[Given, "what is posted: what was filled in, with the version of now"]
    button: Annotated[Text, "what the button says"]
    back: Annotated[Way, "leave it as it is"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A means of somebody who works for the organisation."""

    person: Annotated[str, "who holds it"]
    means: Annotated[Text, "the means, in a few words"]
    couplings: Annotated[int, "how many mandates it is coupled to"]
    obstacle: Annotated[Text | None, "why it cannot be coupled"]
    next_step: Annotated[Text | None, "what helps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class People(ListPage):
    """Who has which means, and how many couplings."""

    template: ClassVar[str] = "management/people.html"
    people: Annotated[tuple[PersonRow, ...], "those on this page, by name"]
    ways: Annotated[tuple[Way, ...], "couple and uncouple many mandates at once, when there is anybody to"]
    apply_url: Annotated[str, "how to get means that will do"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChanged(ModulePage):
    """How far a bulk of couplings, or of ends of them, is, and at the end what came of it."""

    template: ClassVar[str] = "management/bulk_changed.html"
    heading: Annotated[Text, "what is being done, or was"]
    done_so_far: Annotated[int, "how many were gone through"]
    total: Annotated[int, "how many there are to go through"]
    facts: Annotated[tuple[Fact, ...], "what came of it, in numbers"]
    refused: Annotated[tuple[tuple[Text, int], ...], "why couplings were refused, and how many"]
    more_url: Annotated[str | None, "POST: go on; None at the end"]
    given: Annotated[Given, "what is posted to go on"]
    back: Annotated[Way, "where to go at the end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class History(ModulePage):
    """What happened, newest first."""

    template: ClassVar[str] = "management/history.html"
    heading: Annotated[Text, "to what"]
    events: Annotated[tuple[EventRow, ...], "those on this page"]
    older_url: Annotated[str | None, "GET: what happened before that"]
