"""What is kept of logins goes when its time is over, and what anybody can send is bounded."""

from datetime import timedelta

from broker.core.recorded import Carrier, Direction, LoginRecord, Outcome, WireMessage
from broker.store.audit import messages, records
from broker.store.audit.records import Wanted
from tests.core.register_values import NOON

DAY = timedelta(days=1)


def keep(tx, name, at, outcome=Outcome.GRANTED):
    octets = b"<AuthnRequest/>"
    message = WireMessage(name, at, Direction.RECEIVED, Carrier.POST, "AuthnRequest", "urn:sp", octets, f"_{name}")
    messages.put(tx, message, b"sealed")
    records.put(tx, LoginRecord(name, at, "urn:sp", "", outcome, ended_at=at))


def test_bodies_go_oldest_first_a_piece_at_a_time_and_the_rest_of_the_row_stays(store):
    def fill(tx):
        for number in range(5):
            keep(tx, f"l{number}", NOON + number * DAY)

    store.write(fill)
    pieces = [store.write(lambda tx: messages.forget_bodies(tx, NOON + 3 * DAY, most=2)) for _ in range(3)]
    assert pieces == [2, 1, 0]
    found = [store.read(lambda tx, name=f"l{number}": messages.of_login(tx, name)[0]) for number in range(5)]
    assert [one.sealed for one in found] == [None, None, None, b"sealed", b"sealed"]
    assert {len(one.sha256) for one in found} == {64}


def test_messages_that_were_not_trusted_go_whole_by_age_and_by_number_and_no_other_goes(store):
    def fill(tx):
        for number in range(6):
            keep(tx, f"u{number}", NOON + number * DAY, Outcome.UNTRUSTED)
        keep(tx, "old", NOON - 99 * DAY, Outcome.UNSUPPORTED)

    def left(tx):
        return [one.id for one in records.search(tx, Wanted())]

    store.write(fill)
    assert store.write(lambda tx: records.forget_untrusted_before(tx, NOON + 2 * DAY, at_once=1)) == 1
    assert store.write(lambda tx: records.forget_untrusted_before(tx, NOON + 2 * DAY)) == 1
    assert store.write(lambda tx: records.forget_untrusted_before(tx, NOON + 2 * DAY)) == 0
    assert store.write(lambda tx: records.forget_untrusted_beyond(tx, most=3)) == 1
    assert store.write(lambda tx: records.forget_untrusted_beyond(tx, most=3)) == 0
    assert store.read(left) == ["u5", "u4", "u3", "old"]
    assert store.read(lambda tx: messages.of_login(tx, "u0")) == ()
    assert len(store.read(lambda tx: messages.of_login(tx, "old"))) == 1
