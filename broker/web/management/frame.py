"""What stands around every page behind the entrance: who is in, where one can go, and what forms carry."""

from typing import Final, TypedDict

from flask import request, url_for

from broker.core.text import Text
from broker.simulator.module_sessions import Visitor
from broker.web.management import visit
from broker.web.management.pages import Frame, NavigationItem
from broker.web.management.routes import hidden, is_open_to, start

PLACES: Final = (
    ("management.overview", Text("Overzicht", "Overview")),
    ("management.relations", Text("Relaties", "Relations")),
    ("management.granted", Text("Verleende ketenmachtigingen", "Chain mandates granted")),
    ("management.received", Text("Ontvangen ketenmachtigingen", "Chain mandates received")),
    ("management.invitations", Text("Uitnodigingen", "Invitations")),
    ("management.people", Text("Gebruikers en koppelingen", "Users and couplings")),
    ("management.own_couplings", Text("Mijn koppelingen", "My couplings")),
    ("management.history", Text("Geschiedenis", "History")),
    ("help.codes", Text("Hulp", "Help")),
)
"""The menu: endpoint and name. A page stands in it under the place that `values(within=…)` names."""


class PageValues(TypedDict):
    """What every `ModulePage` has; see there."""

    frame: Frame
    hidden: dict[str, str]
    trail: tuple[NavigationItem, ...]
    done: Text | None


def values(within: str | None = None, trail: tuple[NavigationItem, ...] = ()) -> PageValues:
    """The values of the page of this request: `Overview(**frame.values(), …)`.

    `within` is the endpoint of the place that the page is below, if it is not a place of the menu itself; `trail` the
    pages between that place and this one.
    """
    visitor = visit.visitor()
    here = within or request.endpoint
    above = (place(start(visitor), current=False), *((place(within, current=False),) if within else ()), *trail)
    return {
        "frame": Frame(
            person=visitor.in_use.person.display_name,
            organisation=visitor.organisation.statutory_name,
            kvk_number=visitor.organisation.kvk_number,
            level=visitor.level,
            navigation=tuple(place(endpoint, current=endpoint == here) for endpoint in _there(visitor)),
            logout_url=url_for("management.logout"),
        ),
        "hidden": hidden(),
        "trail": above if request.endpoint != start(visitor) else (),
        "done": visit.take_done(),
    }


def place(endpoint: str, *, current: bool) -> NavigationItem:
    """A place of the menu."""
    return NavigationItem(name=dict(PLACES)[endpoint], address=url_for(endpoint), current=current)


def _there(visitor: Visitor) -> list[str]:
    return [endpoint for endpoint, _ in PLACES if is_open_to(endpoint, visitor)]
