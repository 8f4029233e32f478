"""The whole simulated network in this process: broker, stub authentication service and demo portals on free ports.

Each party is its real application behind a real HTTP server on loopback; only the clock can be moved.
"""

import logging
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from werkzeug.serving import make_server

from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.settings import Settings
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from broker.simulator.layout import Layout
from broker.simulator.parties import PORTALS
from broker.simulator.prepare import prepare
from broker.simulator.service_providers import Registered, register
from broker.web.app import create_app
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

    def login_address(self, portal: str, service: int) -> str:
        return f"{self.demo}/login/{portal}?service={service}"


def register_at(network: Network, metadata: bytes) -> Registered:
    """Register a service provider at a running network."""
    simulator = network.simulator
    return register(simulator.store, metadata, network.clock(), simulator.service_certificates)


def make_installation(folder: Path) -> Path:
    """Keys, secrets and a store with the sample data below `folder`: what takes time and can be copied."""
    prepare(_settings(folder, {}, {}), system_clock, RandomIds())
    return folder


@contextmanager
def running_network(
    folder: Path,
    *,
    demo: bool = True,
    installation: Path | None = None,
    two_services: bool = False,
    **sections: dict[str, Any],
) -> Iterator[Network]:
    """Start everything below `folder`; `sections` are settings by section. Stops at the end.

    `installation` is a folder of `make_installation` to start from. With `two_services` there is a second
    authentication service, see `tests.second_service`.
    """
    from sp_demo.app import create_app as create_demo  # noqa: PLC0415  pysaml2 takes most of a second to import

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    clock = MovableClock()
    if installation is not None:
        shutil.copytree(installation, folder, dirs_exist_ok=True)
    with ExitStack() as stack:
        sockets = {name: stack.enter_context(_listening()) for name in ("broker", "stub", "demo")}
        settings = _settings(folder, {name: item.getsockname()[1] for name, item in sockets.items()}, sections)
        prepare(settings, clock, RandomIds())
        layout = Layout.of(settings)
        if two_services:
            second = stack.enter_context(_listening())
            config = second_service.join(layout, f"http://127.0.0.1:{second.getsockname()[1]}", clock)
            stack.enter_context(serving(create_stub(config, clock), second))
        simulator = compose(settings, clock, RandomIds())
        stack.callback(simulator.store.close)
        stack.enter_context(serving(create_app(simulator), sockets["broker"]))
        stack.enter_context(serving(create_stub(layout.stub_config, clock), sockets["stub"]))
        if demo:
            stack.enter_context(serving(create_demo(layout.demo_config), sockets["demo"]))
            for portal in PORTALS:
                metadata = requests.get(f"{settings.demo.url}/metadata/{portal.key}", timeout=10)
                register(simulator.store, metadata.content, clock(), simulator.service_certificates)
        yield Network(settings, simulator, clock)


@contextmanager
def serving(app: Flask, listening: socket.socket) -> Iterator[None]:
    """`app` on a socket that listens already, in a thread."""
    host, port = listening.getsockname()
    server = make_server(host, port, app, threaded=True, fd=listening.fileno())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _listening() -> Iterator[socket.socket]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        yield listening


def _settings(folder: Path, ports: dict[str, int], sections: dict[str, dict[str, Any]]) -> Settings:
    values: dict[str, Any] = {name: {"port": port} for name, port in ports.items()}
    values["paths"] = {
        "certs": folder / "certs",
        "state": folder / "var",
        "catalogues": [CHECKOUT / "metadata" / "service-catalogue.xml"],
        "sample_register": CHECKOUT / "metadata" / "sample-register.yaml",
    }
    for name, section in sections.items():
        values[name] = {**values.get(name, {}), **section}
    return Settings(**values)
