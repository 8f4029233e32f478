"""What a view may ask about the request that it serves."""

from typing import Final, cast

from flask import after_this_request, current_app, g, request, session, url_for
from werkzeug.wrappers import Response

from broker.simulator.context import Simulator

_BROWSER: Final = "browser"
_LOGIN_COOKIE: Final = "ketenbroker_login"


def simulator() -> Simulator:
    """The simulator of this application."""
    return cast(Simulator, current_app.extensions["ketenbroker"])


def browser() -> str | None:
    """The reference of this browser, or None when it does not have one yet.

    That is the one for the login of this address alone, once it has one, else the one for all its logins.
    """
    found = g.get(_BROWSER) or request.cookies.get(_LOGIN_COOKIE) or session.get(_BROWSER)
    return found if isinstance(found, str) else None


def remembered_browser() -> str:
    """The reference of this browser; gives it one that lasts until it is closed."""
    known = browser()
    if known is None:
        known = simulator().ids.token()
        session[_BROWSER] = known
    return known


def renew_browser(login_id: str, renewed: str) -> None:
    """This browser goes on with this login under a new reference, which it gets with the answer, whatever that is.

    It is a cookie for the addresses of that login alone, so what happens in one tab changes nothing in another.
    """
    setattr(g, _BROWSER, renewed)

    @after_this_request
    def give(response: Response) -> Response:
        response.set_cookie(
            _LOGIN_COOKIE,
            renewed,
            max_age=simulator().lifetimes.login,
            path=url_for("login.show", login_id=login_id),
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response
