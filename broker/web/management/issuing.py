"""Issuing a chain mandate in steps (M-34): intermediary, scope, level and period, confirmation, and what to tell whom.

Every step is a GET with all that was filled in before, so going back finds it there, and nothing needs a script. Each
looks at the steps before it again: whoever changes an address lands on the step that is wrong. Only the last is a POST.
"""

from typing import Final

from flask import redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from broker.core.administration import scope_words
from broker.core.administration.dossiers import Priority
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.trade_register import Extract
from broker.core.assurance import AssuranceLevel
from broker.core.mandates import ChainStatus
from broker.core.scope import Scope
from broker.core.text import Text
from broker.simulator.administration import granting, mandates
from broker.simulator.administration.granting import Asked
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import frame, scope_choices, visit
from broker.web.management.forms import UNPROCESSABLE, ModuleForm
from broker.web.management.issuing_forms import IntermediaryForm, ScopeForm, TermsForm
from broker.web.management.register_pages import Change, ChooseScope, Done, Fact, Way
from broker.web.management.routes import blueprint
from broker.web.management.showing import BACK, CANCEL, fact, facts_of, told
from broker.web.management.steps import filled, looked_up

_SEE_OTHER: Final = 303
_WITHIN: Final = "management.granted"
_ISSUE: Final = Text("Ketenmachtiging afgeven", "Issue a chain mandate")
_GO_ON: Final = Text("Ga verder", "Continue")


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
    if "valid_from" not in request.args:
        terms.suggest()
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


def _intermediary(form: IntermediaryForm) -> Extract | None:
    return looked_up(form, lambda number: granting.intermediary(simulator(), visit.actor(), number))


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
    return (*checked, terms) if terms.is_right() else _ask_terms(terms, UNPROCESSABLE)


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
    offered = scope_choices.offered(request.values)
    return pages.render(
        ChooseScope(
            **frame.values(_WITHIN),
            heading=Text("Wat mag de intermediair?", "What may the intermediary do?"),
            lead=Text(
                "Stap 2 van 4. Controleer eerst of dit de juiste intermediair is. Dit zijn de gegevens van KVK.",
                "Step 2 of 4. First check whether this is the right intermediary. This is what KVK has.",
            ),
            form=form,
            facts=facts_of(extract),
            given=filled(*_STEP_1, *_STEP_3),
            providers=offered.providers,
            services=offered.services,
            query=offered.query,
            found=offered.found,
            search_url=url_for("management.issue_scope"),
            next_url=url_for("management.issue_terms"),
            back=Way(name=BACK, address=url_for("management.issue", **filled(*_STEP_1))),
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
            given=filled(*_STEP_1, *_STEP_2),
            action=url_for("management.issue_confirm"),
            method="get",
            button=_GO_ON,
            back=Way(name=BACK, address=url_for("management.issue_scope", **filled(*_STEP_1, *_STEP_2, *_STEP_3))),
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
            given=filled(*every),
            action=url_for("management.issue_now"),
            button=Text("Geef de machtiging af", "Issue the mandate"),
            back=Way(name=BACK, address=url_for("management.issue_terms", **filled(*every))),
        )
    )
