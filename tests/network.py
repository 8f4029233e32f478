"""The whole simulated network in this process: broker, stub authentication service and demo portals on free ports.

Each party is its real application behind a real HTTP server on loopback; only the clock can be moved.
"""

import shutil
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.saml.pki import authority_path
from broker.settings import Settings
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from broker.simulator.layout import Layout
from broker.simulator.parties import AUTHENTICATION_SERVICE, PORTALS
from broker.simulator.prepare import prepare
from broker.simulator.service_providers import Registered, register
from broker.testing.serving import listening, serving
from broker.tls import server_context
from broker.web.front import create_back_channels, create_front
from idp_stub.app import create_app as create_stub
from tests import second_service

CHECKOUT = Path(__file__).parents[1]


@dataclass
class MovableClock:
    """The system's clock, moved by `offset`."""

    offset: timedelta = timedelta()

    def __call__(self) -> datetime:
        return system_clock() + self.offset


@dataclass(frozen=True)
class Network:
    """The running parties. `broker` is reached as localhost, the others as 127.0.0.1: another site for a browser."""

    settings: Settings
    simulator: Simulator
    clock: MovableClock = field(default_factory=MovableClock)

    @property
    def broker(self) -> str:
        return self.settings.broker.url

    @property
    def stub(self) -> str:
        return self.settings.stub.url

    @property
    def demo(self) -> str:
        return self.settings.demo.url

    @property
    def authority(self) -> Path:
        """The certificate of the test CA, which those of all parties come from."""
        return self.settings.paths.certs / "ca.pem"

    def client_certificate(self, party: str, use: str = "tls") -> tuple[Path, Path]:
        """Certificate and key of a party, as requests takes them."""
        folder = self.settings.paths.certs / party
        return folder / f"{use}.pem", folder / f"{use}.key"

    def login_address(self, portal: str, service: int) -> str:
        return f"{self.demo}/login/{portal}?service={service}"


def register_at(network: Network, metadata: bytes) -> Registered:
    """Register a service provider at a running network."""
    simulator = network.simulator
    return register(simulator.store, metadata, network.clock(), simulator.service_certificates)


def make_installation(folder: Path) -> Path:
    """Keys, secrets and a store with the sample data below `folder`: what takes time and can be copied."""
    prepare(settings_below(folder), system_clock, RandomIds())
    return folder


@contextmanager
def running_network(
    folder: Path,
    *,
    demo: bool = True,
    installation: Path | None = None,
    two_services: bool = False,
    tls: bool = False,
    line: Callable[[Any], Any] = lambda application: application,
    **sections: dict[str, Any],
) -> Iterator[Network]:
    """Start everything below `folder`; `sections` are settings by section. Stops at the end.

    `installation` is a folder of `make_installation` to start from. With `two_services` there is a second
    authentication service, see `tests.second_service`. With `tls` all parties serve https, and the broker has its back
    channel at an address of its own. `line` is WSGI middleware between the broker and everybody else.
    """
    from sp_demo.app import create_app as create_demo  # noqa: PLC0415  pysaml2 takes most of a second to import

    clock = MovableClock()
    if installation is not None:
        shutil.copytree(installation, folder, dirs_exist_ok=True)
    with ExitStack() as stack:
        sockets = {name: stack.enter_context(listening()) for name in ("broker", "stub", "demo", "back_channel")}
        settings = settings_below(folder, {name: item.getsockname()[1] for name, item in sockets.items()}, **sections)
        settings = settings.with_tls() if tls else settings
        prepare(settings, clock, RandomIds())
        layout = Layout.of(settings)
        if two_services:
            second = stack.enter_context(listening())
            config = second_service.join(layout, f"http://127.0.0.1:{second.getsockname()[1]}", clock)
            stack.enter_context(serving(create_stub(config, clock), second))
        simulator = compose(settings, clock, RandomIds())
        stack.callback(simulator.store.close)
        apps = {
            "broker": create_front(settings, simulator, clock, RandomIds()),
            "stub": create_stub(layout.stub_config, clock),
        }
        apps["broker"].wsgi_app = line(apps["broker"].wsgi_app)
        if demo:
            apps["demo"] = create_demo(layout.demo_config)
        if tls:
            apps["back_channel"] = create_back_channels(settings, simulator, clock, RandomIds())
        for name, app in apps.items():
            stack.enter_context(serving(app, sockets[name], _context(layout, name) if tls else None))
        if demo:
            trusted = str(authority_path(layout.certs)) if tls else True
            for portal in PORTALS:
                metadata = requests.get(f"{settings.demo.url}/metadata/{portal.key}", timeout=10, verify=trusted)
                register(simulator.store, metadata.content, clock(), simulator.service_certificates)
        yield Network(settings, simulator, clock)


def _context(layout: Layout, name: str) -> ssl.SSLContext:
    """What gunicorn serves this program with."""
    party = {"stub": AUTHENTICATION_SERVICE.certificates.folder, "demo": PORTALS[0].key}.get(name, "broker")
    return server_context(layout.tls_files(party, layout.tls_authorities if name == "back_channel" else None))


def settings_below(folder: Path, ports: dict[str, int] | None = None, **sections: dict[str, Any]) -> Settings:
    """Settings of an installation below `folder`, with ports by party; `sections` are other settings by section."""
    values: dict[str, Any] = {name: {"port": port} for name, port in (ports or {}).items()}
    values["paths"] = {
        "certs": folder / "certs",
        "state": folder / "var",
        "catalogues": [CHECKOUT / "metadata" / "service-catalogue.xml"],
        "sample_register": CHECKOUT / "metadata" / "sample-register.yaml",
        "trade_register": CHECKOUT / "metadata" / "trade-register.yaml",
    }
    for name, section in sections.items():
        values[name] = {**values.get(name, {}), **section}
    return Settings(**values)
