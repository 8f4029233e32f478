"""Fixtures that every folder of tests may use."""

import fcntl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# What tests share may assert too: so it counts under `python -O`, and says what differed.
pytest.register_assert_rewrite(*(f"tests.{path.stem}" for path in Path(__file__).parent.glob("[a-z]*")))

from flask import Flask

from broker.core.clock import system_clock
from broker.core.identifiers import Oin
from broker.saml import pki
from broker.simulator.parties import PORTALS
from broker.testing.serving import listening, serving
from tests.guards.plugin import with_checks_off
from tests.network import Network, make_installation, register_at, running_network
from tests.requester import Pair, Requester

OINS = {portal.key: str(portal.entity.certificates.oin) for portal in PORTALS}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-golden",
        action="store_true",
        help="write the golden messages of tests/saml/golden anew; review the difference as text",
    )
    parser.addoption(
        "--guards",
        choices=("beside", "only"),
        help="each check of the receiver off in turn, beside all tests or with only the tests named for them",
    )
    parser.addoption(
        "--kills", type=int, default=12, help="how many processes of the broker die in test_audit_completeness.py"
    )
    parser.addoption("--screenshots", action="store_true", help="write pictures of every page to screenshots/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    how = config.getoption("guards")
    if how:
        items[:] = with_checks_off(items, only=how == "only")


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Keys, secrets and a store with the sample data, made once for all workers of a run; copy it, never use it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "installation"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "var").exists():
            make_installation(folder)
    return folder


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """The whole network with sample data, shared by the tests of one worker: they must leave the register as it is."""
    with running_network(tmp_path_factory.mktemp("network"), installation=installation) as running:
        yield running


@pytest.fixture(scope="session")
def network_of_two(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """Another shared network, with two authentication services to choose from."""
    folder = tmp_path_factory.mktemp("network_of_two")
    with running_network(folder, installation=installation, two_services=True) as running:
        yield running


@pytest.fixture(scope="session")
def network_over_tls(
    tmp_path_factory: pytest.TempPathFactory, installation: Path, requester_keys: dict[str, dict[str, Pair]]
) -> Iterator[Network]:
    """A shared network of which all parties serve https.

    Besides those of the test CA the broker takes one client certificate: that with which the requester `one` signs.
    """
    folder = tmp_path_factory.mktemp("network_over_tls")
    registered = folder / "registered.pem"
    registered.write_bytes(requester_keys["one"]["signing"].certificate_pem)
    options = {"tls": True, "back_channel": {"authorities": [registered]}}
    with running_network(folder, installation=installation, **options) as running:
        yield running


@pytest.fixture
def own_network(tmp_path: Path, installation: Path) -> Iterator[Network]:
    """A network for one test, which may change the register and the clock."""
    with running_network(tmp_path, installation=installation) as running:
        yield running


@pytest.fixture(scope="session")
def arrivals() -> Iterator[str]:
    """The address of a program that says yes to everything: where a browser arrives that a test sent off."""
    app = Flask("arrivals")
    app.add_url_rule("/<path:path>", view_func=lambda **_: "<h1>arrived</h1>", methods=["GET", "POST"])
    with listening() as port, serving(app, port):
        yield f"http://127.0.0.1:{port.getsockname()[1]}"


@pytest.fixture(scope="session")
def requester_keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Pair]]:
    """Keys of two service providers, by name and use."""
    certs = tmp_path_factory.mktemp("requesters") / "certs"
    parties = [pki.Party(name, f"Aanvrager {name} (test)", Oin("00000099000000110000")) for name in ("one", "other")]
    pki.ensure(certs, tuple(parties), system_clock())
    return {
        party.folder: {use: Pair.load(certs / party.folder, use) for use in ("signing", "encryption")}
        for party in parties
    }


@pytest.fixture(scope="session")
def make_requester(arrivals: str, requester_keys: dict[str, dict[str, Pair]]) -> Callable[..., Requester]:
    """make_requester(network, provider="belastingdienst", keys="one", entity=9055): registered and ready to ask."""
    known: dict[tuple[object, ...], Requester] = {}

    def make(network: Network, provider: str = "belastingdienst", keys: str = "one", entity: int = 9055) -> Requester:
        wanted = (network.broker, provider, keys, entity)
        if wanted not in known:
            oin = OINS[provider]
            made = Requester(
                entity_id=f"urn:etoegang:DV:{oin}:entities:{entity}",
                **requester_keys[keys],
                consumer=f"{arrivals}/acs/{provider}-{entity}",
                services={9001: f"urn:etoegang:DV:{oin}:services:9001", 9002: f"urn:etoegang:DV:{oin}:services:9002"},
            )
            register_at(network, made.metadata())
            known[wanted] = made
        return known[wanted]

    return make


@pytest.fixture
def requester(network: Network, make_requester: Callable[..., Requester]) -> Requester:
    """A service provider of the test's own with the services of the Belastingdienst, registered at `network`."""
    return make_requester(network)
