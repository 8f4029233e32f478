"""The chain of events: gap-free, bound together, and broken by every kind of meddling."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from broker.core.administration import lifecycle
from broker.core.administration.actors import OPERATOR
from broker.core.administration.events import changed, fold, state_of
from broker.store.administration import events, filed
from broker.store.administration.chain import ChainBroken
from broker.store.administration.tables import event_organisations
from broker.store.administration.tables import events as table
from broker.store.changes import add
from tests.core.administration.values import a_filed_mandate, now
from tests.core.register_values import CLIENT, NOON, OFFICE


def an_event(number, **changes):
    event = changed(
        "chain_mandate.revoked", OPERATOR, NOON, about=(CLIENT.id,), before=None, after=None, object_id=f"m{number}"
    )
    return replace(event, **changes)


@pytest.fixture
def written(store):
    store.write(lambda tx: events.append(tx, [an_event(1), an_event(2)]))
    store.write(lambda tx: events.append(tx, [an_event(3), an_event(4, about=(CLIENT.id, OFFICE.id, CLIENT.id))]))
    return store


def test_I13_numbers_have_no_gap_over_transactions_and_the_chain_is_right(written):
    assert [event.number for event in written.read(lambda tx: list(events.verified(tx)))] == [1, 2, 3, 4]


def test_I13_a_transaction_that_fails_leaves_no_gap(written):
    with pytest.raises(RuntimeError, match="undone"):
        written.write(_append_and_fail)
    written.write(lambda tx: events.append(tx, [an_event(5)]))
    assert [event.number for event in written.read(lambda tx: list(events.verified(tx)))] == [1, 2, 3, 4, 5]


def _append_and_fail(tx):
    events.append(tx, [an_event(5)])
    raise RuntimeError("undone")


@pytest.mark.parametrize(
    ("meddling", "first"),
    [
        (sa.update(table).where(table.c.number == 2).values(document="{}"), 2),
        (sa.delete(table).where(table.c.number == 2), 2),
        (sa.update(table).where(table.c.number == 3).values(digest=b"x" * 32), 3),
        (sa.update(table).where(table.c.number == 4).values(number=7), 4),
    ],
    ids=["changed", "removed", "another digest", "another number"],
)
def test_I13_meddling_is_seen_and_the_first_wrong_event_named(written, meddling, first):
    def meddle(tx):
        tx.execute(sa.delete(event_organisations))
        tx.execute(meddling)

    written.write(meddle)
    with pytest.raises(ChainBroken) as caught:
        written.read(lambda tx: list(events.verified(tx)))
    assert caught.value.number == first


def test_histories_are_newest_first_and_an_organisation_is_named_once(written):
    of_client = written.read(lambda tx: events.history_of_organisation(tx, CLIENT.id))
    assert [event.number for event in of_client] == [4, 3, 2, 1]
    page = written.read(lambda tx: events.history_of_organisation(tx, CLIENT.id, most=2, before=4))
    assert [event.number for event in page] == [3, 2]
    assert [event.number for event in written.read(lambda tx: events.history_of_organisation(tx, OFFICE.id))] == [4]
    assert [event.content["object_id"] for event in written.read(lambda tx: events.history_of(tx, "m3"))] == ["m3"]


def test_I13_the_state_of_a_mandate_is_the_fold_of_its_events(store):
    new = a_filed_mandate()
    store.write(lambda tx: add(tx, [OFFICE, CLIENT]))
    store.write(lambda tx: filed.insert(tx, [new]))
    away = lifecycle.suspend(new, OPERATOR, now(), "abuse")
    saved = store.write(lambda tx: filed.save(tx, away))
    about = (CLIENT.id, OFFICE.id)
    happened = [
        changed("chain_mandate.added", OPERATOR, NOON, about=about, before=None, after=new, object_id="m"),
        changed("chain_mandate.suspended", OPERATOR, NOON, about=about, before=new, after=saved, object_id="m"),
    ]
    store.write(lambda tx: events.append(tx, happened))
    documents = store.read(lambda tx: [event.content for event in events.verified(tx)])
    found = store.read(lambda tx: filed.load(tx, new.mandate.id))
    assert found == saved
    assert fold(documents) == {("chain_mandate", "m"): state_of(found)}
