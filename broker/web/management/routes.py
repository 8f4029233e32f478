"""The blueprint of the Beheermodule, and its door."""

from collections.abc import Callable
from enum import Enum
from typing import Any, Final, TypeVar

from flask import Blueprint, current_app, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from broker.core.administration.advice import advise
from broker.core.explanations import Explanation, explain
from broker.simulator import module_sessions
from broker.simulator.module_sessions import Ended, Visitor
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import visit
from broker.web.management.pages import NoEntry

View = TypeVar("View", bound=Callable[..., Any])

blueprint = Blueprint("management", __name__, url_prefix="/beheer")

_SEE_OTHER: Final = 303
_FORBIDDEN: Final = 403


class Opens(Enum):
    """Whom a page is for: everybody; who logged in; managers; managers whose level will do for chain mandates."""

    ANYBODY = "anybody"
    USERS = "users"
    MANAGERS = "managers"
    CHAIN_MANAGERS = "chain_managers"


_OPENS: Final[dict[Callable[..., Any], Opens]] = {}


def opens_to(whom: Opens) -> Callable[[View], View]:
    """Say whom a view is for; stands below its route. Without it a view is for chain managers only."""

    def said(view: View) -> View:
        _OPENS[view] = whom
        return view

    return said


def is_open_to(endpoint: str, visitor: Visitor) -> bool:
    """Whether a place stands in the menu of `visitor`: managers see what they could do with higher means too."""
    view = current_app.view_functions.get(endpoint)
    outside = not endpoint.startswith(f"{blueprint.name}.")
    return view is not None and (outside or visitor.admission.is_manager or _OPENS.get(view) is Opens.USERS)


def start(visitor: Visitor) -> str:
    """The endpoint at which `visitor` begins."""
    return "management.overview" if visitor.admission.is_manager else "management.own_couplings"


@blueprint.before_request
def let_in() -> Response | None:
    """Let pass who may open the page; send others to the front page, or say why they may not come in."""
    whom = _OPENS.get(current_app.view_functions[str(request.endpoint)], Opens.CHAIN_MANAGERS)
    if whom is Opens.ANYBODY:
        return None
    found = module_sessions.current(simulator(), visit.token())
    if isinstance(found, Ended):
        return turn_away(found)
    visit.receive(found)
    _require(found, whom)
    return None


def _require(visitor: Visitor, whom: Opens) -> None:
    if whom is Opens.MANAGERS:
        visitor.admission.require_manager()
    elif whom is Opens.CHAIN_MANAGERS:
        visitor.admission.require_chains(simulator().register_policy)


def turn_away(ended: Ended) -> Response:
    """The answer to who has no session (any more)."""
    module_sessions.end(simulator(), visit.token())
    visit.leave()
    if ended.denied is not None:
        return _no_entry(explain(ended.denied.reason), ended.denied.reason.value)
    if ended.obstacle is not None:
        return _no_entry(advise(ended.obstacle), ended.obstacle.value, apply=True)
    if request.method == "GET":
        visit.remember_wanted(request.full_path.rstrip("?"))
    return redirect(url_for("management.front", ended=ended.why.value), _SEE_OTHER)


def _no_entry(words: Explanation, code: str, *, apply: bool = False) -> Response:
    page = NoEntry(
        reason=words.reason,
        next_step=words.next_step,
        code=code,
        login_url=url_for("management.login"),
        apply_url=url_for("management.application") if apply else None,
        hidden=hidden(),
    )
    return pages.render(page, _FORBIDDEN)


def hidden() -> dict[str, str]:
    """What every form of the Beheermodule carries: the token against cross-site requests."""
    return {"csrf_token": generate_csrf()}
