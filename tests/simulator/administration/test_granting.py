"""A client issues a chain mandate itself: who may, what is checked, and what comes of it."""

from dataclasses import replace
from datetime import date

import pytest

from broker.core.administration.actors import ActorKind
from broker.core.administration.dossiers import Priority
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.trade_register import KvkResult
from broker.core.assurance import AssuranceLevel
from broker.core.identifiers import KvkNumber, Oin
from broker.core.mandates import ChainStatus, Origin
from broker.core.scope import EVERYTHING, Scope
from broker.simulator.administration import coupling, granting
from broker.simulator.administration.granting import Asked
from broker.store.administration import checks, relations
from broker.store.administration import trade_register as answers
from broker.store.administration.trade_register import Answer
from tests.core.register_values import EH2_PLUS, EH3, EH4, NOON, OFFICE, TODAY
from tests.simulator.administration.world import ANNA_EH3, BAKERY, JUNIOR, OF_BAKERY, OF_GARAGE, OF_OFFICE, manager

ASKED = Asked(OFFICE.kvk_number, EVERYTHING, EH3, TODAY, date(2027, 11, 23))


def refused(sim, actor, **changes) -> Obstacle:
    with pytest.raises(ChangeRefused) as caught:
        granting.issue(sim, actor, replace(ASKED, **changes))
    return caught.value.obstacle


def answer(world, number, result) -> None:
    """Have KVK say this of a number."""
    world.simulator.store.write(lambda tx: answers.put_answer(tx, Answer(number, result, "operator", NOON)))


def test_M34_M41_issued_checked_and_active_at_once(either_world):
    world = either_world
    made = granting.issue(world.simulator, OF_BAKERY, ASKED)
    stored = world.mandate(made.mandate.id)
    assert stored == made
    assert (stored.mandate.grantor_id, stored.mandate.intermediary_id) == (BAKERY.id, OFFICE.id)
    assert (stored.mandate.status, stored.mandate.origin) == (ChainStatus.ACTIVE, Origin.SELF_ISSUED)
    assert [one.representative for one in stored.dossier.signatures] == [OF_BAKERY.name]
    check = world.simulator.store.read(lambda tx: checks.find(tx, stored.dossier.check_id))
    assert (check.organisation_id, check.result) == (BAKERY.id, KvkResult.OK)
    assert world.actions() == [
        "kvk_check.made",
        "chain_mandate.issued",
        "kvk_check.made",
        "chain_mandate.activated",
    ]


def test_M34_the_client_becomes_a_relation_of_the_intermediary(world):
    granting.issue(world.simulator, OF_BAKERY, ASKED)
    assert world.simulator.store.read(lambda tx: relations.find(tx, OFFICE.id, BAKERY.id)).removed_at is None


def test_M11_M34_a_login_needs_a_coupling_too(world):
    made = granting.issue(world.simulator, OF_BAKERY, ASKED)
    assert world.refusal(made.mandate, ANNA_EH3.id).value == "NO_USER_COUPLING"
    coupling.couple(world.simulator, OF_OFFICE, made.mandate.id, [ANNA_EH3.id])
    assert world.refusal(made.mandate, ANNA_EH3.id) is None


@pytest.mark.parametrize(("level", "may"), [(EH2_PLUS, False), (EH3, True), (EH4, True)])
@pytest.mark.parametrize("is_manager", [True, False])
def test_M35_only_a_manager_at_EH3_issues(world, level, may, is_manager):
    kind = OF_BAKERY.kind if is_manager else ActorKind.USER
    actor = manager(BAKERY, level=level, role_level=level, kind=kind)
    if may and is_manager:
        assert granting.issue(world.simulator, actor, ASKED).mandate.status is ChainStatus.ACTIVE
    else:
        expected = Obstacle.CHAIN_NEEDS_EH3 if is_manager else Obstacle.NOT_A_MANAGER
        assert refused(world.simulator, actor) is expected
        assert world.events() == []


def test_I4_nothing_above_the_own_level(world):
    assert refused(world.simulator, OF_BAKERY, level=EH4) is Obstacle.ABOVE_OWN_LEVEL


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"intermediary": BAKERY.kvk_number}, Obstacle.OWN_ORGANISATION),
        ({"intermediary": KvkNumber("99999999")}, Obstacle.KVK_NOT_FOUND),
        ({"intermediary": KvkNumber("96354429")}, Obstacle.KVK_NOT_ACTIVE),
        ({"intermediary": KvkNumber("90004973")}, Obstacle.KVK_NO_ANSWER),
        ({"level": AssuranceLevel.EH2}, Obstacle.LEVEL_TOO_LOW),
        ({"valid_until": date(2026, 11, 23)}, Obstacle.PERIOD_REVERSED),
        ({"valid_from": date(2026, 11, 23)}, Obstacle.PERIOD_IN_THE_PAST),
        ({"valid_until": date(2031, 11, 25)}, Obstacle.PERIOD_TOO_LONG),
        ({"valid_from": date(9999, 12, 30), "valid_until": date(9999, 12, 31)}, Obstacle.PERIOD_TOO_LONG),
        ({"scope": Scope(providers=frozenset({Oin("0" * 20)}))}, Obstacle.SCOPE_UNKNOWN),
    ],
    ids=lambda value: value.value if isinstance(value, Obstacle) else next(iter(value)),
)
def test_M34_what_cannot_be_is_refused_and_leaves_nothing(world, changes, obstacle):
    assert refused(world.simulator, OF_BAKERY, **changes) is obstacle
    assert world.events() == []


def test_I10_the_same_scope_twice_is_refused_and_another_is_not(world):
    granting.issue(world.simulator, OF_BAKERY, ASKED)
    assert refused(world.simulator, OF_BAKERY) is Obstacle.ALREADY_THERE
    provider = next(iter(world.simulator.catalogue.services.values())).provider_oin
    wider = replace(ASKED, scope=Scope(providers=frozenset({provider})))
    assert granting.issue(world.simulator, OF_BAKERY, wider).mandate.status is ChainStatus.ACTIVE


def test_an_intermediary_that_the_register_does_not_know_comes_from_KVK(world):
    made = granting.issue(world.simulator, OF_BAKERY, replace(ASKED, intermediary=KvkNumber("90006577")))
    assert made.mandate.intermediary_id == "kvk-90006577"


def test_without_automatic_activation_it_waits_for_review(world):
    made = granting.issue(world.under(automatic_activation=False), OF_BAKERY, replace(ASKED, priority=Priority.URGENT))
    assert made.mandate.status is ChainStatus.UNDER_REVIEW
    assert made.dossier.due_on == date(2026, 11, 25)
    assert "chain_mandate.activated" not in world.actions()


@pytest.mark.parametrize("result", [KvkResult.INACTIVE, KvkResult.ERROR, KvkResult.NOT_FOUND])
def test_M41_I7_a_client_that_KVK_does_not_confirm_waits_for_review(world, result):
    answer(world, BAKERY.kvk_number, result)
    made = granting.issue(world.simulator, OF_BAKERY, ASKED)
    assert made.mandate.status is ChainStatus.UNDER_REVIEW
    assert world.simulator.store.read(lambda tx: checks.latest(tx, BAKERY.id)).result is result


def test_a_manager_who_may_not_act_alone_leaves_it_to_be_signed_by_one_who_may(world):
    made = granting.issue(world.simulator, JUNIOR, ASKED)
    assert made.mandate.status is ChainStatus.SIGNING
    with pytest.raises(ChangeRefused) as caught:
        granting.sign(world.simulator, JUNIOR, made.mandate.id)
    assert caught.value.obstacle is Obstacle.SIGNATURES_MISSING
    signed = granting.sign(world.simulator, OF_BAKERY, made.mandate.id, version=made.mandate.version)
    assert signed.mandate.status is ChainStatus.ACTIVE


def test_WEB13_nobody_signs_for_others(world):
    made = granting.issue(world.simulator, JUNIOR, ASKED)
    with pytest.raises(ChangeRefused) as caught:
        granting.sign(world.simulator, OF_GARAGE, made.mandate.id)
    assert caught.value.obstacle is Obstacle.NOT_FOUND
