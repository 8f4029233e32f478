"""Fixtures that every folder of tests may use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.network import Network, running_network


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The whole network with sample data, shared by the tests of one worker: they must leave the register as it is."""
    with running_network(tmp_path_factory.mktemp("network")) as running:
        yield running


@pytest.fixture
def own_network(tmp_path: Path) -> Iterator[Network]:
    """A network for one test, which may change the register and the clock."""
    with running_network(tmp_path) as running:
        yield running
