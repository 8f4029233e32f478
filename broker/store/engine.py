"""One engine for reading and one for writing, and what SQLite and PostgreSQL need to be told.

A reading connection cannot write. A writing transaction is serial: SQLite takes its write lock at BEGIN. PostgreSQL
works in SERIALIZABLE, and writers go one after the other, since each reads the last event before it writes the next.
"""

import sqlite3
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from broker.core.errors import ConfigError

BUSY_TIMEOUT_MS = 2000
POOL_SIZE = 16
OLDEST_SQLITE = (3, 35)  # DELETE ... RETURNING
MAPPED_BYTES = 0x7FFF0000  # the most that SQLite maps


def read_url(url: str) -> sa.URL:
    """The address of a store: `sqlite:///<file>` or `postgresql://<user>:<password>@<host>/<database>`.

    Raises `ConfigError` for anything else. PostgreSQL is always spoken to through psycopg 3.
    """
    try:
        parsed = sa.make_url(url)
    except ArgumentError:
        raise ConfigError(
            "store: not an address of a database; expected sqlite:///<file> or postgresql://..."
        ) from None
    match parsed.get_backend_name():
        case "sqlite" if parsed.database in (None, "", ":memory:"):
            raise ConfigError("store: SQLite needs a file, because several processes share it: sqlite:///<file>")
        case "sqlite" if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise ConfigError(f"store: SQLite {sqlite3.sqlite_version} is too old; 3.35 or newer is needed")
        case "sqlite":
            return parsed
        case "postgresql":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise ConfigError(f"store: {other} is not supported; expected sqlite or postgresql")


def reading_engine(url: sa.URL) -> sa.Engine:
    """Connections that give one consistent view per transaction and refuse to write."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, begin="BEGIN", pragmas=("query_only=ON",))
    return _postgresql(url, isolation_level="REPEATABLE READ", read_only=True)


def writing_engine(url: sa.URL) -> sa.Engine:
    """Connections whose transactions do not overlap with those of another writer, or seem not to."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, begin="BEGIN IMMEDIATE", pragmas=("journal_mode=WAL", "synchronous=NORMAL"))
    engine = _postgresql(url, isolation_level="SERIALIZABLE", read_only=False)

    @sa.event.listens_for(engine, "begin")
    def one_at_a_time(connection: sa.Connection) -> None:
        # No statement before this one: a transaction sees what was there at its first, and LOCK does not count as one.
        connection.exec_driver_sql("LOCK TABLE events IN EXCLUSIVE MODE")

    return engine


def migrating_engine(url: sa.URL) -> sa.Engine:
    """Connections that see what others did while they waited for a lock; otherwise like those for writing."""
    if url.get_backend_name() == "sqlite":
        return writing_engine(url)
    return _postgresql(url, isolation_level="READ COMMITTED", read_only=False)


def _sqlite(url: sa.URL, *, begin: str, pragmas: tuple[str, ...]) -> sa.Engine:
    class Connection(sqlite3.Connection):
        """Begins a transaction with `begin` before its first statement.

        SQLAlchemy's event for it would do as well, but an engine with events goes a longer way for every statement.
        """

        def cursor(self, *arguments: Any) -> sqlite3.Cursor:  # type: ignore[override]
            if not self.in_transaction:
                super().cursor().execute(begin)
            fresh: sqlite3.Cursor = super().cursor(*arguments)
            return fresh

    # Not as a pragma: SQLAlchemy asks something of a new connection before anybody else does, and may have to wait.
    connect = {"factory": Connection, "timeout": BUSY_TIMEOUT_MS / 1000}
    engine = sa.create_engine(url, pool_size=POOL_SIZE, connect_args=connect)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own accord
        # Mapped, a page that is not in the cache of this connection costs no system call: with a million mandates each
        # decision meets some that nobody looked at before.
        usual = ("foreign_keys=ON", f"mmap_size={MAPPED_BYTES}")
        for pragma in (*usual, *pragmas):
            sqlite3.Connection.cursor(connection).execute(f"PRAGMA {pragma}")

    return engine


def _postgresql(url: sa.URL, *, isolation_level: Any, read_only: bool) -> sa.Engine:
    engine = sa.create_engine(url, pool_size=POOL_SIZE, isolation_level=isolation_level, pool_pre_ping=True)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.read_only = read_only

    return engine
