"""`Store`: transactions on one database."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from broker.store.engine import read_url, reading_engine, writing_engine
from broker.store.errors import StoreUnavailable

Transaction = sa.Connection
Result = TypeVar("Result")

ATTEMPTS = 8
FIRST_PAUSE_S = 0.005
SERIALIZATION_FAILURES = frozenset({"40001", "40P01"})  # PostgreSQL: serialization_failure, deadlock_detected


@dataclass(frozen=True, slots=True)
class Store:
    """A database that may be shared with other processes. Safe to use from several threads.

    Not to be carried over a fork: open one in each process.
    """

    reader: sa.Engine
    writer: sa.Engine

    def read(self, work: Callable[[Transaction], Result]) -> Result:
        """Run `work` on one consistent view of the store and give its result; it cannot write.

        Raises `StoreUnavailable` when the database does not answer.
        """
        try:
            with self.reader.begin() as tx:
                return work(tx)
        except (OperationalError, InterfaceError) as error:
            raise _unavailable(error) from error

    def write(self, work: Callable[[Transaction], Result]) -> Result:
        """Run `work` in one serial transaction and give its result; an exception undoes everything.

        `work` is run again when another writer came in between, so it must have no effects outside the store.
        Raises `StoreUnavailable` when the database does not answer or stays busy.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                with self.writer.begin() as tx:
                    return work(tx)
            except (OperationalError, InterfaceError) as error:
                if attempt == ATTEMPTS or not _is_worth_another_try(error):
                    raise _unavailable(error) from error
            time.sleep(FIRST_PAUSE_S * 2**attempt)

    def close(self) -> None:
        """Close all connections; the store can be used again and then opens new ones."""
        self.reader.dispose()
        self.writer.dispose()


def open_store(url: str) -> Store:
    """The store at `url` (see `engine.read_url`), which `migrate` must have brought up to date.

    Connections are made when they are needed. Raises `ConfigError` when `url` is no address of a store.
    """
    parsed = read_url(url)
    return Store(reader=reading_engine(parsed), writer=writing_engine(parsed))


def _is_worth_another_try(error: DBAPIError) -> bool:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return getattr(cause, "sqlstate", None) in SERIALIZATION_FAILURES


def _unavailable(error: DBAPIError) -> StoreUnavailable:
    return StoreUnavailable(f"the store does not answer: {type(error.orig).__name__}")
