"""What the Beheermodule reads: sessions, who may log in for an organisation, numbers and lists for its first pages."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from broker.core.assurance import AssuranceLevel
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.validity import Validity
from broker.store import module_sessions
from broker.store.administration import relations
from broker.store.changes import add, replace_mandate
from broker.store.holders import list_holders
from broker.store.mandate_counts import count_mandates
from broker.store.module_sessions import ModuleSession
from broker.store.own_couplings import count_own, list_own
from tests.core.register_values import (
    CLIENT,
    NOON,
    OFFICE,
    TODAY,
    a_coupling,
    a_direct_link,
    a_mandate,
    a_means,
    a_person,
    an_organisation,
)

SESSION = ModuleSession("means", "office", AssuranceLevel.EH3, "A" * 64, NOON, NOON + timedelta(hours=8))
NAMES = ("Appel", "Bes", "Citroen", "Druif")
CLIENTS = tuple(an_organisation(name) for name in NAMES)


def test_a_session_is_found_by_its_token_and_no_other(store):
    store.write(lambda tx: module_sessions.put(tx, "token", SESSION))
    assert store.read(lambda tx: module_sessions.find(tx, "token")) == SESSION
    assert store.read(lambda tx: module_sessions.find(tx, "Token")) is None


def test_a_session_that_is_used_is_remembered_as_such(store):
    store.write(lambda tx: module_sessions.put(tx, "token", SESSION))
    later = NOON + timedelta(minutes=5)
    store.write(lambda tx: module_sessions.seen(tx, "token", later))
    assert store.read(lambda tx: module_sessions.find(tx, "token")) == replace(SESSION, seen_at=later)


def test_sessions_end_one_by_one_or_when_their_time_has_come(store):
    for token in ("one", "two"):
        store.write(lambda tx, token=token: module_sessions.put(tx, token, SESSION))
    store.write(lambda tx: module_sessions.delete(tx, "one"))
    assert store.read(lambda tx: module_sessions.find(tx, "one")) is None
    assert store.write(lambda tx: module_sessions.delete_expired(tx, SESSION.expires_at - timedelta(seconds=1))) == 0
    assert store.write(lambda tx: module_sessions.delete_expired(tx, SESSION.expires_at)) == 1
    assert store.read(lambda tx: module_sessions.find(tx, "two")) is None


@pytest.fixture
def office(store):
    """The office with four clients; the means is coupled to the mandates of three of them."""
    mandates = [a_mandate(client) for client in CLIENTS]
    couplings = [a_coupling(mandate) for mandate in mandates[:3]]
    values = [OFFICE, CLIENT, *CLIENTS, a_person(), a_means(), a_direct_link().mandate, *mandates, *couplings]
    store.write(lambda tx: add(tx, values))
    return store


def test_holders_are_the_means_with_a_mandate_for_the_organisation_whatever_its_state(office):
    (holder,) = office.read(lambda tx: list_holders(tx, OFFICE.kvk_number))
    assert (holder.means_id, holder.organisation_id) == (a_means().id, OFFICE.id)
    assert holder.internal_pseudonym == a_means().internal_pseudonym
    assert office.read(lambda tx: list_holders(tx, CLIENT.kvk_number)) == ()


def test_a_means_with_two_mandates_is_one_holder(office):
    twice = replace(a_direct_link().mandate, id="twice", status=LinkStatus.REVOKED)
    office.write(lambda tx: add(tx, [twice]))
    assert len(office.read(lambda tx: list_holders(tx, OFFICE.kvk_number))) == 1


def test_mandates_are_counted_by_status_and_expiry_follows_from_the_clock(office):
    ended = [
        replace(a_mandate(CLIENTS[0]), id="over", validity=Validity(date(2024, 1, 1), TODAY - timedelta(days=1))),
        replace(a_mandate(CLIENTS[0]), id="revoked", status=ChainStatus.REVOKED),
        replace(
            a_mandate(CLIENTS[0]),
            id="declined",
            status=ChainStatus.DECLINED,
            validity=Validity(date(2024, 1, 1), TODAY - timedelta(days=1)),
        ),
    ]
    office.write(lambda tx: add(tx, ended))
    counts = office.read(lambda tx: count_mandates(tx, OFFICE.id, TODAY))
    assert counts.received == {
        ChainStatus.ACTIVE: 4,
        ChainStatus.EXPIRED: 1,
        ChainStatus.REVOKED: 1,
        ChainStatus.DECLINED: 1,
    }
    assert counts.granted == {}
    assert office.read(lambda tx: count_mandates(tx, CLIENTS[1].id, TODAY)).granted == {ChainStatus.ACTIVE: 1}
    last = a_mandate().validity.valid_until
    assert office.read(lambda tx: count_mandates(tx, CLIENTS[1].id, last)).granted == {ChainStatus.ACTIVE: 1}
    assert office.read(lambda tx: count_mandates(tx, CLIENTS[1].id, last + timedelta(days=1))).granted == {
        ChainStatus.EXPIRED: 1
    }


def test_relations_are_counted_as_they_are_registered(office):
    assert office.read(lambda tx: count_mandates(tx, OFFICE.id, TODAY)).relations == 0
    made = [relations.Relation(OFFICE.id, client.id, NOON) for client in CLIENTS[:2]]
    office.write(lambda tx: relations.insert(tx, made))
    assert office.read(lambda tx: count_mandates(tx, OFFICE.id, TODAY)).relations == 2


def own(store, typed="", *, offset=0, most=25, day=TODAY, through=OFFICE):
    found = store.read(lambda tx: list_own(tx, a_means().id, through.id, day, typed, offset=offset, most=most))
    return [link.client.statutory_name for link in found]


def counted(store, typed="", *, day=TODAY):
    return store.read(lambda tx: count_own(tx, a_means().id, OFFICE.id, day, typed))


def test_own_couplings_are_those_of_the_means_by_name(office):
    assert own(office) == ["Appel", "Bes", "Citroen"]
    assert own(office, offset=1, most=1) == ["Bes"]
    assert counted(office) == 3


def test_own_couplings_are_found_by_name_and_by_number(office):
    assert (own(office, "bes"), counted(office, "bes")) == (["Bes"], 1)
    number = CLIENTS[2].kvk_number
    assert own(office, number) == ["Citroen"]
    assert (own(office, "%"), counted(office, "%")) == ([], 0)


def test_own_couplings_are_those_of_today_through_this_organisation(office):
    end = a_mandate().validity.valid_until
    assert own(office, day=end) == ["Appel", "Bes", "Citroen"]
    assert own(office, day=end + timedelta(days=1)) == []
    assert own(office, through=CLIENT) == []


def test_a_mandate_that_is_revoked_is_no_longer_among_them(office):
    office.write(lambda tx: replace_mandate(tx, a_mandate(CLIENTS[0], status=ChainStatus.REVOKED)))
    assert own(office) == ["Bes", "Citroen"]
