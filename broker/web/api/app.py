"""The application of the API."""

from functools import lru_cache
from typing import Any, Final

from flask import Blueprint, Flask, request

from broker.core.errors import TenantUnknown
from broker.core.tenants import split
from broker.saml import document as xml
from broker.web import headers
from broker.web.api import control, document, guard, logins, networks, problems, register, service_providers
from broker.web.api.installation import Installation
from broker.web.bodies import BoundedRequest

VERSION: Final = "/api/v1"
_MAX_BODY: Final = xml.MAX_BYTES + 64 * 1024
_EVERY: Final = (register.blueprint, service_providers.blueprint, control.blueprint, logins.blueprint, networks.network)


def create_api(installation: Installation) -> Flask:
    """The API of a network. The one without a name has the calls about tenants besides."""
    app = Flask("broker.web", static_folder=None)
    app.request_class = BoundedRequest
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["installation"] = installation
    app.extensions["document"] = described()
    headers.protect(app, installation.simulator.addresses.base)
    problems.install(app)
    app.before_request(_guarded)
    app.register_blueprint(document.blueprint)
    for blueprint in _calls(installation):
        app.register_blueprint(blueprint, url_prefix=VERSION)
    return app


@lru_cache(maxsize=1)
def described() -> dict[str, Any]:
    """The OpenAPI document: that of the network without a name, which has all calls."""
    app = Flask("broker.web", static_folder=None)
    for blueprint in (*_EVERY, networks.blueprint):
        app.register_blueprint(blueprint, url_prefix=VERSION)
    with app.app_context():
        return document.completed(document.calls.spec)


def _calls(installation: Installation) -> tuple[Blueprint, ...]:
    return _EVERY if installation.tenant is not None else (*_EVERY, networks.blueprint)


def _guarded() -> None:
    """What the API can do is no secret; all else is for who may call."""
    if request.blueprint != document.blueprint.name:
        guard.check()
    name, _ = split(request.path)
    if name is not None:
        raise TenantUnknown(f"there is no tenant {name!r}")
