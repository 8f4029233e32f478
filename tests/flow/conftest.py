"""A browser for each test, and a network whose register tests may change."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.flow.answers import Answer, answer
from tests.flow.register import Changes, changing
from tests.interop.driver import Browser
from tests.network import Network, running_network
from tests.requester import Requester


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


@pytest.fixture(scope="session")
def chain_answer(network: Network, make_requester: Callable[..., Requester]) -> Answer:
    """An accountant on behalf of a client with a KvK number and an RSIN, at a service that asks both."""
    return answer(network, make_requester(network), "Fleur Voorbeeld", "Glasblazerij Zeepbel")


@pytest.fixture(scope="session")
def direct_answer(network: Network, make_requester: Callable[..., Requester]) -> Answer:
    """The same accountant on behalf of her own office."""
    return answer(network, make_requester(network), "Fleur Voorbeeld", "Administratiekantoor Papiermolen")


@pytest.fixture(params=["chain", "direct"])
def either_answer(request: pytest.FixtureRequest) -> Answer:
    """What both have in common."""
    return request.getfixturevalue(f"{request.param}_answer")
