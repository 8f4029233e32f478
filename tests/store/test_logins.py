"""Pending logins: found by id or by request, replaced by one only, forgotten in time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broker.store import logins
from broker.store.errors import StoreConflict
from broker.store.logins import PendingLogin
from tests.core.register_values import NOON

LOGIN = PendingLogin(
    id="login-1",
    step="choose",
    expires_at=NOON + timedelta(minutes=15),
    document='{"naam": "Ünïcode ✓"}',
    browser="browser-1",
    authn_request_id="_request-1",
)


def test_a_login_is_found_as_it_was_stored(store):
    store.write(lambda tx: logins.create(tx, LOGIN))
    assert store.read(lambda tx: logins.find(tx, "login-1")) == LOGIN
    assert store.read(lambda tx: logins.find_by_request_id(tx, "_request-1")) == LOGIN


@pytest.mark.parametrize("unknown", ["", "login-2", "login-1 ", "LOGIN-1", "login-1\x00", "\ud800", "' OR 1=1 --"])
def test_any_other_text_finds_nothing(store, unknown):
    store.write(lambda tx: logins.create(tx, LOGIN))
    assert store.read(lambda tx: logins.find(tx, unknown)) is None
    assert store.read(lambda tx: logins.find_by_request_id(tx, unknown)) is None


def test_a_login_without_request_is_not_found_by_request(store):
    store.write(lambda tx: logins.create(tx, replace(LOGIN, authn_request_id=None)))
    store.write(lambda tx: logins.create(tx, replace(LOGIN, id="login-2", authn_request_id=None)))
    assert store.read(lambda tx: logins.find_by_request_id(tx, "None")) is None


@pytest.mark.parametrize("same", [{"authn_request_id": "_other"}, {"id": "login-2"}])
def test_id_and_request_id_are_unique(store, same):
    store.write(lambda tx: logins.create(tx, LOGIN))
    with pytest.raises(StoreConflict):
        store.write(lambda tx: logins.create(tx, replace(LOGIN, **same)))


def test_replacing_changes_everything_but_the_id_and_counts_the_version(store):
    store.write(lambda tx: logins.create(tx, LOGIN))
    changed = replace(
        LOGIN, step="done", document="[]", browser="b", authn_request_id="_2", expires_at=NOON + timedelta(hours=1)
    )
    following = store.write(lambda tx: logins.replace(tx, changed))
    assert following == replace(changed, version=2)
    assert store.read(lambda tx: logins.find(tx, "login-1")) == following


def test_only_one_of_two_that_saw_the_same_version_goes_on(store):
    store.write(lambda tx: logins.create(tx, LOGIN))
    store.write(lambda tx: logins.replace(tx, replace(LOGIN, step="first")))
    with pytest.raises(StoreConflict):
        store.write(lambda tx: logins.replace(tx, replace(LOGIN, step="second")))
    assert store.read(lambda tx: logins.find(tx, "login-1")).step == "first"


def test_a_login_that_is_gone_cannot_be_replaced(store):
    with pytest.raises(StoreConflict):
        store.write(lambda tx: logins.replace(tx, LOGIN))


def test_expired_logins_are_forgotten_and_others_are_not(store):
    later = replace(LOGIN, id="login-2", authn_request_id=None, expires_at=LOGIN.expires_at + timedelta(seconds=1))
    store.write(lambda tx: [logins.create(tx, login) for login in (LOGIN, later)])
    assert store.write(lambda tx: logins.delete_expired(tx, LOGIN.expires_at - timedelta(seconds=1))) == 0
    assert store.write(lambda tx: logins.delete_expired(tx, LOGIN.expires_at)) == 1
    assert store.read(lambda tx: logins.find(tx, "login-1")) is None
    assert store.read(lambda tx: logins.find(tx, "login-2")) == later
