"""The authentication service that this browser chose last time: offered again, never forced.

etd Single sign-on and user sessions: the broker remembers a choice and nothing else. No login rests on the cookie, so
it needs no signature; what it names counts only if it is one of the options of the login.
"""

from collections.abc import Iterable
from typing import Final

from flask import current_app, request
from werkzeug.wrappers import Response

COOKIE: Final = "broker_authentication_service"
_ONE_YEAR: Final = 365 * 24 * 3600


def chosen_before(options: Iterable[str]) -> str | None:
    """The one of `options` (EntityIDs) that this browser chose last time, or None."""
    found = request.cookies.get(COOKIE)
    return next((option for option in options if option == found), None)


def remember(response: Response, entity_id: str) -> None:
    """Have the browser remember this choice for a year."""
    response.set_cookie(
        COOKIE,
        entity_id,
        max_age=_ONE_YEAR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def forget(response: Response) -> None:
    """Have the browser forget a choice that it may remember."""
    if COOKIE in request.cookies:
        response.delete_cookie(
            COOKIE, secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax"
        )
