"""The application factory."""

from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from broker.saml.post import MAX_FIELD
from broker.simulator.context import Simulator
from broker.web import (
    back_channel,
    background,
    errors,
    headers,
    help,
    home,
    language,
    listing,
    login,
    logout,
    operation,
    pages,
    represent,
    revocation,
    revoking,
    saml,
)
from broker.web.answering import views as answering
from broker.web.bodies import BoundedRequest
from broker.web.management import views as management
from broker.web.onboarding import views as onboarding
from broker.web.operator import area

# A message, a RelayState that is too long on purpose, and the names of the fields.
MAX_BODY: Final = MAX_FIELD + 64 * 1024


def create_app(simulator: Simulator) -> Flask:
    """The broker's web application around `simulator`."""
    app = _application(simulator)
    secure, place = simulator.addresses.base.startswith("https:"), urlsplit(simulator.addresses.base).path
    app.config.update(
        SECRET_KEY=simulator.session_secret,
        # Cookies ignore ports: a name of our own keeps other parties on the same host out, and other tenants too.
        SESSION_COOKIE_NAME="ketenbroker" + place.replace("/", "_"),
        SESSION_COOKIE_PATH=place or "/",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=secure,
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        WTF_CSRF_TIME_LIMIT=None,
    )
    protection = CSRFProtect(app)
    messages = (saml.blueprint, back_channel.blueprint, logout.blueprint)
    for blueprint in messages:
        protection.exempt(blueprint)
    # The broker's page brings an artifact here: it proves itself, and no page of ours has a token for it.
    protection.exempt(management.consume)
    language.install(app)
    pages.install(app)
    headers.protect(app, simulator.addresses.base)
    errors.install(app)
    logins = (login.blueprint, represent.blueprint, revoking.blueprint)
    silent = {blueprint.name for blueprint in (*messages, *logins)}
    background.install(app, simulator, without=silent, watching=operation.blueprint.name)
    screens = (
        home.blueprint,
        help.blueprint,
        listing.blueprint,
        login.blueprint,
        represent.blueprint,
        revocation.blueprint,
        revoking.blueprint,
    )
    register = (management.blueprint, answering.blueprint, onboarding.blueprint)
    for blueprint in (*screens, *register, area.blueprint, operation.blueprint, *messages):
        app.register_blueprint(blueprint)
    return app


def create_back_channel(simulator: Simulator) -> Flask:
    """The back channel alone, for an address of its own: no pages, no cookies. What is not there gets a bare status."""
    app = _application(simulator, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    headers.protect(app, simulator.addresses.base)
    errors.install(app)
    app.register_blueprint(back_channel.blueprint)
    return app


def _application(simulator: Simulator, **options: Any) -> Flask:
    app = Flask("broker.web", **options)
    app.request_class = BoundedRequest
    # Else `/login//x` leads to `/login/x` at whatever host the request names.
    app.url_map.merge_slashes = False
    app.extensions["ketenbroker"] = simulator
    return app
