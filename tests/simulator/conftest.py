"""The log of a test, the network seen from outside, and installations for programs that tests start."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from structlog.testing import capture_logs

from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.settings import load
from broker.simulator.prepare import prepare
from tests.databases import postgresql_database, postgresql_server
from tests.network import CHECKOUT, Network, running_network
from tests.ports import free_ports
from tests.requester import Requester
from tests.simulator.outcome import Watch


@pytest.fixture
def log() -> Iterator[list[dict[str, Any]]]:
    """What was logged during the test, oldest first."""
    with capture_logs() as entries:
        yield entries


@pytest.fixture
def watch(network: Network, log: list[dict[str, Any]]) -> Watch:
    """Refusals of the shared network."""
    return Watch(network, log)


@pytest.fixture
def watch_of_two(network_of_two: Network, log: list[dict[str, Any]]) -> Watch:
    """Refusals of the network with two authentication services."""
    return Watch(network_of_two, log)


@pytest.fixture(scope="session")
def strict_network(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """A network in which the service provider of the tests' own is held to the book."""
    strict = {"urn:etoegang:DV:00000099000000110000:entities:9055": {"strictness": "strict"}}
    folder = tmp_path_factory.mktemp("strict_network")
    with running_network(folder, demo=False, installation=installation, service_providers=strict) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def on_each_store(request: pytest.FixtureRequest, tmp_path: Path, installation: Path) -> Iterator[Path]:
    """The settings file of an installation that is ready to serve on a free port, on each kind of store."""
    shutil.copytree(installation, tmp_path, dirs_exist_ok=True)
    (tmp_path / "var" / "audit-heads.jsonl").unlink()  # of another store
    metadata = CHECKOUT / "metadata"
    values: dict[str, Any] = {
        "broker": {"port": free_ports(1)[0]},
        "paths": {
            "catalogues": [str(metadata / "service-catalogue.xml")],
            "sample_register": str(metadata / "sample-register.yaml"),
            "trade_register": str(metadata / "trade-register.yaml"),
        },
    }
    with ExitStack() as stack:
        if request.param == "postgresql":
            server = stack.enter_context(postgresql_server())
            values["store"] = {"url": stack.enter_context(postgresql_database(server))}
        file = tmp_path / "ketenbroker.toml"
        file.write_text(tomli_w.dumps(values))
        prepare(load(file), system_clock, RandomIds())
        yield file


@pytest.fixture
def stored_requester(requester_keys) -> Requester:
    """A service provider that is not registered anywhere, and that nobody has to run."""
    return Requester(
        "urn:etoegang:DV:00000099000000110000:entities:9055",
        **requester_keys["one"],
        consumer="http://127.0.0.1:1/acs",
        services={9001: "urn:etoegang:DV:00000099000000110000:services:9001"},
    )
