"""How the browser takes an answer to the service provider (SAML bindings 3.6.3: both encodings of an artifact)."""

from typing import Final
from urllib.parse import parse_qsl, urlsplit

from flask import redirect
from werkzeug.wrappers import Response

from broker.core.text import Text
from broker.simulator.answers import Delivery
from broker.web import pages

_SEE_OTHER: Final = 303


def deliver(delivery: Delivery, *, by_page: bool = False) -> Response:
    """A redirect, or a page with a form that a script or the person sends.

    `by_page` asks for the page always. A browser that comes straight from a form of another party may not be redirected
    any further: that party's page allowed the broker, and nobody else, as the end of its form.
    """
    if not delivery.posted and not by_page:
        return redirect(delivery.location, _SEE_OTHER)
    parts = urlsplit(delivery.target)
    # What stood in the query of an address is lost when a form is sent to it by GET.
    there = {} if delivery.posted else dict(parse_qsl(parts.query, keep_blank_values=True))
    return pages.render(
        pages.SendForm(
            heading=Text("U gaat terug naar de dienstverlener", "You go back to the service provider"),
            target=delivery.target if delivery.posted else parts._replace(query="").geturl(),
            fields={**there, **delivery.fields},
            method="post" if delivery.posted else "get",
        )
    )
