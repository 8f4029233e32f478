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
from broker.settings import Settings, load
from broker.simulator import housekeeping
from broker.simulator.audit import keeping
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from broker.store.errors import StoreUnavailable
from broker.web.front import create_back_channels, create_front

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True, slots=True)
class Stoppable:
    """A WSGI application, and what is to be done when the server stops (`broker.serving`)."""

    serve: "WSGIApplication"
    stop: Callable[[], object]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request."""
        return self.serve(environ, start_response)


def application(settings_file: str = "", tls: bool = False) -> Stoppable:
    """The broker with the settings of this file, or those of the current folder; `tls` as `ketenbroker demo --tls`.

    Raises `AppImportError`, which gunicorn reports without a stack trace, with the one line of a `ConfigError`.
    """
    settings = _settings(settings_file, tls)
    simulator = _simulator(settings)
    return _stoppable(create_front(settings, simulator, system_clock, RandomIds()), simulator)


def back_channel(settings_file: str = "", tls: bool = False) -> Stoppable:
    """The address for artifacts, which gunicorn serves with client certificates; arguments and errors are the same."""
    settings = _settings(settings_file, tls)
    simulator = _simulator(settings)
    serve = _with_client_certificate(create_back_channels(settings, simulator, system_clock, RandomIds()))
    return _stoppable(serve, simulator)


def _stoppable(serve: "WSGIApplication", simulator: Simulator) -> Stoppable:
    """Events of tenants are signed once a minute, and at the next start."""
    return Stoppable(serve, partial(keeping.sign_heads, simulator, at_once=True))


def _settings(settings_file: str, tls: bool) -> Settings:
    try:
        settings = load(Path(settings_file) if settings_file else None)
    except ConfigError as error:
        raise AppImportError(f"ketenbroker: {error}") from error
    log.configure(settings.logging.format)
    return settings.with_tls() if tls else settings


def _simulator(settings: Settings) -> Simulator:
    """Composed and tidied up; the store is closed, since copies of this process open connections of their own."""
    try:
        simulator = compose(settings, system_clock, RandomIds())
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
