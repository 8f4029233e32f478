"""What a WSGI server loads: `gunicorn 'broker.wsgi:application("ketenbroker.toml")'`, made anew in each process."""

from pathlib import Path

from flask import Flask
from gunicorn.errors import AppImportError

from broker import log
from broker.core.clock import system_clock
from broker.core.errors import ConfigError
from broker.core.ids import RandomIds
from broker.settings import load
from broker.simulator.compose import compose
from broker.web.app import create_app


def application(settings_file: str = "") -> Flask:
    """The broker with the settings of this file, or those of the current folder.

    Raises `AppImportError`, which gunicorn reports without a stack trace, with the one line of a `ConfigError`.
    """
    try:
        settings = load(Path(settings_file) if settings_file else None)
        log.configure(settings.logging.format)
        return create_app(compose(settings, system_clock, RandomIds()))
    except ConfigError as error:
        raise AppImportError(f"ketenbroker: {error}") from error
