"""Transactions: one view to read, one at a time to write, all or nothing."""

import sqlite3
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from broker.store import database
from broker.store.changes import add
from broker.store.database import open_store
from broker.store.errors import StoreConflict, StoreUnavailable
from broker.store.logins import PendingLogin, create, find, replace
from tests.core.register_values import NOON, a_person


def a_login(**changes: object) -> PendingLogin:
    return PendingLogin(**{"id": "one", "step": "start", "expires_at": NOON, "document": "{}", **changes})


def test_a_failed_write_leaves_nothing_behind(store):
    def fails(tx):
        create(tx, a_login())
        raise KeyError("half way")

    with pytest.raises(KeyError):
        store.write(fails)
    assert store.read(lambda tx: find(tx, "one")) is None


def test_a_reader_cannot_write(store):
    with pytest.raises((StoreUnavailable, DBAPIError)):
        store.read(lambda tx: create(tx, a_login()))
    assert store.read(lambda tx: find(tx, "one")) is None


def test_a_reader_sees_one_moment(store):
    def changes_meanwhile(tx):
        before = find(tx, "one")
        store.write(lambda other: create(other, a_login()))
        return before, find(tx, "one")

    assert store.read(changes_meanwhile) == (None, None)
    assert store.read(lambda tx: find(tx, "one")) == a_login()


def test_no_increment_is_lost_between_threads(store):
    store.write(lambda tx: create(tx, a_login(document="0")))
    threads, each = 4, 15

    def increment(tx):
        login = find(tx, "one")
        replace(tx, PendingLogin("one", "start", NOON, str(int(login.document) + 1), version=login.version))

    def work():
        for _ in range(each):
            store.write(increment)

    running = [threading.Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert store.read(lambda tx: find(tx, "one")).document == str(threads * each)


def test_references_must_lead_somewhere(store):
    with pytest.raises(StoreConflict, match="persons"):
        store.write(lambda tx: add(tx, [a_person(organisation_id="nobody")]))


def test_a_busy_sqlite_store_is_unavailable_after_a_while(migrated_file, tmp_path, monkeypatch):
    monkeypatch.setattr("broker.store.engine.BUSY_TIMEOUT_MS", 20)
    monkeypatch.setattr(database, "FIRST_PAUSE_S", 0.0001)
    file = tmp_path / "busy.db"
    file.write_bytes(migrated_file.read_bytes())
    store = open_store(f"sqlite:///{file}")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        store.write(lambda tx: create(tx, a_login()))
    assert store.read(lambda tx: find(tx, "one")) is None  # readers do not wait for writers
    other.execute("ROLLBACK")
    store.write(lambda tx: create(tx, a_login()))
    other.close()
    store.close()


def test_a_missing_database_is_unavailable(tmp_path):
    store = open_store(f"postgresql://me@/db?host={tmp_path}")
    for use in (store.read, store.write):
        with pytest.raises(StoreUnavailable):
            use(lambda tx: find(tx, "one"))
    store.close()


def test_moments_come_back_as_they_were(store):
    moment = NOON.replace(microsecond=123456)
    amsterdam = moment.astimezone(tz=__import__("zoneinfo").ZoneInfo("Europe/Amsterdam")) + timedelta(hours=1)
    store.write(lambda tx: create(tx, a_login(expires_at=amsterdam)))
    found = store.read(lambda tx: find(tx, "one")).expires_at
    assert found == moment + timedelta(hours=1)
    assert found.utcoffset() == timedelta(0)


def test_a_moment_without_a_time_zone_is_refused(store):
    with pytest.raises(sa.exc.StatementError, match="without a time zone"):
        store.write(lambda tx: create(tx, a_login(expires_at=NOON.replace(tzinfo=None))))
