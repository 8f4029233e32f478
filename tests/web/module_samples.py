"""Every page of the Beheermodule with values as they occur."""

from collections.abc import Mapping
from datetime import date

from broker.core.assurance import AssuranceLevel
from broker.core.text import Text
from broker.web.management.pages import (
    Application,
    Count,
    Frame,
    Front,
    Limit,
    NavigationItem,
    NoEntry,
    Overview,
    OwnCoupling,
    OwnCouplings,
    Refused,
    Todo,
)
from broker.web.pages import Page, Results

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


def own_coupling(number: int) -> OwnCoupling:
    return OwnCoupling(
        client=f"Coöperatieve Zuivelvereniging Noord-Oost-Twente en Achterhoek U.A. ({number})",
        kvk_number=f"{90001000 + number}",
        city="’s-Hertogenbosch",
        level=AssuranceLevel.EH3,
        valid_until=date(2027, 12, 31),
    )


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
    "module_no_entry_with_these_means": NoEntry(
        reason=Text("Met EH3 Belastingdienst kunt u dit niet.", "You cannot do this with EH3 Belastingdienst."),
        next_step=Text("Vraag een gewoon middel aan.", "Apply for regular means."),
        code="MEANS_NOT_REGULAR",
        login_url="/posted",
        apply_url="/module_application",
        hidden=HIDDEN,
    ),
    "module_application": Application(login_url="/posted", hidden=HIDDEN),
    "module_refused": Refused(
        **module_values(RELATIONS, (place(OVERVIEW, "/module_overview"), place(RELATIONS, "/module_rela"))),
        reason=Text("Daarvoor is EH3 nodig.", "That needs EH3."),
        next_step=Text("Log in met EH3.", "Log in with EH3."),
        code="CHAIN_NEEDS_EH3",
        start_url="/module_overview",
        apply_url="/module_application",
    ),
    "module_own_couplings": OwnCouplings(
        **module_values(),
        couplings=tuple(own_coupling(number) for number in range(3)),
        results=Results(total=812, number=2),
        query="bakker",
        list_url="/module_own_couplings",
    ),
    "module_own_couplings_none": OwnCouplings(
        **module_values(),
        couplings=(),
        results=Results(total=0),
        query="",
        list_url="/module_own_couplings_none",
        why_no_more=Text("Uw rol is verlopen.", "Your role has expired."),
    ),
    "module_overview_limited": Overview(
        **module_values(),
        relations=0,
        received=(),
        granted=(),
        limit=Limit(
            reason=Text("Daarvoor is EH3 nodig.", "That needs EH3."),
            next_step=Text("Log in met EH3.", "Log in with EH3."),
            apply_url="/module_application",
        ),
    ),
    "module_overview": Overview(
        **module_values(),
        relations=1203,
        received=RECEIVED,
        granted=(),
        todo=(
            Todo(
                text=Text("1 uitnodiging wacht op uw antwoord", "1 invitation waits for your answer"),
                address="/module_rela",
            ),
        ),
    ),
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
