"""Inviting a client in steps (M-31): whom, for what, on which terms, confirmation.

As for issuing, every step is a GET with all that was filled in before, and only the last is a POST. With `spoed=ja` in
the address the urgent procedure is chosen already, so that it can be started by a link (M-45).
"""

from typing import Final

from flask import redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from broker.core.administration import scope_words
from broker.core.administration.dossiers import Priority
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.assurance import AssuranceLevel
from broker.core.scope import Scope
from broker.core.text import LANGUAGES, Text
from broker.simulator.administration import granting
from broker.simulator.administration import inviting as register
from broker.simulator.administration.inviting import LookedUp, Request
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import frame, scope_choices, visit
from broker.web.management.forms import UNPROCESSABLE, ModuleForm
from broker.web.management.invitation_forms import ClientForm, RequestForm
from broker.web.management.invitations import WITHIN, urgent_address
from broker.web.management.issuing_forms import ScopeForm
from broker.web.management.register_pages import Change, ChooseScope, Fact, Way
from broker.web.management.routes import blueprint
from broker.web.management.showing import BACK, CANCEL, fact, facts_of, told
from broker.web.management.steps import filled, looked_up

_SEE_OTHER: Final = 303
_URGENT: Final = "spoed"
_STEP_1: Final = ("number", _URGENT)
_STEP_2: Final = ("kind", "provider", "service")
_STEP_3: Final = ("email", "contact", "language", "level", "valid_until", "reference", "urgent")
_GO_ON: Final = Text("Ga verder", "Continue")
_INVITE: Final = Text("Een klant uitnodigen", "Invite a client")
_ADVICE: Final = Text(
    "Iemand die voor deze klant tekent, woont in het buitenland. Wij raden de spoedprocedure aan: dan kan die persoon "
    "op afstand worden geïdentificeerd.",
    "Somebody who signs for this client lives abroad. We advise the urgent procedure: that person can then be "
    "identified remotely.",
)


@blueprint.get("/uitnodigen")
def invite() -> Response:
    """Step 1: the KvK number of the client."""
    granting.own_organisation(simulator(), visit.actor())
    return _ask_number(ClientForm(request.args))


@blueprint.get("/uitnodigen/reikwijdte")
def invite_scope() -> Response:
    """Step 2: the client as KVK has it, and what is asked for."""
    form = ClientForm(request.args)
    found = _looked_up(form)
    return _ask_scope(found, ScopeForm(request.args)) if found else _ask_number(form, UNPROCESSABLE)


@blueprint.get("/uitnodigen/gegevens")
def invite_terms() -> Response:
    """Step 3: whom to write to, level and period."""
    checked = _first_two(request.args)
    if isinstance(checked, Response):
        return checked
    form = RequestForm(request.args)
    if "valid_until" not in request.args:
        form.suggest(urgent=_URGENT in request.args)
    return _ask_terms(checked[0], form)


@blueprint.get("/uitnodigen/controleren")
def invite_confirm() -> Response:
    """Step 4: everything once more, to be confirmed."""
    checked = _all_steps(request.args)
    return checked if isinstance(checked, Response) else _ask_confirmation(*checked)


@blueprint.post("/uitnodigen")
def invite_now() -> Response:
    """Send the invitation."""
    checked = _all_steps(request.form)
    if isinstance(checked, Response):
        return checked
    found, scope, form = checked
    asked = Request(
        number=found.extract.kvk_number,
        email=form.email.data,
        contact=form.contact.data or "",
        scope=scope,
        level=AssuranceLevel(form.level.data),
        valid_until=form.valid_until.data,
        language=next(one for one in LANGUAGES if one == form.language.data),
        priority=Priority.URGENT if form.urgent.data else Priority.NORMAL,
        reference=form.reference.data or "",
    )
    try:
        made = register.invite(simulator(), visit.actor(), asked)
    except ChangeRefused as error:
        return _refused(error, found, form)
    name, address = found.extract.statutory_name, made.email
    visit.tell(
        Text(f"De uitnodiging aan {name} is verstuurd naar {address}.", f"The invitation to {name} went to {address}.")
    )
    return redirect(url_for("management.invitation", invitation_id=made.id), _SEE_OTHER)


def _looked_up(form: ClientForm) -> LookedUp | None:
    return looked_up(form, lambda number: register.look_up(simulator(), visit.actor(), number))


def _first_two(values: MultiDict[str, str]) -> tuple[LookedUp, Scope] | Response:
    number, scope_form = ClientForm(values), ScopeForm(values)
    found = _looked_up(number)
    if found is None:
        return _ask_number(number, UNPROCESSABLE)
    scope = scope_form.scope()
    return (found, scope) if scope else _ask_scope(found, scope_form, UNPROCESSABLE)


def _all_steps(values: MultiDict[str, str]) -> tuple[LookedUp, Scope, RequestForm] | Response:
    checked = _first_two(values)
    if isinstance(checked, Response):
        return checked
    form = RequestForm(values)
    return (*checked, form) if form.is_right() else _ask_terms(checked[0], form, UNPROCESSABLE)


def _refused(error: ChangeRefused, found: LookedUp, form: RequestForm) -> Response:
    """Back to the step at which something can be done about it."""
    match error.obstacle:
        case Obstacle.ABOVE_OWN_LEVEL | Obstacle.LEVEL_TOO_LOW:
            form.refuse("level", told(error))
        case Obstacle.PERIOD_TOO_LONG | Obstacle.PERIOD_IN_THE_PAST:
            form.refuse("valid_until", told(error))
        case Obstacle.ALREADY_THERE | Obstacle.ALREADY_INVITED | Obstacle.SCOPE_UNKNOWN:
            scope_form = ScopeForm(request.form)
            scope_form.refuse("kind", told(error))
            return _ask_scope(found, scope_form, UNPROCESSABLE)
        case _:
            raise error
    return _ask_terms(found, form, UNPROCESSABLE)


def _ask_number(form: ClientForm, status: int = 200) -> Response:
    urgent = _URGENT in request.values
    return pages.render(
        Change(
            **frame.values(WITHIN),
            heading=Text("Spoedprocedure: een klant uitnodigen", "Urgent procedure: invite a client")
            if urgent
            else _INVITE,
            lead=(
                Text(
                    "U vraagt uw klant om een ketenmachtiging. Uw klant heeft daarvoor geen eHerkenning nodig. "
                    "Stap 1 van 4: wie is uw klant?",
                    "You ask your client for a chain mandate. Your client needs no eHerkenning for that. "
                    "Step 1 of 4: who is your client?",
                ),
            ),
            form=form,
            given=filled(_URGENT),
            action=url_for("management.invite_scope"),
            method="get",
            button=_GO_ON,
            back=Way(name=CANCEL, address=url_for(WITHIN)),
        ),
        status,
    )


def _ask_scope(found: LookedUp, form: ScopeForm, status: int = 200) -> Response:
    offered = scope_choices.offered(request.values)
    return pages.render(
        ChooseScope(
            **frame.values(WITHIN),
            heading=Text("Wat vraagt u?", "What do you ask for?"),
            lead=Text(
                "Stap 2 van 4. Controleer eerst of dit de juiste klant is. Dit zijn de gegevens van KVK.",
                "Step 2 of 4. First check whether this is the right client. This is what KVK has.",
            ),
            form=form,
            facts=facts_of(found.extract),
            given=filled(*_STEP_1, *_STEP_3),
            providers=offered.providers,
            services=offered.services,
            query=offered.query,
            found=offered.found,
            search_url=url_for("management.invite_scope"),
            next_url=url_for("management.invite_terms"),
            back=Way(name=BACK, address=url_for("management.invite", **filled(*_STEP_1))),
        ),
        status,
    )


def _ask_terms(found: LookedUp, form: RequestForm, status: int = 200) -> Response:
    advised = found.advises_urgent and not form.urgent.data
    return pages.render(
        Change(
            **frame.values(WITHIN),
            heading=Text("Gegevens van de uitnodiging", "Data of the invitation"),
            lead=(
                Text(
                    "Stap 3 van 4: naar wie gaat de uitnodiging, en wat vraagt u?",
                    "Step 3 of 4: where does the invitation go, and what do you ask?",
                ),
            ),
            warning=_ADVICE if advised else None,
            form=form,
            given=filled(*_STEP_1, *_STEP_2),
            action=url_for("management.invite_confirm"),
            method="get",
            button=_GO_ON,
            back=Way(name=BACK, address=url_for("management.invite_scope", **filled(*_STEP_1, *_STEP_2, *_STEP_3))),
        ),
        status,
    )


def _ask_confirmation(found: LookedUp, scope: Scope, form: RequestForm) -> Response:
    every = (*_STEP_1, *_STEP_2, *_STEP_3)
    advised = found.advises_urgent and not form.urgent.data
    number = found.extract.kvk_number
    languages = {choice.value: choice.label for choice in form.language.iter_choices()}
    facts: tuple[Fact, ...] = (
        *facts_of(found.extract),
        fact(Text("E-mailadres", "E-mail address"), form.email.data, form.contact.data or None),
        fact(Text("Taal van de mails", "Language of the mails"), languages[form.language.data]),
        fact(Text("Geldt voor", "Covers"), *scope_words.in_full(simulator().catalogue, scope)),
        fact(Text("Niveau", "Level"), AssuranceLevel(form.level.data).label),
        fact(Text("Geldig tot en met", "Valid until"), form.valid_until.data),
        fact(Text("Spoed", "Urgent"), Text("Ja", "Yes") if form.urgent.data else Text("Nee", "No")),
        *([fact(Text("Uw referentie", "Your reference"), form.reference.data)] if form.reference.data else []),
    )
    return pages.render(
        Change(
            **frame.values(WITHIN),
            heading=Text("Klopt alles?", "Is everything right?"),
            lead=(
                Text(
                    "Stap 4 van 4. Uw klant krijgt een mail met een link, en kan daarmee antwoord geven.",
                    "Step 4 of 4. Your client gets a mail with a link, and can answer by it.",
                ),
            ),
            warning=_ADVICE if advised else None,
            facts=facts,
            form=ModuleForm(),
            given=filled(*every),
            action=url_for("management.invite_now"),
            button=Text("Verstuur de uitnodiging", "Send the invitation"),
            back=Way(name=BACK, address=url_for("management.invite_terms", **filled(*every))),
            way=Way(name=Text("Begin de spoedprocedure", "Start the urgent procedure"), address=urgent_address(number))
            if advised
            else None,
        )
    )
