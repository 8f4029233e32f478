"""One frozen dataclass per template of the Beheermodule; see `broker.web.pages`, which shows them.

Front         what the Beheermodule is, and a button to log in
NoEntry       logged in, but not let in: reason and next step
Application   how to get means that will do
Refused       not for this visitor, or not now: reason and next step
Overview      how many relations and mandates there are
OwnCouplings  for whom the visitor can log in
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, ClassVar

from broker.core.assurance import AssuranceLevel
from broker.core.text import Text
from broker.web.pages import Page, Results


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationItem:
    """A place in the Beheermodule."""

    name: Annotated[Text, "what it is called"]
    address: Annotated[str, "where it is"]
    current: Annotated[bool, "whether this page is there"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around the content of every page behind the entrance."""

    person: Annotated[str, "name of who is logged in"]
    organisation: Annotated[str, "the organisation that the person logged in for"]
    kvk_number: Annotated[str, "eight digits"]
    level: Annotated[AssuranceLevel, "the level of the login"]
    navigation: Annotated[tuple[NavigationItem, ...], "places to go, in the order of the menu"]
    logout_url: Annotated[str, "POST: end the session"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrancePage(Page):
    """What every page in front of the entrance has."""

    hidden: Annotated[Mapping[str, str], "fields that every form of the page posts unchanged"] = field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModulePage(Page):
    """What every page behind the entrance has. All forms are POST and carry `hidden`.

    `trail` is the way from the overview to this page; the page itself is not in it.
    """

    frame: Annotated[Frame, "who is in, and where one can go"]
    hidden: Annotated[Mapping[str, str], "fields that every form of the page posts unchanged"] = field(
        default_factory=dict
    )
    trail: Annotated[tuple[NavigationItem, ...], "pages above this one, the overview first"] = ()
    done: Annotated[Text | None, "what was just done, told on the next page"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Front(EntrancePage):
    """What the Beheermodule is, and a button to log in."""

    template: ClassVar[str] = "management/front.html"
    login_url: Annotated[str, "POST: begin to log in"]
    available: Annotated[bool, "whether the service catalogue has the Beheermodule, so that one can log in"]
    notice: Annotated[Text | None, "why the person is here again, if they were in"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoEntry(EntrancePage):
    """A legitimate no (weigering), with the way on that the scheme demands (handelingsperspectief)."""

    template: ClassVar[str] = "management/no_entry.html"
    comes_again: ClassVar[bool] = False  # the session has ended: the next time there is the front page
    reason: Annotated[Text, "why not, in one or two sentences"]
    next_step: Annotated[Text, "what the person can do about it"]
    code: Annotated[str, "stable reason code to quote"]
    login_url: Annotated[str, "POST: log in again, with other means or for another organisation"]
    apply_url: Annotated[str | None, "how to get means that will do, when that is what is missing"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application(EntrancePage):
    """How to get regular means of EH3 (M-49): told, since the simulator issues no means."""

    template: ClassVar[str] = "management/application.html"
    login_url: Annotated[str, "POST: log in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(ModulePage):
    """A change of the register that is not made, or a page that is not for this visitor: why, and the way on."""

    template: ClassVar[str] = "management/refused.html"
    reason: Annotated[Text, "why not, in one or two sentences"]
    next_step: Annotated[Text, "what the person can do about it"]
    code: Annotated[str, "stable reason code to quote"]
    start_url: Annotated[str, "where the visitor begins"]
    apply_url: Annotated[str | None, "how to get means that will do, when that is what is missing"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many there are of something."""

    of: Annotated[Text, "of what"]
    number: Annotated[int, "how many, at least one"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a manager cannot do, and the way on."""

    reason: Annotated[Text, "what not, and why"]
    next_step: Annotated[Text, "what the manager can do about it"]
    apply_url: Annotated[str, "how to get means that will do"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """Something that waits, or that can be begun, and where."""

    text: Annotated[Text, "what the link says"]
    address: Annotated[str, "where to do it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview(ModulePage):
    """The first page."""

    template: ClassVar[str] = "management/overview.html"
    relations: Annotated[int, "organisations that gave a mandate, whatever became of it"]
    received: Annotated[tuple[Count, ...], "chain mandates of clients, by status"]
    granted: Annotated[tuple[Count, ...], "chain mandates that the organisation gave, by status"]
    todo: Annotated[tuple[Todo, ...], "what waits for somebody, and else what to begin with"] = ()
    limit: Annotated[Limit | None, "what this manager cannot do with these means"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCoupling:
    """A client for whom the visitor can log in with the means in use."""

    client: Annotated[str, "name of the organisation"]
    kvk_number: Annotated[str, "eight digits"]
    city: Annotated[str, "place of establishment"]
    level: Annotated[AssuranceLevel, "the lower of mandate and coupling"]
    valid_until: Annotated[date, "last day in the Netherlands on which both count"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCouplings(ModulePage):
    """For whom the visitor can log in: all that a user who is no manager gets to see.

    Searching and paging are GET on `list_url` with `q` and `page`.
    """

    template: ClassVar[str] = "management/own_couplings.html"
    couplings: Annotated[tuple[OwnCoupling, ...], "those on this page, by name of the client"]
    results: Annotated[Results, "which part of what was found is on the page"]
    query: Annotated[str, "what was searched for; empty for everything"]
    list_url: Annotated[str, "GET with `q` and `page`"]
    why_no_more: Annotated[Text | None, "why the visitor may do nothing else here, if a role ended"] = None
