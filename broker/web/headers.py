"""What every answer tells the browser about trust and memory."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, request

_ONE_YEAR = 365 * 24 * 3600

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: that also makes browsers send `Origin: null` with our own forms, so that no check on
    # origin or referrer could tell our own page from a stranger's.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def protect(app: Flask, base: str) -> None:
    """Put the headers of this module on every answer of `app`, error pages included.

    `base` is the public address. It decides, and no request does, whether https is promised.
    """
    always, parts = dict(_ALWAYS), urlsplit(base)
    # A promise of https for `localhost` would hold for every other program on the developer's machine.
    if parts.scheme == "https" and parts.hostname != "localhost":
        always["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}"
    app.after_request(lambda response: _protected(response, always))


def content_security_policy(form_targets: Iterable[str] = ()) -> str:
    """The policy of a page whose forms may lead to `form_targets` besides this site.

    Chromium applies `form-action` to the redirects after a form as well, so a page that ends in a redirect to the
    service provider has to name it. Raises ValueError when a target is not an absolute http(s) address.
    """
    return "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data:",  # the theme draws its icons as data: images
            "object-src 'none'",
            " ".join(("form-action 'self'", *sorted({_origin(target) for target in form_targets}))),
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or set(parts.netloc) & set(" \t;,'\"@\\"):
        raise ValueError(f"form target {address[:80]!r}: expected an absolute http or https address")
    return f"{parts.scheme}://{parts.netloc}"


def _protected(response: Response, always: Mapping[str, str]) -> Response:
    for name, value in always.items():
        response.headers[name] = value
    response.headers.setdefault("Content-Security-Policy", content_security_policy())
    if request.endpoint == "static" and response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
        # The address holds a version only when `pages.asset` made it; fonts named in a stylesheet have none.
        response.headers["Cache-Control"] = (
            f"public, max-age={_ONE_YEAR}, immutable" if "v" in request.args else "public, max-age=3600"
        )
    else:
        response.headers["Cache-Control"] = "no-cache, no-store"
        response.headers["Pragma"] = "no-cache"
    return response
