"""What a WSGI server loads: `gunicorn 'broker.wsgi:application("ketenbroker.toml")'`."""

import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gunicorn.errors import AppImportError

from broker import log
from broker.core.clock import system_clock
from broker.core.errors import ConfigError
from broker.core.ids import RandomIds
from broker.settings import load
from broker.simulator import housekeeping
from broker.simulator.audit import keeping
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from broker.store.errors import StoreUnavailable
from broker.web.app import create_app, create_back_channel

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True, slots=True)
class Served:
    """A WSGI application, and what is to be done when the server stops (`broker.serving`)."""

    serve: "WSGIApplication"
    stop: Callable[[], object]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request."""
        return self.serve(environ, start_response)


def application(settings_file: str = "", tls: bool = False) -> Served:
    """The broker with the settings of this file, or those of the current folder; `tls` as `ketenbroker demo --tls`.

    Raises `AppImportError`, which gunicorn reports without a stack trace, with the one line of a `ConfigError`.
    """
    simulator = _simulator(settings_file, tls)
    return Served(create_app(simulator), partial(keeping.sign_heads, simulator, at_once=True))


def back_channel(settings_file: str = "", tls: bool = False) -> Served:
    """The address for artifacts, which gunicorn serves with client certificates; arguments and errors are the same."""
    simulator = _simulator(settings_file, tls)
    serve = _with_client_certificate(create_back_channel(simulator))
    return Served(serve, partial(keeping.sign_heads, simulator, at_once=True))


def _simulator(settings_file: str, tls: bool) -> Simulator:
    """Composed and tidied up; the store is closed, since copies of this process open connections of their own."""
    try:
        settings = load(Path(settings_file) if settings_file else None)
        log.configure(settings.logging.format)
        simulator = compose(settings.with_tls() if tls else settings, system_clock, RandomIds())
        housekeeping.tidy(simulator)
    except (ConfigError, StoreUnavailable) as error:
        raise AppImportError(f"ketenbroker: {error}") from error
    simulator.store.close()
    return simulator


def _with_client_certificate(serve: "WSGIApplication") -> "WSGIApplication":
    """Put the certificate of the other side where other servers put it; gunicorn gives the connection only."""

    def told(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        certificate = environ["gunicorn.socket"].getpeercert(binary_form=True)
        environ["SSL_CLIENT_CERT"] = ssl.DER_cert_to_PEM_cert(certificate) if certificate else ""
        return serve(environ, start_response)

    return told
