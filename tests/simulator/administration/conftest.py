"""The simulator with its sample register, on SQLite and on PostgreSQL, at a clock that stands still."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from broker.simulator.prepare import prepare
from broker.simulator.trade_register import StubTradeRegister
from broker.store.database import Store, open_store
from tests.databases import postgresql_database, postgresql_server
from tests.network import settings_below
from tests.simulator.administration.standing import StandingClock
from tests.simulator.administration.world import World, world_in


@pytest.fixture(scope="session")
def composed(installation: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """A simulator with the sample register, to take everything but the store from."""
    folder = tmp_path_factory.mktemp("administration")
    shutil.copytree(installation, folder, dirs_exist_ok=True)
    simulator = compose(settings_below(folder), system_clock, RandomIds())
    yield simulator
    simulator.store.close()


@pytest.fixture(scope="session")
def sample_database(installation: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sa.URL, str]]:
    """A PostgreSQL server and the name of a store on it with the sample register, to copy."""
    folder = tmp_path_factory.mktemp("sample_database")
    shutil.copytree(installation / "certs", folder / "certs")
    with postgresql_server() as server, postgresql_database(server) as address:
        prepare(settings_below(folder, store={"url": address}), system_clock, RandomIds())
        yield server, str(sa.make_url(address).database)


@pytest.fixture
def sim(request: pytest.FixtureRequest, composed: Simulator, installation: Path, tmp_path: Path) -> Iterator[Simulator]:
    """The simulator with a store of its own: in SQLite, and in PostgreSQL too for a test that is marked ON_BOTH."""
    with _simulator(getattr(request, "param", "sqlite"), request, composed, installation, tmp_path) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def either(
    request: pytest.FixtureRequest, composed: Simulator, installation: Path, tmp_path: Path
) -> Iterator[Simulator]:
    """The same in both, always."""
    with _simulator(request.param, request, composed, installation, tmp_path) as made:
        yield made


@contextmanager
def _simulator(
    backend: str, request: pytest.FixtureRequest, composed: Simulator, installation: Path, folder: Path
) -> Iterator[Simulator]:
    if backend == "sqlite":
        shutil.copy(installation / "var" / "ketenbroker.sqlite", folder / "store.sqlite")
        yield from _with_store(composed, f"sqlite:///{folder / 'store.sqlite'}", folder)
        return
    server, template = request.getfixturevalue("sample_database")
    with postgresql_database(server, template) as address:
        yield from _with_store(composed, address, folder)


def _with_store(composed: Simulator, url: str, folder: Path) -> Iterator[Simulator]:
    store: Store = open_store(url)
    # Heads of its own too: those of another store vouch for events that this one does not have.
    notary = replace(composed.notary, file=folder / "heads.jsonl")
    stub = composed.trade_register
    assert isinstance(stub, StubTradeRegister)
    yield replace(
        composed,
        store=store,
        notary=notary,
        trade_register=replace(stub, store=store),
        clock=StandingClock(system_clock()),
    )
    store.close()


@pytest.fixture
def world(sim: Simulator) -> World:
    """A small register beside the sample one, at noon."""
    return world_in(sim)


@pytest.fixture
def either_world(either: Simulator) -> World:
    """The same in SQLite and then in PostgreSQL, for what depends on the database."""
    return world_in(either)
