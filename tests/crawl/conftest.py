"""A network that a crawl may change: it presses what it finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.network import Network, running_network


@pytest.fixture
def own_network_of_two(tmp_path: Path, installation: Path) -> Iterator[Network]:
    """A network for one crawl, with two authentication services to choose from."""
    with running_network(tmp_path, installation=installation, two_services=True) as running:
        yield running
