"""One suite, two databases: every test that takes `store` or `url` runs on SQLite and on a real PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from broker.store.database import Store, open_store
from broker.store.migrate import migrate
from tests.databases import postgresql_database, postgresql_server

BACKENDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def server() -> Iterator[sa.URL]:
    """The PostgreSQL server; started when the first test asks for it."""
    with postgresql_server() as address:
        yield address


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store with tables and nothing in them, to copy."""
    file = tmp_path_factory.mktemp("store") / "empty.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_database(server: sa.URL) -> Iterator[str]:
    """A PostgreSQL store with tables and nothing in them, to copy."""
    with postgresql_database(server) as address:
        migrate(address)
        yield address


@pytest.fixture(params=BACKENDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    with postgresql_database(request.getfixturevalue("server")) as address:
        yield address


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an up-to-date, empty store."""
    if request.param == "sqlite":
        file = tmp_path / "store.db"
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        yield f"sqlite:///{file}"
        return
    template = sa.make_url(request.getfixturevalue("migrated_database")).database
    with postgresql_database(request.getfixturevalue("server"), template) as address:
        yield address


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An up-to-date, empty store."""
    opened = open_store(url)
    yield opened
    opened.close()
