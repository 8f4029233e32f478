"""Numbers that only grow."""

from broker.store import sequences


def test_the_highest_number_stays_whatever_is_noted_later(store):
    assert store.read(lambda tx: sequences.highest(tx, "network")) == 0
    for number, expected in ((7, 7), (9, 9), (8, 9), (9, 9)):
        store.write(lambda tx, number=number: sequences.note(tx, "network", number))
        assert store.read(lambda tx: sequences.highest(tx, "network")) == expected


def test_each_name_has_a_number_of_its_own(store):
    store.write(lambda tx: sequences.note(tx, "network", 7))
    assert store.read(lambda tx: sequences.highest(tx, "other")) == 0
