"""The application factory."""

from collections.abc import Iterable
from typing import Any, Final

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

from broker.saml.post import MAX_FIELD
from broker.simulator.administration import batch_work, delivery
from broker.simulator.context import Simulator
from broker.simulator.housekeeping import Housekeeping, tidy
from broker.web import (
    back_channel,
    errors,
    headers,
    help,
    home,
    language,
    listing,
    login,
    logout,
    pages,
    represent,
    revocation,
    revoking,
    saml,
)
from broker.web.background import Worker
from broker.web.bodies import BoundedRequest
from broker.web.management import views as management
from broker.web.operator import area

# A message, a RelayState that is too long on purpose, and the names of the fields.
MAX_BODY: Final = MAX_FIELD + 64 * 1024


def create_app(simulator: Simulator) -> Flask:
    """The broker's web application around `simulator`."""
    app = _application(simulator)
    secure = simulator.addresses.base.startswith("https:")
    app.config.update(
        SECRET_KEY=simulator.session_secret,
        # Cookies ignore ports: a name of our own keeps other parties on the same host out.
        SESSION_COOKIE_NAME="ketenbroker",
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
    keeping = Housekeeping()
    workers = [Worker("clerk", simulator, batch_work.work_through)]
    if simulator.mail_server is not None:
        workers.append(Worker("courier", simulator, delivery.deliver))

    @app.before_request
    def tidy_now_and_then() -> None:
        if keeping.is_due(simulator.clock()):
            tidy(simulator)
            wake(workers)

    @app.after_request
    def work_behind(response: Response) -> Response:
        """What a visitor changed may leave work: mail to send, a file to go through. Messages and logins leave none."""
        if request.method == "POST" and request.blueprint not in without_work:
            wake(workers)
        return response

    without_work = {"login", "represent", "developer", *(blueprint.name for blueprint in messages)}
    screens = (
        home.blueprint,
        help.blueprint,
        listing.blueprint,
        login.blueprint,
        represent.blueprint,
        revocation.blueprint,
        revoking.blueprint,
    )
    for blueprint in (*screens, management.blueprint, area.blueprint, *messages):
        app.register_blueprint(blueprint)
    return app


def wake(workers: Iterable[Worker]) -> None:
    """There may be work for them."""
    for worker in workers:
        worker.wake()


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
