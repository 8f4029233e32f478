"""Logins of which it is written down what the person chooses: the choices are made, everything else is as ever.

What the person does at the authentication service goes along with the question (`broker.web.asking`).
"""

import structlog
from werkzeug.wrappers import Response

from broker.core.login import Login, Step
from broker.core.script import Point, Screen, Script
from broker.simulator import authentication, issuing, statuses
from broker.simulator.control import scripting
from broker.simulator.issuing import Refused
from broker.web.asking import send, told
from broker.web.current import browser, simulator
from broker.web.delivery import deliver
from broker.web.language import current_language

log = structlog.get_logger("broker")


def act(login: Login, script: Script) -> Response | None:
    """What comes of the choice that the script makes at this step; None leaves it to whoever sits at the screen."""
    match login.step:
        case Step.AUTHENTICATE if script.cancel_at is Screen.AUTHENTICATION_SERVICE:
            return stop(login)
        case Step.AUTHENTICATE:
            return _ask(login, script)
        case Step.REPRESENT if script.cancel_at is Screen.ORGANISATION:
            return stop(login)
        case Step.REPRESENT if script.chooses_organisation:
            return _choose(login, script)
        case _:
            return None


def stop(login: Login, *, refused: bool = False) -> Response:
    """The person stops, or goes back because they are refused: the service provider is told."""
    said = login.arrival.declined if login.arrival else None
    if said is None:
        delivery = issuing.cancel(simulator(), login.id, browser(), refused_in=current_language() if refused else None)
    else:
        delivery = issuing.end(simulator(), login.id, browser(), "declined", statuses.declined(said or None))
    log.info("login.scripted", login=login.id, did="stop")
    return deliver(delivery, by_page=True)


def _ask(login: Login, script: Script) -> Response | None:
    options = [item.entity_id for item in authentication.options(simulator(), login)]
    issued_by = scripting.service_of(simulator(), script)
    if issued_by in options:
        return send(login, issued_by)
    return send(login, options[0]) if options and told(script) else None


def _choose(login: Login, script: Script) -> Response | None:
    sim = simulator()
    chosen = scripting.choose(sim, login, script)
    if chosen is None:
        return None
    outcome = issuing.issue_over(sim, login.id, browser(), chosen.reference)
    if isinstance(outcome, Refused):
        log.warning("login.denied", login=login.id, reason=outcome.denied.reason.value)
        return stop(outcome.login, refused=True)
    if script.revoke_after is Point.ANSWER_ISSUED:
        scripting.revoke(sim, login, chosen)
    log.info("login.granted", login=login.id, scripted=True)
    return deliver(outcome, by_page=True)
