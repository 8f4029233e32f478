"""A browser for each test, and a network whose register tests may change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.register import Changes, changing
from tests.interop.driver import Browser
from tests.network import Network, running_network


@pytest.fixture
def browser() -> Iterator[Browser]:
    with Browser() as fresh:
        yield fresh


@pytest.fixture(scope="session")
def changing_network(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """A network for tests that change the register through `changes` and leave it as they found it."""
    with running_network(tmp_path_factory.mktemp("changing"), installation=installation) as running:
        yield running


@pytest.fixture
def changes(changing_network: Network) -> Iterator[Changes]:
    """Changes to the register of `changing_network`, undone after the test."""
    with changing(changing_network.simulator.store) as made:
        yield made
