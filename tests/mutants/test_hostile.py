"""Bombs, deep nesting and floods are refused by what the web layer calls; `make bench` measures what that costs."""

import pytest

from bench import refusals
from bench.refusals import Case, WentWrong
from tests.mutants.world import rows


def test_everything_that_is_meant_to_hurt_is_refused(a_world):
    sent, before = [], a_world.simulator.store.read(rows)
    for case in refusals.cases(a_world):
        a_world.told.clear()
        refusals.send(case)
        assert set(a_world.told) <= {before}, case.name
        sent.append(case.name)
    assert len(sent) == len(set(sent)) > 40


def test_a_flood_is_read_no_further_than_a_message_may_be(a_world, monkeypatch):
    """However long the body, and whether or not its length was told."""
    read = []

    class Counting(refusals.Flood):
        def readinto(self, buffer):
            count = super().readinto(buffer)
            read.append(count)
            return count

    monkeypatch.setattr(refusals, "Flood", Counting)
    for case in refusals.cases(a_world):
        if case.name.startswith("HTTP: "):
            read.clear()
            refusals.send(case)
            assert sum(read) < 1_000_000, case.name


def test_what_is_taken_is_not_called_refused(a_world, genuine):
    with pytest.raises(WentWrong):
        refusals.send(Case("taken", refusals.normal(a_world, genuine)))
    with pytest.raises(WentWrong):
        refusals.send(Case("refused", lambda: 413, taken=True))
