"""What a view may ask about the request that it serves."""

from typing import Final, cast

from flask import after_this_request, current_app, g, request, session, url_for
from werkzeug.wrappers import Response

from broker.core.login import digest_of
from broker.simulator.context import Simulator

_BROWSER: Final = "browser"
_LOGIN_COOKIE: Final = "ketenbroker_login"


def simulator() -> Simulator:
    """The simulator of this application."""
    return cast(Simulator, current_app.extensions["ketenbroker"])


def browser() -> str | None:
    """The reference of this browser, or None when it does not have one yet: a digest of what it holds.

    That is what it has for the login of this address alone, once it has that, else what it has for all its logins.
    """
    held = g.get(_BROWSER) or request.cookies.get(_LOGIN_COOKIE) or session.get(_BROWSER)
    return digest_of(held) if isinstance(held, str) else None


def remembered_browser() -> str:
    """The reference of this browser; gives it one that lasts until it is closed."""
    known = browser()
    if known is None:
        session[_BROWSER] = held = simulator().ids.token()
        known = digest_of(held)
    return known


def renew_browser(login_id: str, held: str) -> None:
    """This browser goes on with this login under a new reference; it gets `held` with the answer, whatever that is.

    It is a cookie for the addresses of that login alone, so what happens in one tab changes nothing in another.
    """
    setattr(g, _BROWSER, held)

    @after_this_request
    def give(response: Response) -> Response:
        response.set_cookie(
            _LOGIN_COOKIE,
            held,
            max_age=simulator().lifetimes.login,
            path=url_for("login.show", login_id=login_id),
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response
