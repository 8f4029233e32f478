"""What is at hand: kept per person, bounded, and shown only as far as the decision gives it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.core.decision import decide
from broker.core.entries import Entry, entry_of
from broker.store import shortcuts
from broker.store.changes import add
from broker.store.register import means_in_use
from broker.store.shortcuts import MOST_PINNED, MOST_RECENT
from tests.core.random_registers import asked_registers
from tests.core.register_values import NOON, OFFICE, a_means, a_person, an_organisation
from tests.store.test_selection import DIFFERENTIAL, in_passing

FLEUR, BRAM = a_person(), a_person(id="bram")
CLIENTS = [an_organisation(f"Klant {number:02}") for number in range(MOST_PINNED + 2)]
ENTRIES = [Entry(client.id, OFFICE.id) for client in CLIENTS]


@pytest.fixture
def people(store):
    store.write(lambda tx: add(tx, [OFFICE, *CLIENTS, FLEUR, BRAM, a_means(FLEUR)]))
    return store


def recent(store, person=FLEUR):
    return store.read(lambda tx: shortcuts._read(tx, shortcuts._RECENT, person.id))


def use(store, number: int, minute: int, person=FLEUR) -> None:
    moment = NOON + timedelta(minutes=minute)
    store.write(lambda tx: shortcuts.remember_use(tx, person.id, ENTRIES[number], moment))


def test_the_last_ten_are_remembered_and_no_more_is_kept(people):
    use(people, 0, 0, BRAM)
    for number in range(MOST_RECENT + 2):
        use(people, number, number)
    use(people, 5, 100)
    expected = [5, 11, 10, 9, 8, 7, 6, 4, 3, 2]
    assert recent(people) == [ENTRIES[number] for number in expected]
    assert recent(people, BRAM) == [ENTRIES[0]]
    table = shortcuts.recent_entries
    assert len(people.read(lambda tx: tx.execute(table.select()).all())) == MOST_RECENT + 1


def test_pins_are_bounded_and_pinning_twice_is_once(people):
    def pinned(number: int) -> bool:
        return people.write(lambda tx: shortcuts.pin(tx, FLEUR.id, ENTRIES[number]))

    assert all(pinned(number) for number in range(MOST_PINNED))
    assert pinned(0)
    assert not pinned(MOST_PINNED)
    people.write(lambda tx: shortcuts.unpin(tx, FLEUR.id, ENTRIES[3]))
    assert pinned(MOST_PINNED)
    expected = {entry for number, entry in enumerate(ENTRIES[: MOST_PINNED + 1]) if number != 3}
    assert people.read(lambda tx: shortcuts.pinned_by(tx, FLEUR.id)) == expected
    assert people.read(lambda tx: shortcuts.pinned_by(tx, BRAM.id)) == frozenset()


def test_entries_tell_branches_and_routes_apart(people):
    kinds = [Entry(OFFICE.id), replace(Entry(OFFICE.id), branch="000000000001"), Entry(CLIENTS[0].id, OFFICE.id)]
    for entry in kinds:
        people.write(lambda tx, entry=entry: shortcuts.pin(tx, FLEUR.id, entry))
    assert people.read(lambda tx: shortcuts.pinned_by(tx, FLEUR.id)) == set(kinds)


@settings(DIFFERENTIAL, max_examples=40)
@given(asked=asked_registers(), data=st.data())
def test_I9_what_is_shown_at_hand_is_what_the_decision_gives(store, asked, data):
    """Whatever somebody pinned and used: those of it that are candidates now, as they stand in the list, each once."""
    register, question = asked
    links = register.links(question.in_use)
    known = sorted({entry_of(link) for link in links}, key=repr)

    def compare(tx):
        add(tx, register.values)
        person, held = question.in_use.person.id, question.in_use.means
        pins = data.draw(st.lists(st.sampled_from(known), unique=True)) if known else []
        uses = data.draw(st.lists(st.sampled_from(known), max_size=MOST_RECENT)) if known else []
        for entry in pins:
            shortcuts.pin(tx, person, entry)
        for minute, entry in enumerate(uses):
            shortcuts.remember_use(tx, person, entry, NOON + timedelta(minutes=minute))
        found = replace(question, in_use=means_in_use(tx, held.internal_pseudonym, held.authentication_service))
        at_hand = shortcuts.shortcuts(tx, found, shortcuts.pinned_by(tx, person))

        candidates = decide(question, links).candidates
        by_entry = {candidate.entry: candidate for candidate in candidates}
        latest = [entry for entry in dict.fromkeys(reversed(uses)) if entry not in pins]
        assert list(at_hand.pinned) == [candidate for candidate in candidates if candidate.entry in pins]
        assert list(at_hand.recent) == [by_entry[entry] for entry in latest if entry in by_entry]

    in_passing(store, compare)
