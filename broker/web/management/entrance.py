"""In front of the door: what the Beheermodule is, logging in through our own broker, logging out."""

from typing import Final

import structlog
from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from broker.core.text import Text
from broker.simulator import module_entrance, module_sessions
from broker.simulator.administration import onboarding
from broker.simulator.module_entrance import NotLoggedIn
from broker.simulator.module_sessions import Ended, Ending, Visitor
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import visit
from broker.web.management.pages import Application, Front
from broker.web.management.routes import Opens, blueprint, hidden, opens_to, start, turn_away
from broker.web.saml import posted_fields

log = structlog.get_logger("broker")

_SEE_OTHER: Final = 303
_NOTICES: Final = {
    Ending.ABSENT.value: Text("Log in om verder te gaan.", "Log in to go on."),
    Ending.IDLE.value: Text(
        "U deed een tijd niets. Daarom bent u uitgelogd.",
        "You did nothing for a while, so you were logged out.",
    ),
    Ending.OVER.value: Text(
        "U was lang ingelogd. Log opnieuw in.",
        "You were logged in for long. Log in again.",
    ),
    "logout": Text("U bent uitgelogd.", "You are logged out."),
    "stopped": Text("U bent niet ingelogd: het inloggen is gestopt.", "You are not logged in: logging in was stopped."),
}


@blueprint.get("")
@opens_to(Opens.ANYBODY)
def front() -> Response:
    """What the Beheermodule is, and a button to log in; who is in already goes on."""
    found = module_sessions.current(simulator(), visit.token())
    if isinstance(found, Visitor):
        return redirect(url_for(start(found)), _SEE_OTHER)
    return pages.render(
        Front(
            login_url=url_for("management.login"),
            available=module_entrance.is_available(simulator()),
            notice=_NOTICES.get(request.args.get("ended", "")),
            hidden=hidden(),
        )
    )


@blueprint.get("/aanvragen")
@opens_to(Opens.ANYBODY)
def application() -> Response:
    """How to get regular means of EH3."""
    return pages.render(Application(login_url=url_for("management.login"), hidden=hidden()))


@blueprint.post("/login")
@opens_to(Opens.ANYBODY)
def login() -> Response:
    """Send the browser to the broker with a signed AuthnRequest, as any service provider does."""
    question = module_entrance.ask(simulator())
    visit.remember_asked(question.request_id)
    log.info("management.login", request=question.request_id)
    return pages.render(
        pages.SendForm(
            heading=Text("U gaat naar de makelaar om in te loggen", "You go to the broker to log in"),
            target=question.target,
            fields=question.fields,
        )
    )


@blueprint.route("/acs", methods=["GET", "POST"])
@opens_to(Opens.ANYBODY)
def consume() -> Response:
    """The broker's artifact, in the address or in a form: fetch the answer, verify it, and let the person in."""
    sim = simulator()
    fields = posted_fields() if request.method == "POST" else request.args.to_dict(flat=False)
    # Going back in the browser to this address is no new login.
    here = module_sessions.current(sim, visit.token())
    if not visit.asked() and isinstance(here, Visitor):
        return redirect(url_for(start(here)), _SEE_OTHER)
    answer = module_entrance.receive(sim, fields, visit.asked(), module_entrance.own_broker(sim))
    if isinstance(answer, NotLoggedIn):
        log.info("management.not_logged_in", status=answer.status.second, message=answer.status.message)
        return redirect(url_for("management.front", ended="stopped"), _SEE_OTHER)
    begun = module_sessions.begin(sim, answer, visit.token())
    if isinstance(begun, Ended):
        refusal = begun.denied.reason if begun.denied else begun.obstacle
        log.warning("management.refused", reason=refusal.value if refusal else begun.why.value)
        return turn_away(begun)
    wanted = visit.wanted()
    visit.enter(begun.token)
    onboarding.entered(sim, begun.visitor.admission.actor)
    log.info("management.entered", person=begun.visitor.in_use.person.id, level=begun.visitor.level.label)
    return redirect(wanted or url_for(start(begun.visitor)), _SEE_OTHER)


@blueprint.post("/logout")
@opens_to(Opens.ANYBODY)
def logout() -> Response:
    """End the session."""
    module_sessions.end(simulator(), visit.token())
    visit.leave()
    return redirect(url_for("management.front", ended="logout"), _SEE_OTHER)
