"""Logging out. Messages come by cross-site posts, so nothing here uses a cookie; the messages prove themselves."""

from typing import Final

import structlog
from flask import Blueprint, Response, request

from broker.core.interface import InterfaceVersion
from broker.core.text import Text
from broker.simulator import logout, logout_return
from broker.simulator.logout import NowhereToGo, Onward
from broker.web import pages
from broker.web.current import simulator
from broker.web.saml import described, posted_fields

blueprint = Blueprint("logout", __name__, url_prefix="/broker/slo")
log = structlog.get_logger("broker")

_ANSWER: Final = "SAMLResponse"


@blueprint.post("/1.13", defaults={"version": "1.13"})
@blueprint.post("/1.11", defaults={"version": "1.11"})
def post(version: InterfaceVersion) -> Response:
    """A service provider's LogoutRequest, or an authentication service's LogoutResponse (HTTP-POST)."""
    form = posted_fields()
    if _ANSWER not in form:
        return _begun(logout.receive_post(simulator(), form, version))
    onward = logout_return.receive(simulator(), form)
    log.info("logout.returned", to=onward.target)
    return _send(onward, Text(f"U gaat terug naar {onward.name.nl}", f"You go back to {onward.name.en}"))


@blueprint.get("/1.13", defaults={"version": "1.13"})
@blueprint.get("/1.11", defaults={"version": "1.11"})
def redirect(version: InterfaceVersion) -> Response:
    """A service provider's LogoutRequest (HTTP-Redirect)."""
    return _begun(logout.receive_redirect(simulator(), request.query_string, version))


def _begun(outcome: Onward | NowhereToGo) -> Response:
    if isinstance(outcome, NowhereToGo):
        log.warning("logout.impossible", findings=described(outcome.findings))
        return pages.render(pages.LogoutImpossible())
    log.info("logout.forwarded", to=outcome.target)
    name = outcome.name
    return _send(outcome, Text(f"U gaat naar {name.nl} om uit te loggen", f"You go to {name.en} to log out"))


def _send(onward: Onward, heading: Text) -> Response:
    return pages.render(pages.SendForm(heading=heading, target=onward.target, fields=onward.fields))
