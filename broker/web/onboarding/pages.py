"""One frozen dataclass per template of the pages for who wants to begin; `broker.web.pages` shows them.

Explained   what chain mandates are, and a button to begin
Apply       the application
Prices      what they cost, and a form to ask for a quote
Taken       what was sent in, and what follows
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from broker.core.text import Text
from broker.web.management.forms import ModuleForm
from broker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Page):
    """What every page for who wants to begin has. All forms are POST and carry `hidden`."""

    hidden: Annotated[Mapping[str, str], "fields that every form of the page posts unchanged"] = field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained(Opening):
    """What chain mandates are."""

    template: ClassVar[str] = "onboarding/explained.html"
    begin_url: Annotated[str, "GET: the application"]
    prices_url: Annotated[str, "GET: what they cost"]
    urgent_url: Annotated[str, "GET: the urgent procedure, behind the login"]
    module_url: Annotated[str, "GET: the Beheermodule"]
    codes_url: Annotated[str, "GET: what every code means"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply(Opening):
    """The application."""

    template: ClassVar[str] = "onboarding/apply.html"
    form: Annotated[ModuleForm, "who applies"]
    action: Annotated[str, "POST"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What so many clients cost."""

    clients: Annotated[int, "how many clients"]
    price: Annotated[str, "a year, with its currency"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices(Opening):
    """What chain mandates cost."""

    template: ClassVar[str] = "onboarding/prices.html"
    price: Annotated[str, "of one chain mandate a year, with its currency"]
    flat: Annotated[bool, "whether that is the price for all clients together"]
    examples: Annotated[tuple[Example, ...], "what some numbers of clients cost"]
    form: Annotated[ModuleForm, "the request for a quote"]
    action: Annotated[str, "POST: ask for a quote"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Opening):
    """What was sent in."""

    template: ClassVar[str] = "onboarding/taken.html"
    heading: Annotated[Text, "what was taken"]
    lead: Annotated[tuple[Text, ...], "what follows, a paragraph each"]
    back_url: Annotated[str, "GET: what chain mandates are"]
