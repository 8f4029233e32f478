"""One question over SOAP to another party, which may be slow, endless or broken.

Not with `requests`: that limits the time of each read, not of all of them, so that a party that sends a byte now and
then would hold a thread for as long as it likes. Redirects are not followed and proxies not used.
"""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

from broker.saml import document, names
from broker.saml.faults import BindingReason, Fault
from broker.tls import TlsFiles, client_context

_TYPES: Final = ("text/xml", "application/soap+xml")
_HEADERS: Final = {
    "Content-Type": "text/xml; charset=utf-8",
    "SOAPAction": f'"{names.SOAP_ACTION}"',
    "Connection": "close",
}


def ask(location: str, envelope: bytes, patience: timedelta, tls: TlsFiles) -> bytes:
    """The SOAP envelope that answers `envelope`, at most as large as a message may be.

    Over https the other party must be one that `tls` vouches for, and gets to see our certificate. Raises `Fault` when
    there is no answer within `patience`.
    """
    parts = urlsplit(location)
    seconds = patience.total_seconds()
    try:
        with closing(_connection(parts, seconds, tls)) as connection:
            connection.connect()
            with _no_longer_than(seconds, connection.sock):
                connection.request("POST", urlunsplit(("", "", parts.path or "/", parts.query, "")), envelope, _HEADERS)
                with connection.getresponse() as answer:
                    return _envelope(answer)
    except (OSError, http.client.HTTPException) as error:
        raise Fault(BindingReason.UNANSWERED, f"{location}: {type(error).__name__}: {error}") from error


def _connection(parts: SplitResult, seconds: float, tls: TlsFiles) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port, timeout=seconds)
    return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=client_context(tls))


def _envelope(answer: http.client.HTTPResponse) -> bytes:
    kind = answer.headers.get_content_type()
    if answer.status != http.HTTPStatus.OK or kind not in _TYPES:
        raise Fault(BindingReason.UNANSWERED, f"HTTP status {answer.status}, content type {kind[:80]}")
    body = answer.read(document.MAX_BYTES + 1)
    if len(body) > document.MAX_BYTES:
        raise Fault(BindingReason.UNANSWERED, f"more than {document.MAX_BYTES} bytes")
    return body


@contextmanager
def _no_longer_than(seconds: float, connected: socket.socket) -> Iterator[None]:
    """Cut `connected` off after `seconds`; raises TimeoutError when that happened inside."""
    over = threading.Event()

    def cut_off() -> None:
        over.set()
        with suppress(OSError):  # the other side was first
            connected.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException, Fault):
        if not over.is_set():  # otherwise that is why
            raise
    finally:
        timer.cancel()
    if over.is_set():
        raise TimeoutError(f"no complete answer within {seconds:g} s")
