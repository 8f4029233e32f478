"""What stands around every page behind the entrance: who is in, where one can go, and what forms carry."""

from typing import Final, TypedDict

from flask import current_app, request, url_for

from broker.core.text import Text
from broker.web.management import visit
from broker.web.management.pages import Frame, NavigationItem
from broker.web.management.routes import hidden

PLACES: Final = (
    ("management.overview", Text("Overzicht", "Overview")),
    ("management.relations", Text("Relaties", "Relations")),
    ("management.granted", Text("Verleende ketenmachtigingen", "Chain mandates granted")),
    ("management.received", Text("Ontvangen ketenmachtigingen", "Chain mandates received")),
    ("management.invitations", Text("Uitnodigingen", "Invitations")),
    ("management.people", Text("Gebruikers en koppelingen", "Users and couplings")),
    ("management.history", Text("Geschiedenis", "History")),
    ("management.help", Text("Hulp", "Help")),
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
    above = (place(within, current=False), *trail) if within else trail
    start = (place("management.overview", current=False),) if request.endpoint != "management.overview" else ()
    return {
        "frame": Frame(
            person=visitor.in_use.person.display_name,
            organisation=visitor.organisation.statutory_name,
            kvk_number=visitor.organisation.kvk_number,
            level=visitor.level,
            navigation=tuple(place(endpoint, current=endpoint == here) for endpoint in _there()),
            logout_url=url_for("management.logout"),
        ),
        "hidden": hidden(),
        "trail": (*start, *(item for item in above if item.address != url_for("management.overview"))),
        "done": visit.take_done(),
    }


def place(endpoint: str, *, current: bool) -> NavigationItem:
    """A place of the menu."""
    return NavigationItem(name=dict(PLACES)[endpoint], address=url_for(endpoint), current=current)


def _there() -> list[str]:
    return [endpoint for endpoint, _ in PLACES if endpoint in current_app.view_functions]
