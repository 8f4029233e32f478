"""Every page of the Beheermodule that is about the register, with values as they occur."""

from collections.abc import Mapping
from datetime import date, datetime

from flask import Flask
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from broker.core.assurance import AssuranceLevel
from broker.core.clock import AMSTERDAM
from broker.core.text import Text
from broker.web.management.forms import DayField, ModuleForm
from broker.web.management.register_pages import (
    BulkChanged,
    Change,
    ChooseScope,
    Conflict,
    CouplingRow,
    Done,
    EventRow,
    Fact,
    History,
    MandateDetails,
    MandateRow,
    Mandates,
    People,
    PersonRow,
    RelationDetails,
    RelationRow,
    Relations,
    ScopeChoice,
    StatusChoice,
    Way,
    Withheld,
)
from broker.web.pages import Page, Results
from tests.web.module_samples import OVERVIEW, RELATIONS, module_values, place

BAKER, DAIRY = "Bakkerij De Korenaar", "Coöperatieve Zuivelvereniging Noord-Oost-Twente en Achterhoek U.A."
UNTIL = date(2027, 12, 31)
BACK = Way(name=Text("Annuleren", "Cancel"), address="/module_rela")
BELOW = module_values(RELATIONS, (place(OVERVIEW, "/module_overview"), place(RELATIONS, "/module_rela")))
ORGANISATION = (
    Fact(name=Text("Naam", "Name"), values=(DAIRY,)),
    Fact(name=Text("KvK-nummer", "KvK number"), values=("90001002",)),
    Fact(name=Text("Bij KVK", "At KVK"), values=(Text("Actief", "Active"),)),
)
MANDATE = (
    Fact(name=Text("Klant", "Client"), values=(BAKER, "90001001", "Enschede")),
    Fact(name=Text("Geldt voor", "Covers"), values=(Text("KVK: alle diensten", "KVK: all services"), "UWV: dossier")),
    Fact(name=Text("Geldig tot en met", "Valid until"), values=(UNTIL,)),
)
HAPPENED = (
    EventRow(
        at=datetime(2026, 11, 23, 14, 35, tzinfo=AMSTERDAM),
        what=Text("Ketenmachtiging geschorst", "Chain mandate suspended"),
        who="Anna van den Berg-Schoonhoven",
        to=(BAKER,),
        reason="vermoeden van misbruik",
    ),
    EventRow(
        at=datetime(2026, 11, 22, 9, 5, tzinfo=AMSTERDAM),
        what=Text("Ketenmachtiging actief geworden", "Chain mandate became active"),
        who=Text("Het machtigingenregister", "The mandate register"),
        to=(),
        reason="",
    ),
)


LEVELS = [SelectChoice("loa3", "EH3"), SelectChoice("loa4", "EH4")]
MEANS = [SelectChoice("a", "Anna – EH3"), SelectChoice("b", "Boris – EH3")]
KINDS = [SelectChoice("all", Text("Alles", "Everything"))]


class EveryField(ModuleForm):
    """One of each kind of field."""

    number = StringField(Text("KvK-nummer", "KvK number"), description=Text("8 cijfers", "8 digits"))
    until = DayField(Text("Laatste dag", "Last day"))
    level = RadioField(Text("Niveau", "Level"), choices=LEVELS, validate_choice=False)
    means = SelectMultipleField(Text("Inlogmiddelen", "Means"), choices=MEANS, validate_choice=False)
    urgent = BooleanField(Text("Spoed", "Urgent"))
    kind = RadioField(Text("Waarvoor?", "For what?"), choices=KINDS, validate_choice=False)
    provider = SelectMultipleField(Text("Dienstverleners", "Providers"), validate_choice=False)
    service = SelectMultipleField(Text("Diensten", "Services"), validate_choice=False)


def form(*, wrong: bool) -> EveryField:
    """The form as it is first shown, or as it comes back."""
    with Flask(__name__).test_request_context():
        made = EveryField(formdata=None, number="123" if wrong else None)
    for item in made:
        item.errors = [Text("Vul een KvK-nummer in: 8 cijfers.", "Fill in a KvK number: 8 digits.")] if wrong else []
    return made


def small(number: int = 1) -> ModuleForm:
    """A form with its first fields only."""
    made = form(wrong=False)
    for name in list(made.names)[number:]:
        del made[name]
    return made


def mandate_row(number: int) -> MandateRow:
    """Rows differ in the ways that mandates differ."""
    return MandateRow(
        other=(BAKER, DAIRY)[number % 2],
        kvk_number=f"{90001000 + number}",
        status=(Text("Actief", "Active"), Text("Verlopen", "Expired"))[number % 2],
        good=number % 2 == 0,
        scope=Text("Belastingdienst: alle diensten, ook nieuwe", "Belastingdienst: all services, new ones too"),
        level=AssuranceLevel.EH3,
        valid_until=UNTIL,
        ends_soon=number == 0,
        couplings=number if number < 2 else None,
        address="/module_mandate",
    )


def coupling_row(number: int) -> CouplingRow:
    """One that works, one that does not, one that ended."""
    names = (Text("Schorsen", "Suspend"), Text("Ontkoppelen", "Uncouple"))
    return CouplingRow(
        person=f"Boris Voorbeeld {number}",
        means=Text("EH3, gewoon inlogmiddel", "EH3, regular means"),
        status=Text("Actief", "Active"),
        good=number == 0,
        obstacle=Text("Dit inlogmiddel is niet actief.", "These means are not active.") if number == 1 else None,
        valid_until=UNTIL,
        version=1,
        changes=tuple(Way(name=name, address="/posted") for name in names) if number < 2 else (),
    )


COUNTED = (Fact(name=Text("Gekoppeld", "Coupled"), values=("39990",)),)
LIST = {"results": Results(total=812, number=2), "query": "bakker", "list_url": "/module_relations"}
PAGES: Mapping[str, Page] = {
    "module_relations": Relations(
        **module_values(RELATIONS),
        **LIST,
        relations=tuple(
            RelationRow(name=name, kvk_number="90001001", city="Enschede", mandates=2, address="/module_relation")
            for name in (BAKER, DAIRY)
        ),
        ways=(Way(name=Text("Relatie toevoegen", "Add a relation"), address="/module_change"),),
    ),
    "module_relation": RelationDetails(
        **BELOW, name=DAIRY, facts=ORGANISATION, mandates=(mandate_row(0), mandate_row(1)), remove_url="/module_change"
    ),
    "module_mandates": Mandates(
        **module_values(),
        **LIST,
        heading=Text("Ontvangen ketenmachtigingen", "Chain mandates received"),
        mandates=tuple(map(mandate_row, range(3))),
        statuses=(StatusChoice(value="active", name=Text("Actief", "Active")),),
        status="active",
        ways=(Way(name=Text("Veel tegelijk koppelen", "Couple many at once"), address="/module_change"),),
    ),
    "module_mandate": MandateDetails(
        **BELOW,
        heading=Text(f"Ketenmachtiging van {BAKER} aan {DAIRY}", f"Chain mandate of {BAKER} to {DAIRY}"),
        status=Text("Geschorst", "Suspended"),
        good=False,
        explanation=Text("Niemand kan ermee inloggen.", "Nobody can log in with it."),
        facts=MANDATE,
        dossier=MANDATE[2:],
        couplings=tuple(map(coupling_row, range(3))),
        ways=(Way(name=Text("Intrekken", "Revoke"), address="/module_change"),),
        withheld=(
            Withheld(
                what=(Text("Schorsen", "Suspend"), Text("Verlengen", "Renew")),
                reason=Text("Uw intermediair vroeg deze machtiging aan.", "Your intermediary asked for this mandate."),
                next_step=Text("Gebruik het formulier.", "Use the form."),
                way=Way(name=Text("Naar het formulier", "To the form"), address="/module_change"),
            ),
        ),
        events=HAPPENED,
        history_url="/module_history",
    ),
    "module_change": Change(
        **BELOW,
        heading=Text("Intrekken", "Revoke"),
        lead=(Text("Vanaf nu kan niemand meer inloggen.", "From now on nobody can log in."),),
        warning=Text("Dit kunt u niet ongedaan maken.", "You cannot undo this."),
        facts=MANDATE,
        form=small(),
        given={"version": "3", "service": ["a", "b"]},
        action="/posted",
        button=Text("Intrekken", "Revoke"),
        back=BACK,
        way=Way(name=Text("Een middel aanvragen", "Apply for means"), address="/module_application"),
    ),
    "module_change_wrong": Change(
        **BELOW,
        heading=Text("Niveau en periode", "Level and period"),
        form=form(wrong=True),
        action="/posted",
        button=Text("Ga verder", "Continue"),
        back=BACK,
    ),
    "module_choose_scope": ChooseScope(
        **BELOW,
        heading=Text("Wat mag de intermediair?", "What may the intermediary do?"),
        lead=Text("Stap 2 van 4. Dit zijn de gegevens van KVK.", "Step 2 of 4. This is what KVK has."),
        form=form(wrong=True),
        facts=ORGANISATION,
        given={"number": "90001002"},
        providers=(ScopeChoice(value="1", name=Text("KVK (test)", "KVK (test)"), note=None, ticked=True),),
        services=tuple(
            ScopeChoice(
                value=f"{number}",
                name=Text("Jaarrekening deponeren", "File annual accounts"),
                note=Text("KVK (test)", "KVK (test)"),
                ticked=number == 1,
            )
            for number in range(3)
        ),
        query="jaar",
        found=3,
        search_url="/module_choose_scope",
        next_url="/module_choose_scope",
        back=BACK,
    ),
    "module_done": Done(
        **BELOW,
        heading=Text("De ketenmachtiging is afgegeven", "The chain mandate was issued"),
        lead=(Text("De machtiging is actief.", "The mandate is active."),),
        next_heading=Text("Informeer uw intermediair", "Inform your intermediary"),
        next_lead=Text("Geef deze gegevens door.", "Pass on these facts."),
        facts=MANDATE,
        ways=(BACK,),
    ),
    "module_conflict": Conflict(
        **BELOW,
        wanted=MANDATE[:1],
        current=MANDATE,
        action="/posted",
        given={"version": "4", "reason": "gestopt"},
        button=Text("Intrekken", "Revoke"),
        back=BACK,
    ),
    "module_people": People(
        **module_values(),
        **LIST,
        people=(
            PersonRow(
                person="Anna Voorbeeld",
                means=Text("EH3, gewoon inlogmiddel, actief", "EH3, regular means, active"),
                couplings=50_000,
                obstacle=None,
                next_step=None,
            ),
            PersonRow(
                person="Carla Voorbeeld",
                means=Text("EH3 Belastingdienst, actief", "EH3 Belastingdienst, active"),
                couplings=0,
                obstacle=Text("EH3 Belastingdienst kan dit niet.", "EH3 Belastingdienst cannot do this."),
                next_step=Text("Vraag een gewoon middel aan.", "Apply for regular means."),
            ),
        ),
        ways=(Way(name=Text("Veel koppelen", "Couple many"), address="/module_change"),),
        apply_url="/module_application",
    ),
    "module_bulk_changed": BulkChanged(
        **BELOW,
        done_so_far=20_000,
        total=50_000,
        heading=Text("Bezig met koppelen", "Coupling"),
        facts=COUNTED,
        refused=((Text("Dit middel is niet actief.", "These means are not active."), 2),),
        more_url="/posted",
        given={"means": ["a", "b"], "after": "m20000"},
        back=BACK,
    ),
    "module_bulk_changed_done": BulkChanged(
        **BELOW,
        heading=Text("Klaar met koppelen", "Done coupling"),
        done_so_far=3,
        total=3,
        facts=COUNTED,
        refused=(),
        more_url=None,
        given={},
        back=BACK,
    ),
    "module_history": History(
        **module_values(), heading=Text("Geschiedenis", "History"), events=HAPPENED, older_url="/module_history"
    ),
}
