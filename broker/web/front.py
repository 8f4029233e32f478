"""What a WSGI server serves: the pages and the API of one network, and below `/t/<name>` those of each tenant."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from broker.core.clock import Clock
from broker.core.ids import Ids
from broker.core.tenants import Tenants, entered
from broker.settings import Settings
from broker.simulator import tenants
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from broker.simulator.layout import Layout
from broker.web.api.app import create_api
from broker.web.api.installation import Installation
from broker.web.app import create_app, create_back_channel

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

API = "/api"


def is_api(path: str) -> bool:
    """Whether a path is of the API."""
    return path == API or path.startswith(f"{API}/")


@dataclass(frozen=True, slots=True)
class Served:
    """The applications of one network."""

    simulator: Simulator
    pages: "WSGIApplication"
    api: Flask | None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Let the application answer that the path is of."""
        if self.api is not None and is_api(environ.get("PATH_INFO", "")):
            return self.api(environ, start_response)
        return self.pages(environ, start_response)


def create_front(settings: Settings, simulator: Simulator, clock: Clock, ids: Ids) -> Flask:
    """The application of `simulator`, in front of which its API and those of the tenants are served as well.

    `clock` and `ids` are those that `simulator` was composed with.
    """
    app = create_app(simulator)
    root = Served(simulator, app.wsgi_app, _api(Installation(settings, simulator, None, clock, ids)))

    def make(name: str, _folder: Path) -> Served:
        own = tenants.settings_of(settings, name)
        sim = compose(own, clock, ids)
        return Served(sim, create_app(sim), _api(Installation(own, sim, name, clock, ids)))

    app.wsgi_app = _dispatched(settings, root, make)  # type: ignore[assignment,method-assign]
    return app


def create_back_channels(settings: Settings, simulator: Simulator, clock: Clock, ids: Ids) -> Flask:
    """The same for the address of artifacts alone."""
    app = create_back_channel(simulator)

    def make(name: str, _folder: Path) -> Served:
        sim = compose(tenants.settings_of(settings, name), clock, ids)
        return Served(sim, create_back_channel(sim), None)

    app.wsgi_app = _dispatched(settings, Served(simulator, app.wsgi_app, None), make)  # type: ignore[assignment,method-assign]
    return app


def _api(installation: Installation) -> Flask | None:
    return create_api(installation) if installation.settings.api.enabled else None


def _dispatched(settings: Settings, root: Served, make: Callable[[str, Path], Served]) -> "WSGIApplication":
    known: Tenants[Served] = Tenants(Layout.of(settings).tenants, make, lambda served: served.simulator.store.close())

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        name, inside = entered(environ)
        tenant = known.find(name) if name else None
        if tenant is not None:
            return tenant(inside, start_response)
        # To nobody's API the one that there is answers, so that a program gets what it can read.
        if root.api is not None and is_api(inside["PATH_INFO"] if name else ""):
            return root.api(environ, start_response)
        return root(environ, start_response)

    return serve
