"""What a WSGI server loads: `gunicorn 'broker.wsgi:application("ketenbroker.toml")'`."""

import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from gunicorn.errors import AppImportError

from broker import log
from broker.core.clock import system_clock
from broker.core.errors import ConfigError
from broker.core.ids import RandomIds
from broker.settings import Settings, load
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from broker.web.front import create_back_channels, create_front

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def application(settings_file: str = "", tls: bool = False) -> Flask:
    """The broker with the settings of this file, or those of the current folder; `tls` as `ketenbroker demo --tls`.

    Raises `AppImportError`, which gunicorn reports without a stack trace, with the one line of a `ConfigError`.
    """
    settings = _settings(settings_file, tls)
    return create_front(settings, _simulator(settings), system_clock, RandomIds())


def back_channel(settings_file: str = "", tls: bool = False) -> "WSGIApplication":
    """The address for artifacts, which gunicorn serves with client certificates; arguments and errors are the same."""
    settings = _settings(settings_file, tls)
    return _with_client_certificate(create_back_channels(settings, _simulator(settings), system_clock, RandomIds()))


def _settings(settings_file: str, tls: bool) -> Settings:
    try:
        settings = load(Path(settings_file) if settings_file else None)
    except ConfigError as error:
        raise AppImportError(f"ketenbroker: {error}") from error
    log.configure(settings.logging.format)
    return settings.with_tls() if tls else settings


def _simulator(settings: Settings) -> Simulator:
    try:
        return compose(settings, system_clock, RandomIds())
    except ConfigError as error:
        raise AppImportError(f"ketenbroker: {error}") from error


def _with_client_certificate(serve: "WSGIApplication") -> "WSGIApplication":
    """Put the certificate of the other side where other servers put it; gunicorn gives the connection only."""

    def told(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        certificate = environ["gunicorn.socket"].getpeercert(binary_form=True)
        environ["SSL_CLIENT_CERT"] = ssl.DER_cert_to_PEM_cert(certificate) if certificate else ""
        return serve(environ, start_response)

    return told
