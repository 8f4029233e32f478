"""Every page of the Beheermodule with values as they occur."""

from collections.abc import Mapping

from broker.core.assurance import AssuranceLevel
from broker.core.text import Text
from broker.web.management.pages import Count, Frame, Front, NavigationItem, NoEntry, Overview
from broker.web.pages import Page

HIDDEN = {"csrf_token": "c5rf"}
OVERVIEW = Text("Overzicht", "Overview")
RELATIONS = Text("Relaties", "Relations")


def place(name: Text, address: str, *, current: bool = False) -> NavigationItem:
    return NavigationItem(name=name, address=address, current=current)


def frame(current: Text = OVERVIEW) -> Frame:
    """As in an office that has every page."""
    names = (
        OVERVIEW,
        RELATIONS,
        Text("Verleende ketenmachtigingen", "Chain mandates granted"),
        Text("Ontvangen ketenmachtigingen", "Chain mandates received"),
        Text("Uitnodigingen", "Invitations"),
        Text("Gebruikers en koppelingen", "Users and couplings"),
        Text("Geschiedenis", "History"),
    )
    return Frame(
        person="Anna van den Berg-Schoonhoven",
        organisation="Administratiekantoor Van Beek en Partners B.V.",
        kvk_number="90000021",
        level=AssuranceLevel.EH3,
        navigation=tuple(place(name, f"/module_{name.en.lower()[:4]}", current=name == current) for name in names),
        logout_url="/posted?logout",
    )


def module_values(
    current: Text = OVERVIEW, trail: tuple[NavigationItem, ...] = (), **more: object
) -> dict[str, object]:
    return {"frame": frame(current), "hidden": HIDDEN, "trail": trail, **more}


RECEIVED = (
    Count(of=Text("Actief", "Active"), number=1200),
    Count(of=Text("Wacht op ondertekening", "Waiting for a signature"), number=3),
)
PAGES: Mapping[str, Page] = {
    "module_front": Front(login_url="/posted", available=True, hidden=HIDDEN),
    "module_front_again": Front(
        login_url="/posted", available=True, notice=Text("U bent uitgelogd.", "You are logged out."), hidden=HIDDEN
    ),
    "module_front_unavailable": Front(login_url="/posted", available=False, hidden=HIDDEN),
    "module_no_entry": NoEntry(
        reason=Text("Uw inlogmiddel is niet actief.", "Your means of login is not active."),
        next_step=Text("Neem contact op met de leverancier.", "Contact the supplier."),
        code="MEANS_NOT_USABLE",
        login_url="/posted",
        hidden=HIDDEN,
    ),
    "module_overview": Overview(**module_values(), relations=1203, received=RECEIVED, granted=()),
    "module_overview_below": Overview(
        **module_values(
            RELATIONS,
            (place(OVERVIEW, "/module_overview"), place(RELATIONS, "/module_rela")),
            done=Text("De relatie is toegevoegd.", "The relation was added."),
        ),
        relations=0,
        received=(),
        granted=RECEIVED[:1],
    ),
}
