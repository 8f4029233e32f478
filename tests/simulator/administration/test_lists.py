"""WEB-15: lists as CSV, whole, and harmless in a spreadsheet."""

import csv
from dataclasses import replace
from io import StringIO

import pytest

from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.relations import Relation
from broker.simulator.administration import lists
from broker.simulator.administration.mandates import Side
from broker.store.administration import relations
from broker.store.changes import add
from tests.core.register_values import EH2_PLUS, NOON, OFFICE, an_organisation
from tests.simulator.administration.standing import ON_BOTH
from tests.simulator.administration.world import BAKERY, GARAGE, OF_BAKERY, OF_OFFICE

FORMULAS = ("=1+1", "+31201234567", "-2", "@SUM(A1)", "\tx", "\r=1", "＝1")


def rows(lines):
    text = "".join(lines)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:], newline=""), delimiter=";"))


@ON_BOTH
def test_WEB_15_relations_whose_names_are_formulas_are_text(world):
    names = [an_organisation(f"client {n}", id=f"f-{n}", statutory_name=name) for n, name in enumerate(FORMULAS)]
    world.simulator.store.write(lambda tx: add(tx, names))
    new = [Relation(OFFICE.id, one.id, NOON, email="=a@b.example", contact="@x") for one in names]
    world.simulator.store.write(lambda tx: relations.insert(tx, new))
    found = rows(lists.relations(world.simulator, OF_OFFICE))
    assert {one["naam"] for one in found} == {f"'{name}" for name in FORMULAS}
    assert {(one["contactpersoon"], one["email"]) for one in found} == {("'@x", "'=a@b.example")}
    assert {one["relatie_sinds"] for one in found} == {"2026-11-24"}
    assert {one["kvk"] for one in found} == {one.kvk_number for one in names}


@ON_BOTH
def test_WEB_15_mandates_of_both_sides(world, monkeypatch):
    monkeypatch.setattr(lists, "_PART", 1)  # so that more than one part is read
    received = {world.put(client).mandate.id for client in (BAKERY, GARAGE)}
    found = rows(lists.mandates(world.simulator, OF_OFFICE, Side.RECEIVED, "nl"))
    assert [one["naam"] for one in found] == ["Bakkerij", "Garage"]
    assert {one["machtiging"] for one in found} == received
    assert {(one["status"], one["niveau"], one["diensten"]) for one in found} == {
        ("active", "EH3", "alle diensten, nu en later")
    }
    (granted,) = rows(lists.mandates(world.simulator, OF_BAKERY, Side.GRANTED, "en"))
    assert (granted["kvk"], granted["diensten"]) == (OFFICE.kvk_number, "all services, now and later")


def test_nobody_else_gets_a_list(world):
    low = replace(OF_OFFICE, level=EH2_PLUS)
    for make in (
        lambda: lists.relations(world.simulator, low),
        lambda: lists.mandates(world.simulator, low, Side.RECEIVED, "nl"),
    ):
        with pytest.raises(ChangeRefused) as caught:
            make()
        assert caught.value.obstacle is Obstacle.CHAIN_NEEDS_EH3
