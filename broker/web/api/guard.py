"""Who may call the API.

With a token it is whoever has it. Without one it is a program on this machine that names this machine, as in the
operator's area, and only while the broker is there for this machine alone. A page of another site is refused in both
cases: browsers say where a request comes from, and a form of theirs cannot send JSON or XML.
"""

import hmac
from typing import Final
from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from broker.core.errors import ApiRefused, InputInvalid, TokenRefused
from broker.core.loopback import is_loopback
from broker.web.api.installation import installation

JSON: Final = "application/json"
XML: Final = ("application/samlmetadata+xml", "application/xml", "text/xml")
_BODIES: Final = frozenset({"POST", "PUT", "PATCH"})
_SCHEME: Final = "bearer "


def check() -> None:
    """Return if this request may go on; raises `ApiRefused`, `InputInvalid` or `UnsupportedMediaType`."""
    _require_own_site()
    token = installation().settings.api.token
    if token is not None:
        _require_token(token)
    else:
        _require_this_machine()
    if request.method in _BODIES:
        _require_body()


def _require_token(token: str) -> None:
    given = request.headers.get("Authorization", "")
    value = given[len(_SCHEME) :].strip() if given.lower().startswith(_SCHEME) else ""
    if not hmac.compare_digest(value.encode(), token.encode()):
        raise TokenRefused("the API has a token, and this call does not have it")


def _require_this_machine() -> None:
    if installation().is_open_to_others:
        raise ApiRefused("the broker is not on loopback alone, so the API needs a token")
    if not is_loopback(request.remote_addr or "") or not is_loopback(_host()):
        raise ApiRefused(f"from {request.remote_addr} to the host {request.host[:80]!r}: not this machine")


def _require_own_site() -> None:
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise ApiRefused("a page of another site")
    origin = request.headers.get("Origin")
    own = urlsplit(installation().settings.broker.url)
    if origin is not None and origin != f"{own.scheme}://{own.netloc}":
        raise ApiRefused(f"a page of {origin[:80]!r}")


def _require_body() -> None:
    if request.mimetype not in (JSON, *XML):
        raise UnsupportedMediaType(f"expected a body as {JSON}, or metadata as {XML[0]}")
    if request.mimetype == JSON:
        try:
            request.get_json()
        except BadRequest as error:
            raise InputInvalid((("", "the body is not JSON"),)) from error


def _host() -> str:
    """The host that the request names, without its port; empty for what is none."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""
