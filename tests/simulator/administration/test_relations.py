"""The relations of an intermediary: added with what KVK tells, listed, and removed with all that hangs on them."""

from datetime import date

import pytest

from broker.core.administration.invitations import Invited, invite
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.identifiers import KvkNumber
from broker.core.mandates import ChainStatus, LinkStatus, Origin
from broker.core.scope import EVERYTHING
from broker.core.validity import Validity
from broker.simulator.administration import coupling, history, relations
from broker.simulator.administration.recording import moment_of
from broker.store.administration import checks, invitations
from broker.store.administration import relations as stored
from tests.core.register_values import EH3, OFFICE
from tests.simulator.administration.world import (
    ANNA_EH3,
    BAKERY,
    BORIS_EH3,
    FLORIST,
    GARAGE,
    OF_BAKERY,
    OF_GARAGE,
    OF_OFFICE,
)

INACTIVE, SILENT, BIG = KvkNumber("96354429"), KvkNumber("90004973"), KvkNumber("90006577")


def obstacle_of(work, *arguments) -> Obstacle:
    with pytest.raises(ChangeRefused) as caught:
        work(*arguments)
    return caught.value.obstacle


def names(page) -> list[str]:
    return [row.organisation.id for row in page.relations]


def test_M20_what_KVK_tells_is_shown_and_then_the_relation_is_in_the_list(either_world):
    sim = either_world.simulator
    shown = relations.look_up(sim, OF_OFFICE, BAKERY.kvk_number)
    assert (shown.statutory_name, shown.city) == (BAKERY.statutory_name, BAKERY.city)
    added = relations.add(sim, OF_OFFICE, BAKERY.kvk_number, "bakker@example.test", "B. Bakker")
    page = relations.listed(sim, OF_OFFICE)
    assert (names(page), page.total) == ([BAKERY.id], 1)
    assert page.relations[0].relation == added
    assert sim.store.read(lambda tx: checks.latest(tx, BAKERY.id)) is not None
    assert either_world.actions() == ["kvk_check.made", "relation.added"]


def test_M20_an_organisation_that_is_new_to_the_register(world):
    relations.add(world.simulator, OF_OFFICE, BIG)
    assert names(relations.listed(world.simulator, OF_OFFICE)) == [f"kvk-{BIG}"]


@pytest.mark.parametrize(
    ("number", "obstacle"),
    [
        (OFFICE.kvk_number, Obstacle.OWN_ORGANISATION),
        (INACTIVE, Obstacle.KVK_NOT_ACTIVE),
        (SILENT, Obstacle.KVK_NO_ANSWER),
        (KvkNumber("99999999"), Obstacle.KVK_NOT_FOUND),
    ],
)
def test_M20_who_cannot_be_a_relation_is_told_why(world, number, obstacle):
    assert obstacle_of(relations.look_up, world.simulator, OF_OFFICE, number) is obstacle
    assert obstacle_of(relations.add, world.simulator, OF_OFFICE, number) is obstacle
    assert world.events() == []


def test_M20_pages_of_25_and_search_on_number_name_and_city(world):
    for client in (BAKERY, GARAGE, FLORIST):
        relations.add(world.simulator, OF_OFFICE, client.kvk_number)
    assert names(relations.listed(world.simulator, OF_OFFICE)) == [BAKERY.id, FLORIST.id, GARAGE.id]
    assert names(relations.listed(world.simulator, OF_OFFICE, "GARA")) == [GARAGE.id]
    assert names(relations.listed(world.simulator, OF_OFFICE, BAKERY.kvk_number[:7])) == [BAKERY.id]
    assert relations.listed(world.simulator, OF_OFFICE, number=2).relations == ()
    assert relations.listed(world.simulator, OF_BAKERY).total == 0


def an_open_invitation(world):
    asked = Invited(BAKERY.id, "b@example.test", "", EVERYTHING, EH3, date(2027, 1, 1))
    made = invite(asked, OF_OFFICE, moment_of(world.simulator), invitation_id="invitation", token="secret")
    world.simulator.store.write(lambda tx: invitations.insert(tx, [made]))


def test_M21_removing_ends_mandates_couplings_and_invitations_in_one_action(either_world):
    world, sim = either_world, either_world.simulator
    first, second = world.put(id="m1"), world.put(id="m2", status=ChainStatus.SUSPENDED)
    expired = world.put(id="m3", validity=Validity(date(2024, 1, 1), date(2025, 1, 1)))
    other = world.put(GARAGE, id="m4")
    coupling.couple(sim, OF_OFFICE, "m1", [ANNA_EH3.id, BORIS_EH3.id])
    coupling.couple(sim, OF_OFFICE, "m4", [ANNA_EH3.id])
    an_open_invitation(world)
    told = relations.what_ends(sim, OF_OFFICE, BAKERY.id)
    assert (len(told.mandates), len(told.couplings), len(told.invitations)) == (2, 2, 1)
    assert world.refusal(first.mandate, ANNA_EH3.id) is None
    before = len(world.events())

    relations.remove(sim, OF_OFFICE, BAKERY.id, "gestopt")

    assert [world.mandate(one).mandate.status for one in ("m1", "m2", "m4")] == [
        ChainStatus.REVOKED,
        ChainStatus.REVOKED,
        ChainStatus.ACTIVE,
    ]
    assert world.mandate("m3") == expired
    assert {one.coupling.status for one in world.couplings("m1").values()} == {LinkStatus.REVOKED}
    assert sorted(world.actions()[before:]) == [
        "chain_mandate.revoked",
        "chain_mandate.revoked",
        "invitation.cancelled",
        "mandate_coupling.ended",
        "mandate_coupling.ended",
        "relation.removed",
    ]
    assert second.mandate.version == 1
    assert world.refusal(first.mandate, ANNA_EH3.id).value == "CHAIN_REVOKED"
    assert world.refusal(other.mandate, ANNA_EH3.id) is None


def test_M21_history_is_kept_and_the_relation_can_come_back(world):
    sim = world.simulator
    world.put(id="m1")
    relations.remove(sim, OF_OFFICE, BAKERY.id, "gestopt")
    assert relations.listed(sim, OF_OFFICE).total == 0
    assert obstacle_of(relations.what_ends, sim, OF_OFFICE, BAKERY.id) is Obstacle.NOT_FOUND
    shown = [one.event.content["action"] for one in history.of_organisation(sim, OF_OFFICE).events]
    assert shown == ["relation.removed", "chain_mandate.revoked"]
    added_at = sim.store.read(lambda tx: stored.find(tx, OFFICE.id, BAKERY.id)).added_at
    assert relations.add(sim, OF_OFFICE, BAKERY.kvk_number).added_at == added_at
    assert relations.listed(sim, OF_OFFICE).total == 1
    assert world.mandate("m1").mandate.status is ChainStatus.REVOKED


def test_M53_with_a_mandate_that_may_not_be_renounced_nothing_ends(world):
    world.put(id="m1", origin=Origin.SELF_ISSUED)
    world.put(id="m2")
    strict = world.under(intermediary_may_renounce=False)
    assert obstacle_of(relations.remove, strict, OF_OFFICE, BAKERY.id, "") is Obstacle.NOT_BY_THIS_PARTY
    assert world.mandate("m2").mandate.status is ChainStatus.ACTIVE
    assert relations.listed(world.simulator, OF_OFFICE).total == 1


def test_WEB13_relations_of_others_do_not_exist(world):
    world.put(id="m1")
    for work in (relations.what_ends, lambda *arguments: relations.remove(*arguments, "")):
        assert obstacle_of(work, world.simulator, OF_GARAGE, BAKERY.id) is Obstacle.NOT_FOUND
        assert obstacle_of(work, world.simulator, OF_OFFICE, "nobody") is Obstacle.NOT_FOUND
