"""The screens of a login. `show` is the only page of its own: it looks at where the login is and shows what is next."""

from typing import Final

import structlog
from flask import Blueprint, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from broker.core.errors import SimulatorError, StepOutOfOrder
from broker.core.login import Login, Step, digest_of
from broker.core.text import Language
from broker.saml.response import Status
from broker.simulator import authentication, issuing, pending, statuses
from broker.web import errors, pages, remembered, represent, scripted
from broker.web.asking import send
from broker.web.current import browser, remembered_browser, renew_browser, simulator
from broker.web.delivery import deliver
from broker.web.language import current_language
from broker.web.steps import address, service_asked, step_values

blueprint = Blueprint("login", __name__, url_prefix="/login/<login_id>")
log = structlog.get_logger("broker")

_SEE_OTHER: Final = 303
_TICK: Final = "remember"


@blueprint.get("")
def show(login_id: str) -> Response:
    """The next screen of the login, whatever it is."""
    login = pending.bound(simulator(), login_id, remembered_browser())
    token = request.args.get("arrival")
    if login.step is Step.AUTHENTICATE and token is not None:
        if authentication.was_refused(login, token):
            return scripted.stop(login) if login.script else _stopped(login)
        held = simulator().ids.token()
        login = authentication.accept(simulator(), login_id, browser(), token, digest_of(held))
        renew_browser(login_id, held)
        log.info("login.authenticated", login=login_id)
    if login.script is not None and (done := scripted.act(login, login.script)):
        return done
    match login.step:
        case Step.AUTHENTICATE:
            return _authenticate(login)
        case Step.REPRESENT:
            return represent.ask(login)
        case Step.ANSWERED:
            return pages.render(pages.Finished(asked=service_asked(login)))


@blueprint.post("/authenticate")
def authenticate(login_id: str) -> Response:
    """Go to the chosen authentication service, or back to the choice."""
    login = pending.find(simulator(), login_id, browser())
    choice = request.form.get("choice")
    if not choice:
        return _authenticate(login, nothing_chosen="again" not in request.args)
    response = send(login, choice)
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
        return represent.ask(pending.find(simulator(), login_id, browser()), nothing_chosen=True)
    return represent.act(login_id, token)


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
    return redirect(address(login, "login.show"), _SEE_OTHER)


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
        return send(login, options[0].entity_id)
    remembering = simulator().remember_choice
    return pages.render(
        pages.ChooseAuthenticationService(
            **step_values(login),
            options=tuple(pages.Option(value=item.entity_id, name=item.names) for item in options),
            choose_url=address(login, "login.authenticate"),
            nothing_chosen=nothing_chosen,
            chosen_before=remembered.chosen_before(item.entity_id for item in options) if remembering else None,
            remember=(not nothing_chosen or _TICK in request.form) if remembering else None,
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
            **step_values(login),
            authentication_service=service.names,
            said=said,
            again_url=address(login, "login.authenticate", again=1),
            others_available=True,
        )
    )
