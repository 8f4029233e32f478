"""A network that a crawl may change: it presses what it finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.network import Network, running_network


@pytest.fixture(scope="module")
def own_network_of_two(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """A network for crawls, with two authentication services to choose from; each crawl puts the register back."""
    with running_network(tmp_path_factory.mktemp("crawl"), installation=installation, two_services=True) as running:
        yield running
