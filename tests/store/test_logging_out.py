"""Where a login was, and logouts that wait."""

from datetime import timedelta

import pytest

from broker.store import logouts, sessions
from broker.store.sessions import KnownSession
from tests.core.register_values import NOON

SP, OTHER_SP = "urn:etoegang:DV:00000099000000110000:entities:9001", "urn:other"
FIRST = KnownSession("urn:etoegang:AD:00000099000000020000:entities:9001", "A" * 64)
SECOND = KnownSession("urn:etoegang:AD:00000099000000020001:entities:9001", "B" * 64)
SOON, SECOND_BEFORE = NOON + timedelta(hours=1), NOON + timedelta(minutes=59, seconds=59)


def put(store, session=FIRST, name_id="n", end=SOON):
    store.write(lambda tx: sessions.put(tx, SP, name_id, session, end))


def find(store, service_provider=SP, name_id="n", now=NOON):
    return store.read(lambda tx: sessions.find(tx, service_provider, name_id, now))


def test_a_login_is_known_to_its_service_provider_by_its_name_id(store):
    put(store)
    assert find(store) == FIRST
    assert find(store, service_provider=OTHER_SP) is None
    assert find(store, name_id="m") is None


def test_a_later_login_with_the_same_name_id_takes_its_place(store):
    put(store)
    put(store, SECOND)
    assert find(store) == SECOND


@pytest.mark.parametrize("name_id", ["x" * 100_000, "nul\x00", "\ud800", ""])
def test_a_name_id_may_be_anything(store, name_id):
    assert find(store, name_id=name_id) is None
    put(store, name_id=name_id)
    assert find(store, name_id=name_id) == FIRST


def test_a_login_is_forgotten(store):
    put(store)
    assert find(store, now=SECOND_BEFORE) == FIRST
    assert find(store, now=SOON) is None
    assert store.write(lambda tx: sessions.delete_expired(tx, SECOND_BEFORE)) == 0
    assert store.write(lambda tx: sessions.delete_expired(tx, SOON)) == 1
    assert find(store) is None


def test_a_logout_is_taken_once(store):
    store.write(lambda tx: logouts.put(tx, "one", "{}", SOON))
    assert store.read(lambda tx: logouts.find(tx, "one", NOON)) == "{}"
    assert store.write(lambda tx: logouts.take(tx, "one"))
    assert not store.write(lambda tx: logouts.take(tx, "one"))
    assert store.read(lambda tx: logouts.find(tx, "one", NOON)) is None
    assert store.read(lambda tx: logouts.find(tx, "nul\x00", NOON)) is None


def test_a_logout_is_forgotten(store):
    store.write(lambda tx: logouts.put(tx, "one", "{}", SOON))
    assert store.read(lambda tx: logouts.find(tx, "one", SECOND_BEFORE)) == "{}"
    assert store.read(lambda tx: logouts.find(tx, "one", SOON)) is None
    assert store.write(lambda tx: logouts.delete_expired(tx, SECOND_BEFORE)) == 0
    assert store.write(lambda tx: logouts.delete_expired(tx, SOON)) == 1
