"""Renewing: in place while the mandate lasts, by a successor after that; whoever was coupled stays coupled."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.trade_register import KvkResult
from broker.core.mandates import ChainStatus, Origin
from broker.core.organisations import PersonStatus
from broker.core.validity import Validity
from broker.simulator.administration import coupling, renewing
from broker.store.administration import checks
from broker.store.administration import trade_register as answers
from broker.store.administration.trade_register import Answer
from broker.store.changes import replace_party
from tests.core.register_values import NOON, TODAY
from tests.simulator.administration.world import (
    ANNA_EH3,
    BAKERY,
    BORIS,
    BORIS_EH3,
    JUNIOR,
    OF_BAKERY,
    OF_GARAGE,
    OF_OFFICE,
)

PERIOD = Validity(date(2025, 1, 1), date(2026, 12, 31))
UNTIL = date(2029, 12, 31)
AFTERWARDS = datetime(2027, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def issued(either_world):
    """A mandate that the bakery issued itself, coupled to Anna's and Boris's means, that ends this year."""
    made = either_world.put(id="m1", origin=Origin.SELF_ISSUED, validity=PERIOD)
    coupling.couple(either_world.simulator, OF_OFFICE, "m1", [ANNA_EH3.id, BORIS_EH3.id])
    return made


def obstacle_of(*arguments, **changes) -> Obstacle:
    with pytest.raises(ChangeRefused) as caught:
        renewing.renew(*arguments, **changes)
    return caught.value.obstacle


def test_renewed_in_place_with_a_new_check_and_all_its_couplings(either_world, issued):
    renewed = renewing.renew(either_world.simulator, OF_BAKERY, "m1", UNTIL, issued.mandate.version)
    assert renewed.mandate.id == "m1"
    assert renewed.mandate.validity == Validity(TODAY, UNTIL)
    check = either_world.simulator.store.read(lambda tx: checks.find(tx, renewed.dossier.check_id))
    assert (check.organisation_id, check.checked_at) == (BAKERY.id, NOON)
    assert {one.coupling.validity for one in either_world.couplings("m1").values()} == {Validity(TODAY, UNTIL)}
    later = either_world.at(AFTERWARDS)
    assert either_world.refusal(renewed.mandate, ANNA_EH3.id, sim=later) is None
    assert either_world.actions()[-4:] == ["kvk_check.made", "chain_mandate.renewed"] + ["mandate_coupling.renewed"] * 2


def test_after_expiry_a_new_mandate_copies_scope_and_couplings(either_world, issued):
    later = either_world.at(AFTERWARDS)
    assert either_world.refusal(issued.mandate, ANNA_EH3.id, sim=later).value == "CHAIN_EXPIRED"
    new = renewing.renew(later, OF_BAKERY, "m1", UNTIL)
    assert new.mandate.id != "m1"
    assert (new.dossier.successor_of, new.mandate.status) == ("m1", ChainStatus.ACTIVE)
    assert (new.mandate.scope, new.mandate.level, new.mandate.origin) == (
        issued.mandate.scope,
        issued.mandate.level,
        Origin.SELF_ISSUED,
    )
    assert new.mandate.validity == Validity(date(2027, 1, 1), UNTIL)
    assert set(either_world.couplings(new.mandate.id)) == {ANNA_EH3.id, BORIS_EH3.id}
    assert either_world.refusal(new.mandate, BORIS_EH3.id, sim=later) is None
    assert either_world.mandate("m1") == issued


def test_a_successor_takes_no_couplings_along_that_had_ended_or_may_not_be(world):
    old = world.put(id="m1", origin=Origin.SELF_ISSUED, validity=PERIOD)
    coupling.couple(world.simulator, OF_OFFICE, "m1", [ANNA_EH3.id, BORIS_EH3.id])
    coupling.uncouple(world.simulator, OF_OFFICE, world.couplings("m1")[ANNA_EH3.id].coupling.id)
    world.simulator.store.write(lambda tx: replace_party(tx, replace(BORIS, status=PersonStatus.BLOCKED)))
    new = renewing.renew(world.at(AFTERWARDS), OF_BAKERY, old.mandate.id, UNTIL)
    assert world.couplings(new.mandate.id) == {}


def test_a_successor_is_made_once(world):
    world.put(id="m1", origin=Origin.SELF_ISSUED, validity=PERIOD)
    renewing.renew(world.at(AFTERWARDS), OF_BAKERY, "m1", UNTIL)
    assert obstacle_of(world.at(AFTERWARDS), OF_BAKERY, "m1", UNTIL) is Obstacle.ALREADY_THERE


@pytest.mark.parametrize(
    ("actor", "obstacle"),
    [
        (OF_OFFICE, Obstacle.SIGNATURES_MISSING),
        (JUNIOR, Obstacle.SIGNATURES_MISSING),
        (OF_GARAGE, Obstacle.NOT_FOUND),
    ],
    ids=["intermediary", "may not act alone", "somebody else"],
)
def test_a_renewal_needs_the_client(world, actor, obstacle):
    made = world.put(id="m1", origin=Origin.SELF_ISSUED, validity=PERIOD)
    assert obstacle_of(world.simulator, actor, "m1", UNTIL) is obstacle
    assert world.mandate("m1") == made


def test_M51_the_client_of_an_invited_mandate_leaves_it_to_the_intermediary(world):
    world.put(id="m1", validity=PERIOD)
    assert obstacle_of(world.simulator, OF_BAKERY, "m1", UNTIL) is Obstacle.NOT_BY_THIS_PARTY


@pytest.mark.parametrize(
    ("until", "obstacle"),
    [(date(2026, 12, 1), Obstacle.PERIOD_IN_THE_PAST), (date(2031, 11, 25), Obstacle.PERIOD_TOO_LONG)],
)
def test_I3_the_new_end_lies_behind_the_old_one_and_within_five_years(world, until, obstacle):
    world.put(id="m1", origin=Origin.SELF_ISSUED, validity=PERIOD)
    assert obstacle_of(world.simulator, OF_BAKERY, "m1", until) is obstacle


@pytest.mark.parametrize(
    ("result", "obstacle"),
    [(KvkResult.INACTIVE, Obstacle.KVK_NOT_ACTIVE), (KvkResult.ERROR, Obstacle.KVK_NO_ANSWER)],
)
def test_I7_nothing_is_renewed_without_a_right_check(world, result, obstacle):
    made = world.put(id="m1", origin=Origin.SELF_ISSUED, validity=PERIOD)
    said = Answer(BAKERY.kvk_number, result, "operator", NOON)
    world.simulator.store.write(lambda tx: answers.put_answer(tx, said))
    assert obstacle_of(world.simulator, OF_BAKERY, "m1", UNTIL) is obstacle
    assert world.mandate("m1") == made


def test_WEB14_a_renewal_of_what_changed_meanwhile_is_not_made(world):
    made = world.put(id="m1", origin=Origin.SELF_ISSUED, validity=PERIOD)
    renewing.renew(world.simulator, OF_BAKERY, "m1", date(2028, 1, 1), made.mandate.version)
    assert obstacle_of(world.simulator, OF_BAKERY, "m1", UNTIL, made.mandate.version) is Obstacle.CHANGED_MEANWHILE
