"""The log of a test, and the network seen from outside."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.network import Network, running_network
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
