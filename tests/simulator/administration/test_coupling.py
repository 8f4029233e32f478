"""Coupling mandates to means: one by one and in bulk, by whom, and what a login makes of it."""

from dataclasses import replace

import pytest

from broker.core.administration.actors import ActorKind
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.refusals import DenialReason
from broker.simulator.administration import colleagues, coupling, uncoupling
from broker.simulator.administration.coupling import Bulk, Outcome
from broker.simulator.administration.uncoupling import Ended
from broker.store.changes import replace_party
from broker.store.tables import direct_mandates
from tests.simulator.administration.world import (
    ANNA,
    ANNA_EH3,
    BAKERY,
    BORIS,
    BORIS_EH2_PLUS,
    BORIS_EH3,
    CARLA_TAX,
    FLORIST,
    GARAGE,
    OF_BAKERY,
    OF_GARAGE,
    OF_OFFICE,
)


@pytest.fixture
def mandate(world):
    return world.put(id="m1").mandate


def obstacle_of(work, *arguments) -> Obstacle:
    with pytest.raises(ChangeRefused) as caught:
        work(*arguments)
    return caught.value.obstacle


def test_M12_M22_two_users_are_coupled_and_uncoupling_one_leaves_the_other(world, mandate):
    outcome = coupling.couple(world.simulator, OF_OFFICE, mandate.id, [ANNA_EH3.id, BORIS_EH3.id])
    assert outcome == Outcome(coupled=2)
    assert world.refusal(mandate, ANNA_EH3.id) is None
    assert world.refusal(mandate, BORIS_EH3.id) is None
    of_anna = world.couplings(mandate.id)[ANNA_EH3.id].coupling
    coupling.uncouple(world.simulator, OF_OFFICE, of_anna.id, of_anna.version)
    assert world.refusal(mandate, ANNA_EH3.id).value == "COUPLING_NOT_ACTIVE"
    assert world.refusal(mandate, BORIS_EH3.id) is None
    assert world.actions() == ["mandate_coupling.added"] * 2 + ["mandate_coupling.ended"]


def test_M22_coupled_twice_is_told_and_after_uncoupling_it_can_be_again(world, mandate):
    coupling.couple(world.simulator, OF_OFFICE, mandate.id, [ANNA_EH3.id])
    assert coupling.couple(world.simulator, OF_OFFICE, mandate.id, [ANNA_EH3.id]) == Outcome(already=1)
    coupling.uncouple(world.simulator, OF_OFFICE, world.couplings(mandate.id)[ANNA_EH3.id].coupling.id)
    assert coupling.couple(world.simulator, OF_OFFICE, mandate.id, [ANNA_EH3.id]) == Outcome(coupled=1)
    assert world.refusal(mandate, ANNA_EH3.id) is None


def test_a_coupling_is_suspended_and_resumed(world, mandate):
    coupling.couple(world.simulator, OF_OFFICE, mandate.id, [ANNA_EH3.id])
    made = world.couplings(mandate.id)[ANNA_EH3.id].coupling
    away = coupling.suspend(world.simulator, OF_OFFICE, made.id, made.version)
    assert world.refusal(mandate, ANNA_EH3.id).value == "COUPLING_NOT_ACTIVE"
    coupling.resume(world.simulator, OF_OFFICE, made.id, away.version)
    assert world.refusal(mandate, ANNA_EH3.id) is None


REFUSED_MEANS = {BORIS_EH2_PLUS.id: Obstacle.COUPLED_MEANS_TOO_LOW, CARLA_TAX.id: Obstacle.COUPLED_MEANS_NOT_REGULAR}


@pytest.mark.parametrize("means_id", REFUSED_MEANS)
def test_M31_M48_means_that_cannot_be_coupled_do_not_block_others(world, mandate, means_id):
    outcome = coupling.couple(world.simulator, OF_OFFICE, mandate.id, [means_id, ANNA_EH3.id])
    assert outcome == Outcome(coupled=1, refused={REFUSED_MEANS[means_id]: 1})
    assert list(world.couplings(mandate.id)) == [ANNA_EH3.id]
    assert obstacle_of(coupling.check, world.simulator, OF_OFFICE, [means_id]) is REFUSED_MEANS[means_id]


def test_M12_M31_M48_the_users_with_means_level_couplings_and_what_keeps_them_out(either_world):
    made = either_world.put(id="m1").mandate
    coupling.couple(either_world.simulator, OF_OFFICE, made.id, [ANNA_EH3.id])
    told = {
        one.means.id: (one.obstacle, one.couplings) for one in colleagues.colleagues(either_world.simulator, OF_OFFICE)
    }
    assert told == {
        ANNA_EH3.id: (None, 1),
        BORIS_EH3.id: (None, 0),
        BORIS_EH2_PLUS.id: (Obstacle.COUPLED_MEANS_TOO_LOW, 0),
        CARLA_TAX.id: (Obstacle.COUPLED_MEANS_NOT_REGULAR, 0),
    }
    assert colleagues.colleagues(either_world.simulator, OF_BAKERY) == ()


def test_E18_who_leaves_the_intermediary_has_no_couplings_from_that_moment(world, mandate):
    coupling.couple(world.simulator, OF_OFFICE, mandate.id, [BORIS_EH3.id])
    assert world.refusal(mandate, BORIS_EH3.id) is None
    world.simulator.store.write(lambda tx: replace_party(tx, replace(BORIS, organisation_id=GARAGE.id)))
    assert world.refusal(mandate, BORIS_EH3.id).value == "CHAIN_BROKEN"
    again = coupling.couple(world.simulator, OF_OFFICE, world.put(GARAGE, id="m2").mandate.id, [BORIS_EH3.id])
    assert again == Outcome(refused={Obstacle.COUPLED_MEANS_OF_OTHERS: 1})


def test_I2_whoever_left_with_a_direct_mandate_of_the_intermediary_stays(world, mandate):
    world.simulator.store.write(lambda tx: replace_party(tx, replace(ANNA, organisation_id=GARAGE.id)))
    assert coupling.couple(world.simulator, OF_OFFICE, mandate.id, [ANNA_EH3.id]) == Outcome(coupled=1)
    world.simulator.store.write(lambda tx: tx.execute(direct_mandates.update().values(status=LinkStatus.REVOKED)))
    assert world.refusal(mandate, ANNA_EH3.id).value == "CHAIN_BROKEN"


def test_WEB13_couplings_of_others_do_not_exist_and_the_client_has_none(world, mandate):
    coupling.couple(world.simulator, OF_OFFICE, mandate.id, [ANNA_EH3.id])
    made = world.couplings(mandate.id)[ANNA_EH3.id].coupling
    for work in (coupling.uncouple, coupling.suspend, coupling.resume):
        assert obstacle_of(work, world.simulator, OF_GARAGE, made.id) is Obstacle.NOT_FOUND
        assert obstacle_of(work, world.simulator, OF_OFFICE, "nothing") is Obstacle.NOT_FOUND
        assert obstacle_of(work, world.simulator, OF_BAKERY, made.id) is Obstacle.NOT_FOUND
    assert obstacle_of(coupling.couple, world.simulator, OF_GARAGE, mandate.id, [ANNA_EH3.id]) is Obstacle.NOT_FOUND
    assert obstacle_of(coupling.couple, world.simulator, OF_OFFICE, mandate.id, ["nothing"]) is (
        Obstacle.COUPLED_MEANS_OF_OTHERS
    )
    assert world.actions() == ["mandate_coupling.added"]


def test_WEB14_a_coupling_that_changed_meanwhile_is_not_changed_again(world, mandate):
    coupling.couple(world.simulator, OF_OFFICE, mandate.id, [ANNA_EH3.id])
    seen = world.couplings(mandate.id)[ANNA_EH3.id].coupling
    coupling.suspend(world.simulator, OF_OFFICE, seen.id, seen.version)
    assert obstacle_of(coupling.uncouple, world.simulator, OF_OFFICE, seen.id, seen.version) is (
        Obstacle.CHANGED_MEANWHILE
    )


def test_M22_in_bulk_all_relations_to_some_users_in_parts(either_world):
    """Each part goes on where the one before ended, whatever happened in between, and asking again does nothing."""
    world, sim = either_world, either_world.simulator
    for client in (BAKERY, GARAGE, FLORIST):
        world.put(client, id=f"m-{client.id}")
    world.put(BAKERY, id="m-ended", status=ChainStatus.REVOKED)
    coupling.couple(sim, OF_OFFICE, f"m-{GARAGE.id}", [ANNA_EH3.id])
    wanted = Bulk((ANNA_EH3.id, BORIS_EH3.id))
    assert coupling.count(sim, OF_OFFICE, "") == 3
    outcome = Outcome()
    after, parts = "", 0
    while after is not None:
        part = coupling.couple_part(sim, OF_OFFICE, wanted, after, most=1, batch=1)
        outcome, after, parts = outcome + part.outcome, part.after, parts + 1
    assert (outcome, parts) == (Outcome(coupled=5, already=1), 4)
    assert coupling.couple_part(sim, OF_OFFICE, wanted).outcome == Outcome(already=6)
    assert {one.couplings for one in colleagues.colleagues(sim, OF_OFFICE) if one.obstacle is None} == {3}


def test_M22_M12_uncoupled_in_bulk_in_parts_and_nobody_else_is(either_world):
    world, sim = either_world, either_world.simulator
    for client in (BAKERY, GARAGE, FLORIST):
        world.put(client, id=f"m-{client.id}")
    coupling.couple_part(sim, OF_OFFICE, Bulk((ANNA_EH3.id, BORIS_EH3.id)))
    garage = Bulk((ANNA_EH3.id,), "garage")
    assert uncoupling.uncouple_part(sim, OF_OFFICE, garage) == Ended(1, 0)
    hers = Bulk((ANNA_EH3.id,))
    assert uncoupling.count(sim, OF_OFFICE, hers) == 2
    assert uncoupling.uncouple_part(sim, OF_OFFICE, hers, most=1) == Ended(1, 1)
    assert uncoupling.uncouple_part(sim, OF_OFFICE, hers, batch=1) == Ended(1, 0)
    assert uncoupling.uncouple_part(sim, OF_OFFICE, hers) == Ended(0, 0)
    left = {one.person.id: one.couplings for one in colleagues.colleagues(sim, OF_OFFICE) if one.obstacle is None}
    assert left == {"anna": 0, "boris": 3}
    assert world.actions().count("mandate_coupling.ended") == 3
    assert world.refusal(world.mandate(f"m-{BAKERY.id}").mandate, ANNA_EH3.id) is DenialReason.COUPLING_NOT_ACTIVE
    with pytest.raises(ChangeRefused):
        uncoupling.uncouple_part(sim, replace(OF_OFFICE, kind=ActorKind.USER), hers)


def test_M22_in_bulk_only_what_was_searched_for(world):
    for client in (BAKERY, GARAGE, FLORIST):
        world.put(client, id=f"m-{client.id}")
    assert coupling.couple_part(world.simulator, OF_OFFICE, Bulk((ANNA_EH3.id,), "garage")).outcome == Outcome(1)
    assert list(world.couplings(f"m-{GARAGE.id}")) == [ANNA_EH3.id]
    assert world.couplings(f"m-{BAKERY.id}") == {}


def test_M22_in_bulk_every_mandate_that_is_refused_is_counted(world):
    world.put(BAKERY, id="m1")
    outcome = coupling.couple_part(world.simulator, OF_OFFICE, Bulk((ANNA_EH3.id, CARLA_TAX.id))).outcome
    assert outcome == Outcome(coupled=1, refused={Obstacle.COUPLED_MEANS_NOT_REGULAR: 1})
