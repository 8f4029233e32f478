"""The operator's review: urgent ones first, overdue ones seen, activated on a check, or rejected with a reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from broker.core.administration.actors import OPERATOR
from broker.core.administration.dossiers import Priority, filed_long_ago
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.trade_register import KvkResult
from broker.core.mandates import ChainStatus
from broker.simulator.administration import checking, reviewing
from broker.store.administration import filed
from tests.core.register_values import NOON, OFFICE, TODAY, a_mandate
from tests.simulator.administration.standing import ON_BOTH
from tests.simulator.administration.world import BAKERY, FLORIST, GARAGE, OF_BAKERY

WAITING = ChainStatus.UNDER_REVIEW
PAPA = "administratiekantoor-papiermolen--dierenarts-de-pratende-papegaai"


def waits(world, client, due, priority=Priority.NORMAL):
    new = filed_long_ago(a_mandate(client, OFFICE, status=WAITING), NOON, priority)
    new = replace(new, dossier=replace(new.dossier, due_on=due))
    world.simulator.store.write(lambda tx: filed.insert(tx, [new]))
    return new.mandate.id


def refused(change, *arguments, **named):
    with pytest.raises(ChangeRefused) as caught:
        change(*arguments, **named)
    return caught.value.obstacle


@ON_BOTH
def test_M43_urgent_ones_go_first_and_what_is_overdue_is_seen(world):
    late = waits(world, BAKERY, TODAY - timedelta(1))
    soon = waits(world, GARAGE, TODAY + timedelta(3))
    urgent = waits(world, FLORIST, TODAY, Priority.URGENT)
    queue = reviewing.queue(world.simulator, TODAY)
    mine = [one for one in queue.waiting if one.intermediary == OFFICE]
    assert [one.filed.mandate.id for one in mine] == [urgent, late, soon]
    assert [one.is_urgent for one in mine] == [True, False, False]
    assert [one.is_overdue(TODAY) for one in mine] == [False, True, False]
    assert queue.total == len(queue.waiting) == 4  # one of the sample register
    assert queue.overdue == 1
    assert queue.waiting[0].last_check is None


def test_M43_the_sample_register_has_an_urgent_one(world):
    queue = reviewing.queue(world.simulator, date(2040, 1, 1))
    assert [one.filed.mandate.id for one in queue.waiting] == [PAPA]
    assert queue.waiting[0].is_urgent
    assert queue.overdue == 1


@ON_BOTH
def test_I7_activating_asks_kvk_anew(world):
    mandate_id = waits(world, BAKERY, TODAY)
    done = reviewing.activate(world.simulator, OPERATOR, mandate_id, 1)
    assert done.mandate.status is ChainStatus.ACTIVE
    assert done.dossier.due_on is None
    assert world.actions()[-2:] == ["kvk_check.made", "chain_mandate.activated"]
    assert reviewing.queue(world.simulator, TODAY).total == 1


@pytest.mark.parametrize(
    ("result", "obstacle"),
    [
        (KvkResult.ERROR, Obstacle.KVK_NO_ANSWER),
        (KvkResult.NOT_FOUND, Obstacle.KVK_NOT_FOUND),
        (KvkResult.INACTIVE, Obstacle.KVK_NOT_ACTIVE),
    ],
)
def test_I7_what_kvk_does_not_confirm_is_not_activated_and_the_check_is_kept(world, result, obstacle):
    mandate_id = waits(world, BAKERY, TODAY)
    checking.override(world.simulator, OPERATOR, BAKERY.kvk_number, result)
    assert refused(reviewing.activate, world.simulator, OPERATOR, mandate_id) is obstacle
    assert world.mandate(mandate_id).mandate.status is WAITING
    (mine,) = [one for one in reviewing.queue(world.simulator, TODAY).waiting if one.client == BAKERY]
    assert mine.last_check is result
    checking.override(world.simulator, OPERATOR, BAKERY.kvk_number, KvkResult.OK)
    assert reviewing.activate(world.simulator, OPERATOR, mandate_id).mandate.status is ChainStatus.ACTIVE


def test_rejecting_says_why_and_is_for_good(world):
    mandate_id = waits(world, BAKERY, TODAY)
    done = reviewing.reject(world.simulator, OPERATOR, mandate_id, "Handtekening ontbreekt.", 1)
    assert (done.mandate.status, done.dossier.reason) == (ChainStatus.REJECTED, "Handtekening ontbreekt.")
    assert refused(reviewing.activate, world.simulator, OPERATOR, mandate_id) is Obstacle.ENDED
    assert refused(reviewing.reject, world.simulator, OPERATOR, mandate_id, "", 1) is Obstacle.CHANGED_MEANWHILE


def test_nobody_but_the_operator_reviews(world):
    mandate_id = waits(world, BAKERY, TODAY)
    assert refused(reviewing.activate, world.simulator, OF_BAKERY, mandate_id) is Obstacle.NOT_BY_THIS_PARTY
    assert refused(reviewing.reject, world.simulator, OF_BAKERY, mandate_id, "") is Obstacle.NOT_BY_THIS_PARTY
