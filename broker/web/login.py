"""The screens of a login. `show` is the only page of its own: it looks at where the login is and shows what is next."""

from datetime import date, datetime, timedelta
from typing import Final, TypedDict

import structlog
from flask import Blueprint, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from broker.core.decision import Candidate
from broker.core.errors import SimulatorError, StepOutOfOrder
from broker.core.explanations import PART_NAMES, explain
from broker.core.links import DirectLink
from broker.core.login import Login, Step
from broker.core.refusals import Denied
from broker.core.text import Language, Text
from broker.saml.response import Status
from broker.simulator import authentication, issuing, pending, representation, statuses
from broker.simulator.issuing import Refused
from broker.simulator.representation import Choice, NothingToChoose, Selection
from broker.web import errors, pages, remembered
from broker.web.current import browser, remembered_browser, renew_browser, simulator
from broker.web.delivery import deliver
from broker.web.language import current_language

blueprint = Blueprint("login", __name__, url_prefix="/login/<login_id>")
log = structlog.get_logger("broker")

_SEE_OTHER: Final = 303
_TICK: Final = "remember"
_EXPIRES_SOON: Final = timedelta(days=60)


@blueprint.get("")
def show(login_id: str) -> Response:
    """The next screen of the login, whatever it is."""
    login = pending.bound(simulator(), login_id, remembered_browser())
    token = request.args.get("arrival")
    if login.step is Step.AUTHENTICATE and token is not None:
        if authentication.was_refused(login, token):
            return _stopped(login)
        renewed = simulator().ids.token()
        login = authentication.accept(simulator(), login_id, browser(), token, renewed)
        renew_browser(login_id, renewed)
        log.info("login.authenticated", login=login_id)
    match login.step:
        case Step.AUTHENTICATE:
            return _authenticate(login)
        case Step.REPRESENT:
            return _represent(login)
        case Step.ANSWERED:
            return pages.render(pages.Finished(asked=_asked(login)))


@blueprint.post("/authenticate")
def authenticate(login_id: str) -> Response:
    """Go to the chosen authentication service, or back to the choice."""
    login = pending.find(simulator(), login_id, browser())
    choice = request.form.get("choice")
    if not choice:
        return _authenticate(login, nothing_chosen="again" not in request.args)
    response = _send(login, choice)
    if simulator().remember_choice and len(authentication.options(simulator(), login)) > 1:
        remembered.remember(response, choice) if _TICK in request.form else remembered.forget(response)
    return response


@blueprint.post("/again")
def again(login_id: str) -> Response:
    """Authenticate again, with other means."""
    return _authenticate(authentication.restart(simulator(), login_id, browser()))


@blueprint.post("/choose")
def choose(login_id: str) -> Response:
    """Act for the chosen organisation: decided once more, then delivered."""
    token = request.form.get("choice")
    if not token:
        return _represent(pending.find(simulator(), login_id, browser()), nothing_chosen=True)
    outcome = issuing.issue(simulator(), login_id, browser(), token)
    if isinstance(outcome, Refused):
        log.warning("login.denied", login=login_id, reason=outcome.denied.reason.value)
        return _refusal(outcome.login, outcome.denied, organisation=outcome.organisation, others=True)
    log.info("login.granted", login=login_id)
    return deliver(outcome)


@blueprint.post("/cancel")
def cancel(login_id: str) -> Response:
    """The person stops, or goes back after a refusal."""
    return _cancel(login_id, refused_in=current_language() if "refused" in request.args else None)


@blueprint.errorhandler(Exception)
def _failed(error: Exception) -> Response:
    """A failure of our own ends the login, and the service provider hears so (etd Error handling: Responder)."""
    page = errors.answer(error)
    if isinstance(error, SimulatorError | HTTPException):
        return page
    try:
        return _end((request.view_args or {})["login_id"], "failed", simulator().statuses.failed)
    except Exception:
        log.exception("login.not_ended")
        return page


@blueprint.errorhandler(StepOutOfOrder)
def _out_of_order(error: StepOutOfOrder) -> Response:
    """Of a double click the browser shows the second answer: when the first one ended the login, that is no error."""
    login = pending.find(simulator(), (request.view_args or {})["login_id"], browser())
    if login.step is not Step.ANSWERED:
        return errors.explain(error)
    log.info("login.repeated", login=login.id)
    return redirect(_url("show", login), _SEE_OTHER)


def _cancel(login_id: str, *, refused_in: Language | None = None) -> Response:
    delivery = issuing.cancel(simulator(), login_id, browser(), refused_in=refused_in)
    log.info("login.cancelled", login=login_id)
    return deliver(delivery)


def _end(login_id: str, why: str, status: Status) -> Response:
    delivery = issuing.end(simulator(), login_id, browser(), why, status)
    log.info(f"login.{why}", login=login_id)
    return deliver(delivery)


def _authenticate(login: Login, *, nothing_chosen: bool = False) -> Response:
    options = authentication.options(simulator(), login)
    if len(options) == 1:
        return _send(login, options[0].entity_id)
    remembering = simulator().remember_choice
    return pages.render(
        pages.ChooseAuthenticationService(
            **_step(login),
            options=tuple(pages.Option(value=item.entity_id, name=item.names) for item in options),
            choose_url=_url("authenticate", login),
            nothing_chosen=nothing_chosen,
            chosen_before=remembered.chosen_before(item.entity_id for item in options) if remembering else None,
            remember=(not nothing_chosen or _TICK in request.form) if remembering else None,
        )
    )


def _send(login: Login, entity_id: str) -> Response:
    question = authentication.ask(simulator(), login.id, browser(), entity_id)
    name = question.authentication_service.names
    return pages.render(
        pages.SendForm(
            heading=Text(f"U gaat naar {name.nl}", f"You go to {name.en}"),
            target=question.authentication_service.sso_location,
            fields={"SAMLRequest": question.saml_request, "RelayState": question.relay_state},
            form_targets=_targets(login),
        )
    )


def _stopped(login: Login) -> Response:
    """Nobody was authenticated: offer another authentication service if there is one, else tell the sender."""
    options = authentication.options(simulator(), login)
    said = login.arrival.declined if login.arrival else None
    if len(options) == 1 or login.sent is None:
        return _cancel(login.id) if said is None else _end(login.id, "declined", statuses.declined(said or None))
    service = simulator().authentication_services[login.sent.authentication_service]
    return pages.render(
        pages.AuthenticationCancelled(
            **_step(login),
            authentication_service=service.names,
            said=said,
            again_url=url_for("login.authenticate", login_id=login.id, again=1),
            others_available=True,
        )
    )


def _represent(login: Login, *, nothing_chosen: bool = False) -> Response:
    typed = request.args.get("q", "")
    number = request.args.get("page", 1, type=int)
    found = representation.selection(simulator(), login, typed, number)
    if isinstance(found, NothingToChoose):
        log.warning("login.denied", login=login.id, reason=found.denied.reason.value)
        return _refusal(login, found.denied, person=found.person)
    if found.is_only_one:
        return pages.render(
            pages.ConfirmRepresentation(
                **_step(login),
                person=found.question.in_use.person.display_name,
                candidate=_representation(found, found.choices[0]),
                choose_url=_url("choose", login),
                other_means_url=_url("again", login) if found.more_with_higher_means else None,
            )
        )
    return _choose_representation(login, found, typed, nothing_chosen=nothing_chosen)


def _choose_representation(login: Login, found: Selection, typed: str, *, nothing_chosen: bool) -> Response:
    own = [item for item in found.choices if isinstance(item.candidate.link, DirectLink)]
    clients = [item for item in found.choices if not isinstance(item.candidate.link, DirectLink)]
    return pages.render(
        pages.ChooseRepresentation(
            **_step(login),
            person=found.question.in_use.person.display_name,
            own=tuple(_representation(found, item) for item in own),
            clients=tuple(_representation(found, item) for item in clients),
            results=pages.Results(total=found.total, number=found.page),
            query=typed,
            list_url=_url("show", login),
            choose_url=_url("choose", login),
            nothing_chosen=nothing_chosen,
        )
    )


def _representation(found: Selection, choice: Choice) -> pages.Representation:
    candidate = choice.candidate
    return pages.Representation(
        token=choice.token,
        name=candidate.organisation.statutory_name,
        kvk_number=candidate.organisation.kvk_number,
        city=candidate.organisation.city,
        level=candidate.effective_level,
        valid_until=candidate.link.valid_until,
        expires_soon=_expires_soon(candidate, found.question.day),
        intermediary=candidate.intermediary.statutory_name if candidate.intermediary else None,
        branch=candidate.link.mandate.branch if isinstance(candidate.link, DirectLink) else None,
    )


def _expires_soon(candidate: Candidate, today: date) -> bool:
    return candidate.link.valid_until < today + _EXPIRES_SOON


def _refusal(
    login: Login, denied: Denied, *, person: str | None = None, organisation: str | None = None, others: bool = False
) -> Response:
    words, step = explain(denied.reason), _step(login)
    step["cancel_url"] = url_for("login.cancel", login_id=login.id, refused=1)
    return pages.render(
        pages.Refusal(
            **step,
            reason=_with_weakest(words.reason, denied),
            next_step=words.next_step,
            code=denied.reason.value,
            person=person,
            organisation=organisation,
            other_means_url=_url("again", login),
            other_organisation_url=_url("show", login) if others else None,
        )
    )


def _with_weakest(reason: Text, denied: Denied) -> Text:
    if denied.weakest is None:
        return reason
    part = PART_NAMES[denied.weakest]
    return Text(f"{reason.nl} Het laagste niveau heeft {part.nl}.", f"{reason.en} The lowest is that of {part.en}.")


class _StepValues(TypedDict):
    asked: pages.ServiceAsked
    cancel_url: str
    hidden: dict[str, str]
    form_targets: tuple[str, ...]
    finish_before: datetime


def _step(login: Login) -> _StepValues:
    """What every step of a login shows. A form may end up at the service provider, to which the answer is sent."""
    return {
        "asked": _asked(login),
        "cancel_url": _url("cancel", login),
        "hidden": {"csrf_token": generate_csrf()},
        "form_targets": _targets(login),
        "finish_before": login.expires_at,
    }


def _asked(login: Login) -> pages.ServiceAsked:
    service = simulator().catalogue.find(login.asked.service_id)
    if service is None:  # withdrawn while the person was busy
        unnamed = Text(login.asked.service_id, login.asked.service_id)
        return pages.ServiceAsked(service=unnamed, provider=unnamed, level=login.asked.level)
    return pages.ServiceAsked(
        service=service.name,
        provider=service.provider_name,
        level=login.asked.level,
        provider_name=service.provider_called(login.asked.provider_name) if login.asked.provider_name else None,
        description=service.description,
    )


def _targets(login: Login) -> tuple[str, ...]:
    return (login.asked.addressed.consumer_location,)


def _url(endpoint: str, login: Login) -> str:
    return url_for(f"login.{endpoint}", login_id=login.id)
