"""Messages in an export of the extension SAML-tracer, or of a browser's own tools (HAR): JSON, with much besides.

What is no message of SAML is passed over; of what looks like one and cannot be read is told why.
"""

import json
from typing import Any, Final
from urllib.parse import urlsplit

from broker.core.text import Text
from broker.inspection.found import AS_XML, PARAMETERS, Found, Unreadable, from_fields, from_query

MAX_MESSAGES: Final = 100
_LABEL: Final = 120
_AS_TRACE: Final = Text("export van SAML-tracer of browser", "export of SAML-tracer or browser")


def read(text: str) -> tuple[Found, ...]:
    """The messages of an export, in its order, at least one; raises `Unreadable`."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            Text("Dit begint als JSON, maar is het niet.", "This begins as JSON but is not."),
            Text("Exporteer opnieuw, als JSON.", "Export it again, as JSON."),
        ) from error
    found = []
    for number, request in enumerate(_requests(whole), 1):
        message = _message(request, f"{number}: {_said(request)}"[:_LABEL])
        if message is not None:
            found.append(Found(**{**_fields(message), "read_as": (_AS_TRACE, *message.read_as)}))
        if len(found) == MAX_MESSAGES:
            break
    if not found:
        raise Unreadable(
            Text("In deze export staat geen SAML-bericht.", "There is no SAML message in this export."),
            Text("Begin de opname vóór het inloggen.", "Begin recording before the login."),
        )
    return tuple(found)


def _fields(message: Found) -> dict[str, Any]:
    return {name: getattr(message, name) for name in ("octets", "parameter", "query", "relay_state", "label")}


def _requests(whole: Any) -> list[dict[str, Any]]:
    """The requests of SAML-tracer, or those of the entries of a HAR."""
    found: Any
    log = whole.get("log") if isinstance(whole, dict) else None
    if isinstance(log, dict):
        found = [entry.get("request") for entry in _objects(log.get("entries"))]
    else:
        found = whole.get("requests") if isinstance(whole, dict) else whole
    return _objects(found)


def _objects(found: Any) -> list[dict[str, Any]]:
    """What of a list are objects."""
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _said(request: dict[str, Any]) -> str:
    url = urlsplit(str(request.get("url", ""))) if str(request.get("url", "")).isprintable() else urlsplit("")
    return f"{request.get('method', '')} {url.netloc}{url.path}"


def _message(request: dict[str, Any], label: str) -> Found | None:
    """The message of one request: as its address carried it, or its body, or as the export has it."""
    query = str(request.get("url", "")).partition("#")[0].partition("?")[2]
    body = request.get("postData")
    text = str(body.get("text", "")) if isinstance(body, dict) else str(body or "")
    try:
        if any(f"{name}=" in query for name in PARAMETERS):
            return from_query(query, label)
        posted = from_fields(_pairs(request.get("post")) or _params(body), label)
        if posted is not None:
            return posted
        if any(f"{name}=" in text for name in PARAMETERS):
            return from_query(text, label)
    except Unreadable as unreadable:
        return Found(b"", (unreadable.what,), label=label)
    whole = next((item.strip() for item in (text, str(request.get("saml") or "")) if item.strip()[:1] == "<"), None)
    return None if whole is None else Found(whole.encode(), (AS_XML,), label=label)


def _pairs(found: Any) -> dict[str, str]:
    """Pairs of a name and a value, as SAML-tracer has them."""
    pair = 2
    wanted = [item for item in found if isinstance(item, list) and len(item) == pair] if isinstance(found, list) else []
    return {str(name): str(value) for name, value in wanted}


def _params(body: Any) -> dict[str, str]:
    """Parameters with a name and a value, as a HAR has them."""
    params = body.get("params") if isinstance(body, dict) else None
    return {str(item.get("name", "")): str(item.get("value", "")) for item in _objects(params)}
