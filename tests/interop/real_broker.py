"""This project's broker for a Django service provider: in this process, or installed and served as a user does it."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

from broker.settings import load
from broker.simulator.layout import Layout
from broker.simulator.service_providers import register
from broker.testing.serving import serving
from idp_stub.app import create_app
from tests.network import CHECKOUT, MovableClock, Network, running_network
from tests.ports import free_ports

from .harness import DjangoSp

PLAIN_NAME = {"intermediary_name": "plain"}
PROGRAM = Path(sys.executable).with_name("ketenbroker")
MOST_SECONDS_TO_START = 60


@contextmanager
def broker_for(sp: DjangoSp, folder: Path, options: dict[str, str], **paths: Any) -> Iterator[Network]:
    """Broker and stub authentication service, with both files of `sp` registered and its `options` set."""
    catalogues = [CHECKOUT / "metadata" / "service-catalogue.xml", sp.catalogue]
    with running_network(
        folder,
        demo=False,
        paths={"catalogues": catalogues, **paths},
        service_providers={sp.entity_id: options},
    ) as network:
        simulator = network.simulator
        register(simulator.store, sp.metadata.read_bytes(), network.clock(), simulator.service_certificates)
        yield network


@dataclass(frozen=True)
class Installation:
    """A folder with a settings file, on which the command `ketenbroker` is run."""

    settings_file: Path
    metadata_url: str

    @classmethod
    def make(cls, folder: Path, sp: DjangoSp, certs: Path, stub_port: int) -> "Installation":
        """Write the settings file for `sp`; `certs` may hold keys already. The broker gets two worker processes."""
        (port,) = free_ports(1)
        settings_file = folder / "ketenbroker.toml"
        settings_file.write_text(f"""
[broker]
port = {port}
workers = 2

[stub]
port = {stub_port}

[paths]
certs = "{certs}"
catalogues = ["{CHECKOUT / "metadata" / "service-catalogue.xml"}", "{sp.catalogue}"]
sample_register = "{CHECKOUT / "metadata" / "sample-register.yaml"}"
trade_register = "{CHECKOUT / "metadata" / "trade-register.yaml"}"

[service_providers."{sp.entity_id}"]
intermediary_name = "plain"
""")
        return cls(settings_file, f"http://localhost:{port}/broker/metadata/1.13")

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        command = [PROGRAM, *arguments, "--settings", self.settings_file]
        return subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS_TO_START, check=False)

    @contextmanager
    def stub(self, listening: socket.socket) -> Iterator[None]:
        """The stub authentication service of this installation."""
        config = Layout.of(load(self.settings_file)).stub_config
        with serving(create_app(config, MovableClock()), listening):
            yield

    @contextmanager
    def serve(self) -> Iterator[str]:
        """`ketenbroker serve` as a process of its own; the line in which it says that it is ready."""
        command = [PROGRAM, "serve", "--settings", self.settings_file]
        errors = self.settings_file.with_name("serve.txt")
        with (
            errors.open("w") as stderr,
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True) as process,
        ):
            watchdog = Timer(MOST_SECONDS_TO_START, process.kill)
            watchdog.start()
            ready = process.stdout.readline()
            watchdog.cancel()
            try:
                assert ready, errors.read_text()
                yield ready
            finally:
                process.terminate()
        assert process.returncode == 0, errors.read_text()
