"""Issuing a chain mandate in steps (M-34): intermediary, scope, level and period, confirmation, and what to tell whom.

Every step is a GET with all that was filled in before, so going back finds it there, and nothing needs a script. Each
looks at the steps before it again: whoever changes an address lands on the step that is wrong. Only the last is a POST.
"""

from typing import Any, Final

from flask import redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from broker.core.administration.dossiers import Priority
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.trade_register import Extract
from broker.core.assurance import AssuranceLevel
from broker.core.identifiers import KvkNumber
from broker.core.mandates import MAX_YEARS, ChainStatus
from broker.core.scope import EVERYTHING, Scope
from broker.core.search import folded
from broker.core.text import Text
from broker.core.validity import years_later
from broker.simulator.administration import granting, mandates
from broker.simulator.administration.granting import Asked
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import frame, scope_words, visit
from broker.web.management.forms import UNPROCESSABLE, DayField, ModuleForm, Required, kvk_number
from broker.web.management.register_pages import Change, ChooseScope, Done, Fact, ScopeChoice, Way
from broker.web.management.routes import blueprint
from broker.web.management.showing import BACK, CANCEL, fact, facts_of, told

_SEE_OTHER: Final = 303
_WITHIN: Final = "management.granted"
ALL, PROVIDERS, SERVICES = "all", "providers", "services"
_ISSUE: Final = Text("Ketenmachtiging afgeven", "Issue a chain mandate")
_GO_ON: Final = Text("Ga verder", "Go on")


class IntermediaryForm(ModuleForm):
    """Step 1: to whom."""

    number = StringField(
        Text("KvK-nummer van de intermediair", "KvK number of the intermediary"),
        [kvk_number],
        description=Text("8 cijfers, bijvoorbeeld 68750110", "8 digits, 68750110 for example"),
    )


class ScopeForm(ModuleForm):
    """Step 2: for what."""

    kind = RadioField(
        Text("Waarvoor geldt de machtiging?", "What does the mandate cover?"),
        [Required(Text("Kies waarvoor de machtiging geldt.", "Choose what the mandate covers."))],
        choices=[
            SelectChoice(
                ALL, Text("Algemene bevoegdheid: alles, nu en later", "General authority: everything, now and later")
            ),
            SelectChoice(
                PROVIDERS,
                Text(
                    "Dienstverlenersmachtiging: alle diensten van een dienstverlener, ook nieuwe",
                    "Provider-wide mandate: all services of a provider, new ones too",
                ),
            ),
            SelectChoice(SERVICES, Text("Per dienst", "Service by service")),
        ],
        validate_choice=False,
    )
    provider = SelectMultipleField(Text("Dienstverleners", "Service providers"), validate_choice=False)
    service = SelectMultipleField(Text("Diensten", "Services"), validate_choice=False)

    def scope(self) -> Scope | None:
        """The scope that was chosen; None, with what is wrong at its field, when there is none."""
        if not self.validate():
            return None
        if self.kind.data == ALL:
            return EVERYTHING
        catalogue = simulator().catalogue
        if self.kind.data == PROVIDERS:
            providers = frozenset(oin for oin in scope_words.providers(catalogue) if oin in self.provider.data)
            if providers:
                return Scope(providers=providers)
            self.refuse("provider", Text("Kies ten minste één dienstverlener.", "Choose at least one provider."))
            return None
        services = frozenset(uuid for uuid in scope_words.services(catalogue) if uuid in self.service.data)
        if services:
            return Scope(services=services)
        self.refuse("service", Text("Kies ten minste één dienst.", "Choose at least one service."))
        return None


class TermsForm(ModuleForm):
    """Step 3: at which level, and for how long."""

    level = RadioField(
        Text("Betrouwbaarheidsniveau", "Level of assurance"),
        [Required(Text("Kies een niveau.", "Choose a level."))],
        description=Text(
            "De machtiging werkt bij diensten die dit niveau of een lager niveau vragen.",
            "The mandate works at services that ask for this level or a lower one.",
        ),
        validate_choice=False,
    )
    valid_from = DayField(Text("Eerste dag", "First day"))
    valid_until = DayField(
        Text("Laatste dag", "Last day"),
        description=Text("Ten hoogste vijf jaar na de eerste dag.", "Five years after the first day at most."),
    )
    urgent = BooleanField(
        Text(
            "Spoed: een beoordeling is binnen één werkdag klaar",
            "Urgent: a review is done within one working day",
        )
    )


_STEP_1, _STEP_2, _STEP_3 = (
    ("number",),
    ("kind", "provider", "service"),
    ("level", "valid_from", "valid_until", "urgent"),
)


@blueprint.get("/afgeven")
def issue() -> Response:
    """Step 1: the KvK number of the intermediary."""
    granting.own_organisation(simulator(), visit.actor())
    return _ask_number(IntermediaryForm(request.args))


@blueprint.get("/afgeven/reikwijdte")
def issue_scope() -> Response:
    """Step 2: the intermediary as KVK has it, and what the mandate covers."""
    form = IntermediaryForm(request.args)
    extract = _intermediary(form)
    return _ask_scope(extract, ScopeForm(request.args)) if extract else _ask_number(form, UNPROCESSABLE)


@blueprint.get("/afgeven/periode")
def issue_terms() -> Response:
    """Step 3: level and period."""
    checked = _first_two(request.args)
    if isinstance(checked, Response):
        return checked
    terms = TermsForm(request.args)
    _offer_levels(terms)
    today = visit.visitor().day
    if "level" not in request.args:
        terms.level.data = _levels()[0].value
    if "valid_from" not in request.args:
        terms.valid_from.data, terms.valid_until.data = today, years_later(today, MAX_YEARS)
    return _ask_terms(terms)


@blueprint.get("/afgeven/controleren")
def issue_confirm() -> Response:
    """Step 4: everything once more, to be confirmed."""
    checked = _all_steps(request.args)
    return checked if isinstance(checked, Response) else _ask_confirmation(*checked)


@blueprint.post("/afgeven")
def issue_now() -> Response:
    """Issue the mandate."""
    checked = _all_steps(request.form)
    if isinstance(checked, Response):
        return checked
    extract, scope, terms = checked
    asked = Asked(
        intermediary=extract.kvk_number,
        scope=scope,
        level=AssuranceLevel(terms.level.data),
        valid_from=terms.valid_from.data,
        valid_until=terms.valid_until.data,
        priority=Priority.URGENT if terms.urgent.data else Priority.NORMAL,
    )
    try:
        made = granting.issue(simulator(), visit.actor(), asked)
    except ChangeRefused as error:
        return _refused(error, extract, terms)
    return redirect(url_for("management.issued", mandate_id=made.mandate.id), _SEE_OTHER)


@blueprint.get("/afgegeven/<mandate_id>")
def issued(mandate_id: str) -> Response:
    """What was issued, and the four facts that the intermediary needs (Informeer uw intermediair)."""
    looked = mandates.look(simulator(), visit.actor(), mandate_id)
    client, other = looked.client, looked.intermediary
    active = looked.status is ChainStatus.ACTIVE
    lead = (
        Text("De machtiging is actief.", "The mandate is active.")
        if active
        else Text(
            "De machtiging is nog niet actief. Op haar pagina ziet u waar zij op wacht.",
            "The mandate is not active yet. Its page shows what it waits for.",
        )
    )
    lines = scope_words.in_full(simulator().catalogue, looked.filed.mandate.scope)
    recipient = Text("KvK-nummer van de ontvanger", "KvK number of the recipient")
    back = Text("Naar verleende ketenmachtigingen", "To chain mandates granted")
    register = simulator().client_register.entity_id
    return pages.render(
        Done(
            **frame.values(_WITHIN),
            heading=Text("De ketenmachtiging is afgegeven", "The chain mandate was issued"),
            lead=(lead,),
            next_heading=Text("Informeer uw intermediair", "Inform your intermediary"),
            next_lead=Text(
                "Uw intermediair krijgt geen bericht van ons. Geef deze vier gegevens zelf door.",
                "Your intermediary gets no message from us. Pass on these four facts yourself.",
            ),
            facts=(
                fact(Text("Uw KvK-nummer", "Your KvK number"), client.kvk_number, client.statutory_name),
                fact(recipient, other.kvk_number, other.statutory_name),
                fact(Text("Diensten", "Services"), *lines),
                fact(Text("Geregistreerd bij", "Registered with"), simulator().name, register),
            ),
            ways=(
                Way(name=Text("Bekijk de machtiging", "Look at the mandate"), address=_mandate(mandate_id)),
                Way(name=back, address=url_for(_WITHIN)),
            ),
        )
    )


def _mandate(mandate_id: str) -> str:
    return url_for("management.mandate", mandate_id=mandate_id)


def _levels() -> list[AssuranceLevel]:
    """What the manager may register (I4), the lowest first."""
    own, least = visit.actor().own_level, simulator().register_policy.chain_level
    return [level for level in AssuranceLevel if (own is None or level <= own) and (least is None or level >= least)]


def _offer_levels(form: TermsForm) -> None:
    form.level.choices = [SelectChoice(level.value, level.label) for level in _levels()]


def _intermediary(form: IntermediaryForm) -> Extract | None:
    if not form.validate():
        return None
    try:
        return granting.intermediary(simulator(), visit.actor(), KvkNumber(form.number.data))
    except ChangeRefused as error:
        if error.obstacle in (Obstacle.CHAIN_NEEDS_EH3, Obstacle.NOT_A_MANAGER):
            raise
        form.refuse("number", told(error))
        return None


def _first_two(values: MultiDict[str, str]) -> tuple[Extract, Scope] | Response:
    number, scope_form = IntermediaryForm(values), ScopeForm(values)
    extract = _intermediary(number)
    if extract is None:
        return _ask_number(number, UNPROCESSABLE)
    scope = scope_form.scope()
    return (extract, scope) if scope else _ask_scope(extract, scope_form, UNPROCESSABLE)


def _all_steps(values: MultiDict[str, str]) -> tuple[Extract, Scope, TermsForm] | Response:
    checked = _first_two(values)
    if isinstance(checked, Response):
        return checked
    terms = TermsForm(values)
    _offer_levels(terms)
    known = {level.value for level in _levels()}
    if not terms.validate():
        return _ask_terms(terms, UNPROCESSABLE)
    if terms.level.data not in known:
        terms.refuse("level", Text("Kies een niveau uit de lijst.", "Choose a level from the list."))
    _check_period(terms)
    return _ask_terms(terms, UNPROCESSABLE) if terms.mistakes else (*checked, terms)


def _check_period(terms: TermsForm) -> None:
    first, last = terms.valid_from.data, terms.valid_until.data
    if first < visit.visitor().day:
        terms.refuse("valid_from", Text("Kies vandaag of een latere dag.", "Choose today or a later day."))
    if last < first:
        terms.refuse(
            "valid_until", Text("Kies een dag op of na de eerste dag.", "Choose a day on or after the first day.")
        )
    elif last > years_later(first, MAX_YEARS):
        terms.refuse(
            "valid_until",
            Text("Kies een dag binnen vijf jaar na de eerste dag.", "Choose a day within five years of the first day."),
        )


def _filled(*names: str) -> dict[str, Any]:
    """What was filled in under these names, as an address or a form carries it along."""
    return {name: values for name in names if (values := [value for value in request.values.getlist(name) if value])}


def _refused(error: ChangeRefused, extract: Extract, terms: TermsForm) -> Response:
    """Back to the step at which something can be done about it."""
    match error.obstacle:
        case Obstacle.ABOVE_OWN_LEVEL | Obstacle.LEVEL_TOO_LOW:
            terms.refuse("level", told(error))
        case Obstacle.PERIOD_TOO_LONG | Obstacle.PERIOD_REVERSED | Obstacle.PERIOD_IN_THE_PAST:
            terms.refuse("valid_until", told(error))
        case Obstacle.ALREADY_THERE | Obstacle.SCOPE_UNKNOWN:
            form = ScopeForm(request.form)
            form.refuse("kind", told(error))
            return _ask_scope(extract, form, UNPROCESSABLE)
        case _:
            raise error
    return _ask_terms(terms, UNPROCESSABLE)


def _ask_number(form: IntermediaryForm, status: int = 200) -> Response:
    return pages.render(
        Change(
            **frame.values(_WITHIN),
            heading=_ISSUE,
            lead=(
                Text(
                    "U machtigt een intermediair, bijvoorbeeld uw accountant, om namens uw organisatie in te loggen. "
                    "Stap 1 van 4: wie is de intermediair?",
                    "You authorise an intermediary, such as your accountant, to log in on behalf of your "
                    "organisation. Step 1 of 4: who is the intermediary?",
                ),
            ),
            form=form,
            given={},
            action=url_for("management.issue_scope"),
            method="get",
            button=_GO_ON,
            back=Way(name=CANCEL, address=url_for(_WITHIN)),
        ),
        status,
    )


def _ask_scope(extract: Extract, form: ScopeForm, status: int = 200) -> Response:
    catalogue, typed = simulator().catalogue, request.values.get("q", "")
    ticked = set(request.values.getlist("service"))
    words = folded(typed).split()
    known = scope_words.services(catalogue)
    found = {
        uuid
        for uuid, one in known.items()
        if all(word in folded(f"{one.name.nl} {one.name.en} {one.provider_name.nl}") for word in words)
    }
    chosen = set(request.values.getlist("provider"))
    return pages.render(
        ChooseScope(
            **frame.values(_WITHIN),
            form=form,
            facts=facts_of(extract),
            given=_filled(*_STEP_1, *_STEP_3),
            providers=tuple(
                ScopeChoice(value=oin, name=name, note=None, ticked=oin in chosen)
                for oin, name in scope_words.providers(catalogue).items()
            ),
            services=tuple(
                ScopeChoice(value=uuid, name=one.name, note=one.provider_name, ticked=uuid in ticked)
                for uuid, one in known.items()
                if uuid in found or uuid in ticked
            ),
            query=typed,
            found=len(found),
            search_url=url_for("management.issue_scope"),
            next_url=url_for("management.issue_terms"),
            back=Way(name=BACK, address=url_for("management.issue", **_filled(*_STEP_1))),
        ),
        status,
    )


def _ask_terms(form: TermsForm, status: int = 200) -> Response:
    return pages.render(
        Change(
            **frame.values(_WITHIN),
            heading=Text("Niveau en periode", "Level and period"),
            lead=(
                Text(
                    "Stap 3 van 4: op welk niveau, en hoe lang?",
                    "Step 3 of 4: at which level, and for how long?",
                ),
            ),
            form=form,
            given=_filled(*_STEP_1, *_STEP_2),
            action=url_for("management.issue_confirm"),
            method="get",
            button=_GO_ON,
            back=Way(name=BACK, address=url_for("management.issue_scope", **_filled(*_STEP_1, *_STEP_2, *_STEP_3))),
        ),
        status,
    )


def _ask_confirmation(extract: Extract, scope: Scope, terms: TermsForm) -> Response:
    lines = scope_words.in_full(simulator().catalogue, scope)
    priority = Text("Ja", "Yes") if terms.urgent.data else Text("Nee", "No")
    facts: tuple[Fact, ...] = (
        *facts_of(extract),
        fact(Text("Geldt voor", "Covers"), *lines),
        fact(Text("Niveau", "Level"), AssuranceLevel(terms.level.data).label),
        fact(Text("Geldig vanaf", "Valid from"), terms.valid_from.data),
        fact(Text("Geldig tot en met", "Valid until"), terms.valid_until.data),
        fact(Text("Spoed", "Urgent"), priority),
    )
    every = (*_STEP_1, *_STEP_2, *_STEP_3)
    return pages.render(
        Change(
            **frame.values(_WITHIN),
            heading=Text("Klopt alles?", "Is everything right?"),
            lead=(
                Text(
                    "Stap 4 van 4. Hiermee kan deze intermediair namens uw organisatie inloggen.",
                    "Step 4 of 4. With this the intermediary can log in on behalf of your organisation.",
                ),
            ),
            facts=facts,
            form=ModuleForm(),
            given=_filled(*every),
            action=url_for("management.issue_now"),
            button=Text("Geef de machtiging af", "Issue the mandate"),
            back=Way(name=BACK, address=url_for("management.issue_terms", **_filled(*every))),
        )
    )
