"""Starting programs that serve, waiting until they do, and stopping them, whatever happens.

A program starts as a copy of this process (fork), with what is loaded here: libraries, schemas, rules. Started anew,
each would spend most of a second on loading the same.
"""

import multiprocessing.connection
import os
import signal
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Final

from broker import serving
from broker.core.errors import ConfigError
from broker.programs import Party

_READY_S: Final = 20.0
_STOP_S: Final = 10.0
_POLL_S: Final = 0.05
_STOPPING: Final = (signal.SIGINT, signal.SIGTERM)


class _StopAsked(BaseException):
    """The user or the system asks to stop; like KeyboardInterrupt it passes every handler of errors."""


def run(parties: Sequence[Party], when_ready: Callable[[], None]) -> None:
    """Start the parties, call `when_ready` once each answers, and stay until asked to stop or until one ends.

    Whatever happens, and whenever, no party stays behind. Raises `ConfigError` when an address is taken or a party
    does not come up, and `SystemExit` when it has said itself, in one line, why not.
    """
    for party in parties:
        _require_free(party)
    started: list[BaseProcess] = []
    with _signals_raise(), suppress(_StopAsked):
        try:
            for party in parties:
                started.append(_start(party))
            for party, process in zip(parties, started, strict=True):
                _wait_until_ready(party, process)
            when_ready()
            multiprocessing.connection.wait([process.sentinel for process in started])
        finally:
            _stop(started)


def _start(party: Party) -> BaseProcess:
    # What this process has not written yet would be written by the copy too.
    sys.stdout.flush()
    sys.stderr.flush()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(party.arguments,), name=party.name)
    with _signals_wait():
        process.start()
    return process


def _serve(arguments: list[str]) -> None:
    """Be gunicorn with these arguments. A session of its own: Ctrl-C reaches only our parent, which stops us."""
    os.setsid()
    for number in _STOPPING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
    from gunicorn.app.wsgiapp import run as serve  # noqa: PLC0415  only a copy needs it

    sys.argv = ["gunicorn", *arguments]
    serve()


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Inside, a signal to stop waits: a copy must not take over the handlers of this process."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)


@contextmanager
def _signals_raise() -> Iterator[None]:
    """Inside, the first SIGINT or SIGTERM raises `_StopAsked`; later ones are ignored, so that stopping can finish."""
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        if len(asked) == 1:
            raise _StopAsked

    before = {number: signal.signal(number, ask) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _require_free(party: Party) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(party.address)
        except OSError as error:
            host, port = party.address
            raise ConfigError(
                f"{host}:{port} for the {party.name} cannot be used ({error.strerror}); "
                f"set another port, for example KETENBROKER_BROKER__PORT=9080"
            ) from error


def _wait_until_ready(party: Party, process: BaseProcess) -> None:
    deadline = time.monotonic() + _READY_S
    while time.monotonic() < deadline:
        if process.exitcode == serving.CANNOT_START:
            raise SystemExit(serving.CANNOT_START)
        if process.exitcode is not None:
            raise ConfigError(f"the {party.name} stopped while starting; its reason stands above")
        if _answers(party):
            return
        time.sleep(_POLL_S)
    host, port = party.address
    raise ConfigError(f"the {party.name} does not answer on {host}:{port}")


def _answers(party: Party) -> bool:
    """Whether the party gives a page; where it may refuse our certificate, whether it shakes hands."""
    connection = _connection(party)
    try:
        connection.connect()
        if party.tls and party.tls.authorities:
            return True
        connection.request("GET", "/")
        return connection.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _connection(party: Party) -> HTTPConnection:
    host, port = party.address
    if party.tls is None:
        return HTTPConnection(host, port, timeout=_READY_S)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Here the client's side is done before the server has looked for a certificate.
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # This one certificate, by whatever name: the address may be one that stands for all.
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(party.tls.certificate)
    context.load_cert_chain(party.tls.certificate, party.tls.key)
    return HTTPSConnection(host, port, timeout=_READY_S, context=context)


def _stop(started: Sequence[BaseProcess]) -> None:
    for process in started:
        process.terminate()
    for process in started:
        process.join(_STOP_S)
        if process.exitcode is None:
            process.kill()
            process.join()
