"""Empty stores to measure on, SQLite files or databases of a PostgreSQL of our own, and filling them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import big_register
from bench.big_register import Size
from broker.core.clock import system_clock
from broker.store.database import Store, open_store
from broker.store.migrate import migrate
from tests.databases import postgresql_database, postgresql_server


@contextmanager
def addresses(folder: Path, database: str, *names: str) -> Iterator[list[str]]:
    """Stores without tables, one for each name; a file is below `folder`."""
    if database == "sqlite":
        yield [f"sqlite:///{folder / name}.db" for name in names]
        return
    with ExitStack() as stack:
        server = stack.enter_context(postgresql_server())
        yield [stack.enter_context(postgresql_database(server)) for _ in names]


@contextmanager
def filled(url: str, size: Size) -> Iterator[Store]:
    """The store at `url`, with tables and a register of this size."""
    migrate(url)
    store = open_store(url)
    try:
        big_register.load(store, size, system_clock())
        yield store
    finally:
        store.close()


def fill(url: str, size: Size) -> None:
    """The same for who opens it in another way."""
    with filled(url, size):
        pass
