"""What a view may ask about the request that it serves."""

from typing import Final, cast

from flask import current_app, session

from broker.simulator.context import Simulator

_BROWSER: Final = "browser"


def simulator() -> Simulator:
    """The simulator of this application."""
    return cast(Simulator, current_app.extensions["ketenbroker"])


def browser() -> str | None:
    """The reference of this browser, or None when it does not have one yet."""
    found = session.get(_BROWSER)
    return found if isinstance(found, str) else None


def remembered_browser() -> str:
    """The reference of this browser; gives it one that lasts until it is closed."""
    known = browser()
    if known is None:
        known = simulator().ids.token()
        session[_BROWSER] = known
    return known
