"""How the browser takes an answer to the service provider (SAML bindings 3.6.3: both encodings of an artifact)."""

from typing import Final

from flask import redirect
from werkzeug.wrappers import Response

from broker.core.text import Text
from broker.simulator.answers import Delivery
from broker.web import pages

_SEE_OTHER: Final = 303


def deliver(delivery: Delivery) -> Response:
    """A redirect, or a page with a form that a script or the person sends."""
    if not delivery.posted:
        return redirect(delivery.location, _SEE_OTHER)
    return pages.render(
        pages.SendForm(
            heading=Text("U gaat terug naar de dienstverlener", "You go back to the service provider"),
            target=delivery.target,
            fields=delivery.fields,
        )
    )
