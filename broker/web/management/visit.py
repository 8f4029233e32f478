"""The session of the Beheermodule in the browser's cookie, and who is visiting.

The cookie is signed and holds a token; the store knows its digest. At login and logout the token is another one, and so
is the one against cross-site requests: what was planted in a browser before is worth nothing after.
"""

from typing import Final, cast

from flask import g, session

from broker.core.administration.actors import Actor
from broker.core.text import Text
from broker.simulator.module_sessions import Visitor

_SESSION: Final = "module"
_ASKED: Final = "module_asked"
_NEXT: Final = "module_next"
_DONE: Final = "module_done"
_CSRF: Final = "csrf_token"
# As many tabs as somebody is likely to begin to log in from; a cookie has little room.
_MOST_ASKED: Final = 4


def token() -> str | None:
    """The token of this browser's session, which may have ended."""
    return _text(_SESSION)


def enter(new_token: str) -> None:
    """This browser has a session from now on."""
    leave()
    session[_SESSION] = new_token


def leave() -> None:
    """This browser has no session any more, and no login under way."""
    for name in (_SESSION, _ASKED, _NEXT, _DONE, _CSRF):
        session.pop(name, None)


def asked() -> tuple[str, ...]:
    """The IDs of the requests that this browser began and that nobody has answered yet."""
    found = session.get(_ASKED)
    return tuple(found) if isinstance(found, list) else ()


def remember_asked(request_id: str) -> None:
    """This browser began a login."""
    session[_ASKED] = [*asked(), request_id][-_MOST_ASKED:]


def wanted() -> str | None:
    """The path that the person came for, before they had to log in."""
    return _text(_NEXT)


def remember_wanted(path: str | None) -> None:
    """Go to this path after the login; None for the overview."""
    session[_NEXT] = path


def receive(visitor: Visitor) -> None:
    """This request is one of `visitor`."""
    g.visitor = visitor


def visitor() -> Visitor:
    """Who asks for this page. The door in `routes` lets nobody without a session get here."""
    return cast(Visitor, g.visitor)


def actor() -> Actor:
    """In which quality the visitor is here: what every use case asks."""
    return visitor().admission.actor


def tell(done: Text) -> None:
    """Have the next page say what was done: after a change the browser goes to another page."""
    session[_DONE] = [done.nl, done.en]


def take_done() -> Text | None:
    """What was done just before, told once."""
    found = session.pop(_DONE, None)
    return Text(*found) if found else None


def _text(name: str) -> str | None:
    found = session.get(name)
    return found if isinstance(found, str) else None
