"""The page that carries the question to an authentication service.

What a script has the person do there goes along in the form, as a field that is no part of the binding. Only a stub
knows it.
"""

from typing import Final

from werkzeug.wrappers import Response

from broker.core.login import Login
from broker.core.script import Screen, Script
from broker.core.text import Text
from broker.simulator import authentication
from broker.web import pages
from broker.web.current import browser, simulator
from broker.web.steps import targets

FIELD: Final = "scripted"
"""What the person does at the stub: `means:<id>`, `cancel`, or `down` when the stub itself has a failure."""


def send(login: Login, entity_id: str) -> Response:
    """The page, with a new question to this authentication service. Raises `FlowError`. One private-key operation."""
    question = authentication.ask(simulator(), login.id, browser(), entity_id)
    name = question.authentication_service.names
    fields = {"SAMLRequest": question.saml_request, "RelayState": question.relay_state}
    return pages.render(
        pages.SendForm(
            heading=Text(f"U gaat naar {name.nl}", f"You go to {name.en}"),
            target=question.authentication_service.sso_location,
            fields={**fields, **told(login.script)},
            form_targets=targets(login),
        )
    )


def told(script: Script | None) -> dict[str, str]:
    """What the stub is told of a script, if anything."""
    if script is None:
        return {}
    if script.service_is_down:
        return {FIELD: "down"}
    if script.cancel_at is Screen.SIGN_IN:
        return {FIELD: "cancel"}
    return {FIELD: f"means:{script.means}"} if script.means else {}
