"""The blueprint of the Beheermodule, and its door."""

from typing import Final

from flask import Blueprint, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from broker.core.explanations import explain
from broker.simulator import module_sessions
from broker.simulator.module_sessions import Ended
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import visit
from broker.web.management.pages import NoEntry

blueprint = Blueprint("management", __name__, url_prefix="/beheer")

ENTRANCE: Final = frozenset({"management.front", "management.login", "management.consume", "management.logout"})
"""What is in front of the door."""
_SEE_OTHER: Final = 303
_FORBIDDEN: Final = 403


@blueprint.before_request
def let_in() -> Response | None:
    """Let pass who has a session; send all others to the front page, or say why they may not come in."""
    if request.endpoint in ENTRANCE:
        return None
    found = module_sessions.current(simulator(), visit.token())
    if isinstance(found, Ended):
        return turn_away(found)
    visit.receive(found)
    return None


def turn_away(ended: Ended) -> Response:
    """The answer to who has no session (any more)."""
    module_sessions.end(simulator(), visit.token())
    visit.leave()
    if ended.denied is not None:
        words = explain(ended.denied.reason)
        page = NoEntry(
            reason=words.reason,
            next_step=words.next_step,
            code=ended.denied.reason.value,
            login_url=url_for("management.login"),
            hidden=hidden(),
        )
        return pages.render(page, _FORBIDDEN)
    if request.method == "GET":
        visit.remember_wanted(request.full_path.rstrip("?"))
    return redirect(url_for("management.front", ended=ended.why.value), _SEE_OTHER)


def hidden() -> dict[str, str]:
    """What every form of the Beheermodule carries: the token against cross-site requests."""
    return {"csrf_token": generate_csrf()}
