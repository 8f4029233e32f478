"""Logins, assertions and sessions when several want the same at the same time, and when time passes."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sp_demo.facts import Facts, Identifier, Intermediary
from sp_demo.refusal import Reason, Refused
from sp_demo.store import LOGIN_TIME, SESSION_TIME, Login, Session, Store

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
FACTS = Facts(
    assertion_id="_a",
    services=("urn:etoegang:DV:00000099000000120000:services:9001",),
    service_uuids=(),
    level="EH3",
    authenticating_authority=None,
    acting_subject=Identifier("urn:etoegang:1.13:EntityConcernedID:Pseudo", "P"),
    legal_subject=(Identifier("urn:etoegang:1.9:EntityConcernedID:KvKnr", "90004566"),),
    intermediary=Intermediary("90001354", None),
    branch=None,
    valid_from="2030-01-02T03:04:00Z",
    valid_until="2030-01-02T03:06:00Z",
    session_index=None,
    evidence=("urn:a", "urn:b"),
)
SESSION = Session(FACTS, "_q", "_r", ("signatures",))


def login(number):
    return Login(f"_q{number}", f"_s{number}", "browser", "kvk", 9001)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "state.sqlite")


def test_a_session_comes_back_as_it_was(store):
    store.begin(login(1), NOW)
    store.open_session(login(1), SESSION, "token", NOW)
    assert store.session("kvk", "token", NOW) == SESSION
    assert store.session("gemeente", "token", NOW) is None
    assert store.session("kvk", "", NOW) is None


def test_a_session_is_of_a_person_and_an_organisation_together():
    other = replace(FACTS, legal_subject=(Identifier("urn:etoegang:1.9:EntityConcernedID:KvKnr", "90009999"),))
    assert SESSION.key != replace(SESSION, facts=other).key
    assert SESSION.key[0] == replace(SESSION, facts=other).key[0]


def test_of_many_that_finish_one_login_one_succeeds(store):
    store.begin(login(1), NOW)

    def finish(number):
        try:
            store.open_session(
                login(1), replace(SESSION, facts=replace(FACTS, assertion_id=f"_{number}")), f"t{number}", NOW
            )
        except Refused as refused:
            return refused.reason
        return None

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(finish, range(8)))
    assert sorted(outcomes, key=str) == [None, *[Reason.USED_BEFORE] * 7]


def test_of_many_with_one_assertion_one_succeeds_and_the_others_leave_no_trace(store):
    for number in range(8):
        store.begin(login(number), NOW)

    def finish(number):
        try:
            store.open_session(login(number), SESSION, f"t{number}", NOW)
        except Refused as refused:
            return refused.reason
        return None

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(finish, range(8)))
    assert sorted(outcomes, key=str) == [None, *[Reason.USED_BEFORE] * 7]
    under_way = [number for number in range(8) if outcomes[number] is not None]
    for number in under_way:
        assert store.find("kvk", f"_s{number}", "browser", NOW) == login(number)
        assert store.session("kvk", f"t{number}", NOW) is None


def test_time_ends_logins_and_sessions(store):
    store.begin(login(1), NOW)
    with pytest.raises(Refused):
        store.find("kvk", "_s1", "browser", NOW + LOGIN_TIME)
    store.open_session(login(1), SESSION, "token", NOW)
    assert store.session("kvk", "token", NOW + SESSION_TIME - timedelta(seconds=1)) == SESSION
    assert store.session("kvk", "token", NOW + SESSION_TIME) is None


def test_what_is_over_is_forgotten_at_the_next_login(store, tmp_path):
    store.begin(login(1), NOW)
    store.open_session(login(1), SESSION, "token", NOW)
    store.begin(login(2), NOW)
    store.begin(login(3), NOW + timedelta(days=1))
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as database:
        counts = {
            table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("login", "used_assertion", "session")
        }
    assert counts == {"login": 1, "used_assertion": 0, "session": 0}


def test_the_state_outlives_the_process(store, tmp_path):
    store.begin(login(1), NOW)
    assert Store(tmp_path / "state.sqlite").find("kvk", "_s1", "browser", NOW) == login(1)
