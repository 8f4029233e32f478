"""One frozen dataclass per template of the pages behind the links of mails; `broker.web.pages` shows them.

Answer       an invitation: who asks, for what; agree and sign, or decline
Sign         a second signature
Answered     what was done, and what follows
CannotAnswer  the link is not valid, or KVK does not confirm the organisation now
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from broker.core.text import Text
from broker.web.management.forms import ModuleForm
from broker.web.management.register_pages import Fact
from broker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked(Page):
    """What every page behind a link has. All forms are POST and carry `hidden`."""

    hidden: Annotated[Mapping[str, str], "fields that every form of the page posts unchanged"] = field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeItem:
    """A part of what is asked, to tick."""

    value: Annotated[str, "what is posted: `*`, OIN or UUID"]
    name: Annotated[Text, "what it is"]
    ticked: Annotated[bool, "whether it is chosen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Linked):
    """An invitation that can be answered."""

    template: ClassVar[str] = "answering/answer.html"
    intermediary: Annotated[str, "who asks"]
    renewal: Annotated[bool, "whether it is about a mandate that there is"]
    terms: Annotated[tuple[Fact, ...], "what is asked"]
    party: Annotated[tuple[Fact, ...], "the intermediary"]
    client: Annotated[tuple[Fact, ...], "one's own organisation, as KVK has it"]
    items: Annotated[tuple[ScopeItem, ...], "what can be given; none when there is nothing to choose"]
    form: Annotated[ModuleForm, "who signs, and who signs next"]
    several: Annotated[bool, "whether there may be somebody to sign next"]
    accept_url: Annotated[str, "POST: agree and sign"]
    decline_form: Annotated[ModuleForm, "why not"]
    decline_url: Annotated[str, "POST: decline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign(Linked):
    """A second signature."""

    template: ClassVar[str] = "answering/sign.html"
    representative: Annotated[str, "who signs"]
    signed: Annotated[tuple[str, ...], "who has signed already"]
    terms: Annotated[tuple[Fact, ...], "what is signed"]
    form: Annotated[ModuleForm, "agreement, and who signs next"]
    several: Annotated[bool, "whether there is anybody left to sign next"]
    sign_url: Annotated[str, "POST: sign"]
    decline_form: Annotated[ModuleForm, "why not"]
    decline_url: Annotated[str, "POST: do not sign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Linked):
    """What was done."""

    template: ClassVar[str] = "answering/answered.html"
    heading: Annotated[Text, "what was done"]
    lead: Annotated[tuple[Text, ...], "what follows, a paragraph each"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotAnswer(Linked):
    """Nothing can be done by this link, or not now."""

    template: ClassVar[str] = "answering/cannot_answer.html"
    reason: Annotated[Text, "why not"]
    next_step: Annotated[Text, "what the person can do about it"]
    code: Annotated[str, "stable code to quote"]
