"""One HTTP exchange with another party, which may be slow, endless or broken.

Not with `requests`: that limits the time of each read, not of all of them, so that a party that sends a byte now and
then would hold a thread for as long as it likes. Redirects are not followed and proxies not used.
"""

import http.client
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import SplitResult, urlsplit, urlunsplit

from broker.saml import document
from broker.saml.faults import BindingReason, Fault
from broker.tls import TlsFiles, client_context


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent to an address."""

    method: Literal["GET", "POST"]
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: status, content type, where a redirect leads, and the body.

    A body that is larger than a message may be is cut off one byte behind that limit.
    """

    status: int
    content_type: str
    location: str | None
    body: bytes


def exchange(address: str, sent: Sent, patience: timedelta, tls: TlsFiles) -> Answered:
    """Send `sent` to an http(s) address and give the answer, whatever it is.

    Over https the other party must be one that `tls` vouches for, and gets to see our certificate if it asks. Raises
    `Fault` when there is no complete answer within `patience`.
    """
    parts = urlsplit(address)
    seconds = patience.total_seconds()
    try:
        with closing(_connection(parts, seconds, tls)) as connection:
            connection.connect()
            with _no_longer_than(seconds, connection.sock):
                target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
                connection.request(sent.method, target, sent.body, {**sent.headers, "Connection": "close"})
                with connection.getresponse() as answer:
                    return _read(answer)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise Fault(BindingReason.UNANSWERED, f"{address}: {type(error).__name__}: {error}") from error


def _connection(parts: SplitResult, seconds: float, tls: TlsFiles) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port, timeout=seconds)
    return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=client_context(tls))


def _read(answer: http.client.HTTPResponse) -> Answered:
    body = answer.read(document.MAX_BYTES + 1)
    return Answered(answer.status, answer.headers.get_content_type(), answer.headers.get("Location"), body)


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
