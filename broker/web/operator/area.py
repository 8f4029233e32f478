"""Who may come into the operator's area, and its first page.

There is no login here: the area is for whoever sits at this machine. So it is there only when the broker listens on
loopback and nowhere else, and each request must come from loopback and name a loopback host. The last keeps out pages
of the web whose host name was made to lead to this machine (DNS rebinding); forms carry a token besides.
"""

from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from broker.core.errors import OperatorOnly
from broker.core.loopback import is_loopback
from broker.web import pages as common
from broker.web.current import simulator
from broker.web.operator import (
    inspector,
    logins,
    mailbox,
    pages,
    quotes,
    register,
    requests,
    reviews,
    service_providers,
    stories,
)
from broker.web.operator.navigation import frame

blueprint = Blueprint("operator", __name__, url_prefix="/operator")
for section in (service_providers, inspector, reviews, requests, quotes, register, mailbox, stories, logins):
    blueprint.register_blueprint(section.blueprint)


@blueprint.before_request
def require_operator() -> None:
    """Raises `OperatorOnly` for a request that does not come from this machine, to this machine."""
    if not simulator().operator_area:
        raise OperatorOnly("the operator's area is off: operator.enabled, or the broker is not on loopback alone")
    if not is_loopback(request.remote_addr or ""):
        raise OperatorOnly(f"from {request.remote_addr}")
    if not is_loopback(_host()):
        raise OperatorOnly(f"to the host {request.host[:80]!r}")


def _host() -> str:
    """The host that the request names, without its port; empty for what is none."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""


@blueprint.get("")
def index() -> Response:
    """What there is to do."""
    return common.render(pages.Index(**frame()))
