"""Looking at mandates: lists, one mandate with what may be done to it, its history; and ending it."""

from datetime import UTC, date, datetime

import pytest

from broker.core.administration.actors import OPERATOR
from broker.core.administration.dossiers import lapsed_before
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.clock import amsterdam_date
from broker.core.mandates import ChainStatus, Origin
from broker.core.validity import Validity, months_later
from broker.simulator.administration import coupling, endings, history, mandates
from broker.simulator.administration.mandates import Filter, Side
from broker.simulator.administration.possibilities import Possibility
from tests.core.register_values import EH2_PLUS, OFFICE
from tests.simulator.administration.world import (
    ANNA_EH3,
    BAKERY,
    FLORIST,
    GARAGE,
    OF_BAKERY,
    OF_GARAGE,
    OF_OFFICE,
    manager,
)

PAST, SOON = Validity(date(2024, 1, 1), date(2026, 11, 23)), Validity(date(2024, 1, 1), date(2026, 12, 31))
IN_A_YEAR = datetime(2027, 11, 24, 12, tzinfo=UTC)


def obstacle_of(work, *arguments) -> Obstacle:
    with pytest.raises(ChangeRefused) as caught:
        work(*arguments)
    return caught.value.obstacle


def found(sim, actor, side, **wanted) -> list[str]:
    page = mandates.listed(sim, actor, side, Filter(**wanted))
    assert page.total == len(page.mandates)
    return [row.filed.mandate.id for row in page.mandates]


def test_lists_by_status_as_the_clock_has_it_by_search_and_by_end(either_world):
    world, sim = either_world, either_world.simulator
    world.put(BAKERY, id="active")
    world.put(GARAGE, id="soon", validity=SOON)
    world.put(FLORIST, id="expired", validity=PAST, status=ChainStatus.SUSPENDED)
    world.put(FLORIST, id="revoked", status=ChainStatus.REVOKED)
    world.put(FLORIST, id="signing", status=ChainStatus.SIGNING)
    everything = ["active", "expired", "revoked", "signing", "soon"]
    assert found(sim, OF_OFFICE, Side.RECEIVED) == everything
    by_status = {status: found(sim, OF_OFFICE, Side.RECEIVED, status=status) for status in ChainStatus}
    assert {status: ids for status, ids in by_status.items() if ids} == {
        ChainStatus.ACTIVE: ["active", "soon"],
        ChainStatus.EXPIRED: ["expired"],
        ChainStatus.REVOKED: ["revoked"],
        ChainStatus.SIGNING: ["signing"],
    }
    assert found(world.at(IN_A_YEAR), OF_OFFICE, Side.RECEIVED, status=ChainStatus.LAPSED) == ["signing"]
    assert found(world.at(IN_A_YEAR), OF_OFFICE, Side.RECEIVED, status=ChainStatus.SIGNING) == []
    assert found(sim, OF_OFFICE, Side.RECEIVED, ending_soon=True) == ["soon"]
    assert found(sim, OF_OFFICE, Side.RECEIVED, typed="gara") == ["soon"]
    assert found(sim, OF_OFFICE, Side.RECEIVED, typed=BAKERY.kvk_number) == ["active"]
    assert found(sim, OF_GARAGE, Side.GRANTED) == ["soon"]
    assert found(sim, OF_GARAGE, Side.GRANTED, typed="kantoor") == ["soon"]
    assert found(sim, OF_GARAGE, Side.RECEIVED) == []
    assert mandates.listed(sim, OF_OFFICE, Side.RECEIVED, Filter(), 2).mandates == ()


@pytest.mark.parametrize("months", [1, 3, 13])
def test_lapsing_in_SQL_is_lapsing_as_the_domain_has_it(months):
    today = date(2024, 1, 1)
    while today < date(2024, 6, 15):
        boundary = amsterdam_date(lapsed_before(today, months))
        assert months_later(boundary, months) >= today
        before = date.fromordinal(boundary.toordinal() - 1)
        assert months_later(before, months) < today
        today = date.fromordinal(today.toordinal() + 1)


def test_WEB13_a_mandate_of_others_does_not_exist(world):
    world.put(id="m1")
    for mandate_id in ("m1", "nothing"):
        for work in (mandates.look, history.of_mandate):
            assert obstacle_of(work, world.simulator, OF_GARAGE, mandate_id) is Obstacle.NOT_FOUND
        for work in (endings.revoke, endings.suspend):
            assert obstacle_of(work, world.simulator, OF_GARAGE, mandate_id, "") is Obstacle.NOT_FOUND
        assert obstacle_of(endings.resume, world.simulator, OF_GARAGE, mandate_id) is Obstacle.NOT_FOUND
    assert world.mandate("m1").mandate.status is ChainStatus.ACTIVE


def test_M25_a_manager_at_EH2_plus_sees_no_mandates(world):
    low = manager(OFFICE, level=EH2_PLUS)
    assert obstacle_of(mandates.listed, world.simulator, low, Side.RECEIVED, Filter()) is Obstacle.CHAIN_NEEDS_EH3
    assert obstacle_of(mandates.look, world.simulator, low, "m1") is Obstacle.CHAIN_NEEDS_EH3
    assert obstacle_of(history.of_organisation, world.simulator, low) is Obstacle.CHAIN_NEEDS_EH3


ENDING = {Possibility.END, Possibility.REVOKE}
BY_FORM = (Possibility.SUSPEND, Possibility.END, Possibility.REVOKE)
WITH_FORM = ((Obstacle.NOT_BY_THIS_PARTY, (Possibility.RENEW,)), (Obstacle.USE_THE_FORM, BY_FORM))
MATRIX = [
    (Origin.SELF_ISSUED, OF_BAKERY, {Possibility.RENEW, Possibility.SUSPEND, *ENDING}, ()),
    (
        Origin.SELF_ISSUED,
        OF_OFFICE,
        {Possibility.ASK_RENEWAL, Possibility.COUPLE, *ENDING},
        ((Obstacle.NOT_BY_THIS_PARTY, (Possibility.SUSPEND,)),),
    ),
    (Origin.INVITED_BY_INTERMEDIARY, OF_BAKERY, set(), WITH_FORM),
    (
        Origin.INVITED_BY_INTERMEDIARY,
        OF_OFFICE,
        {Possibility.ASK_RENEWAL, Possibility.COUPLE, *ENDING},
        ((Obstacle.NOT_BY_THIS_PARTY, (Possibility.SUSPEND,)),),
    ),
]


@pytest.mark.parametrize(("origin", "actor", "allowed", "refused"), MATRIX)
def test_M50_M51_M53_what_each_party_may_do_is_what_it_can_do(world, origin, actor, allowed, refused):
    world.put(id="m1", origin=origin)
    told = mandates.look(world.simulator, actor, "m1").possibilities
    assert (told.allowed, told.refused) == (allowed, refused)
    if Possibility.REVOKE in allowed:
        assert endings.revoke(world.simulator, actor, "m1", "").mandate.status is ChainStatus.REVOKED
        assert mandates.look(world.simulator, actor, "m1").possibilities.allowed == frozenset()
    else:
        assert obstacle_of(endings.revoke, world.simulator, actor, "m1", "") is Obstacle.USE_THE_FORM


def test_M53_with_the_setting_off_an_intermediary_does_not_renounce(world):
    world.put(id="m1", origin=Origin.SELF_ISSUED)
    strict = world.under(intermediary_may_renounce=False)
    told = mandates.look(strict, OF_OFFICE, "m1").possibilities
    assert not told.allowed & ENDING
    assert obstacle_of(endings.revoke, strict, OF_OFFICE, "m1", "") is Obstacle.NOT_BY_THIS_PARTY


def test_the_page_of_one_mandate_has_couplings_for_the_intermediary_alone(world):
    world.put(id="m1")
    coupling.couple(world.simulator, OF_OFFICE, "m1", [ANNA_EH3.id])
    looked = mandates.look(world.simulator, OF_OFFICE, "m1")
    assert (looked.client, looked.intermediary, looked.side) == (BAKERY, OFFICE, Side.RECEIVED)
    assert [one.means.id for one in looked.couplings] == [ANNA_EH3.id]
    assert mandates.look(world.simulator, OF_BAKERY, "m1").couplings == ()


def test_history_tells_the_client_nothing_of_who_does_the_work(either_world):
    world, sim = either_world, either_world.simulator
    world.put(id="m1", origin=Origin.SELF_ISSUED)
    coupling.couple(sim, OF_OFFICE, "m1", [ANNA_EH3.id])
    endings.suspend(sim, OF_BAKERY, "m1", "twijfel")
    endings.resume(sim, OF_BAKERY, "m1")
    endings.suspend(sim, OPERATOR, "m1", "misbruik")

    def told(page):
        return [(one.event.content["action"], one.holder, one.own) for one in page.events]

    of_client = [
        ("chain_mandate.suspended", None, False),
        ("chain_mandate.resumed", None, True),
        ("chain_mandate.suspended", None, True),
    ]
    assert told(history.of_mandate(sim, OF_BAKERY, "m1")) == of_client
    assert told(history.of_organisation(sim, OF_BAKERY)) == of_client
    of_office = told(history.of_mandate(sim, OF_OFFICE, "m1"))
    assert of_office == told(history.of_organisation(sim, OF_OFFICE))
    assert of_office[-1] == ("mandate_coupling.added", "Anna Voorbeeld", True)
    assert history.of_organisation(sim, OF_GARAGE).events == ()


def test_history_in_pages_of_25(world):
    world.put(id="m1", origin=Origin.SELF_ISSUED)
    for _ in range(15):
        endings.suspend(world.simulator, OF_BAKERY, "m1", "")
        endings.resume(world.simulator, OF_BAKERY, "m1")
    first = history.of_organisation(world.simulator, OF_BAKERY)
    second = history.of_organisation(world.simulator, OF_BAKERY, first.before)
    assert (len(first.events), len(second.events), second.before) == (25, 5, None)
    numbers = [one.event.number for one in (*first.events, *second.events)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 30


def test_WEB14_two_who_revoke_and_suspend_at_once(world):
    seen = world.put(id="m1", origin=Origin.SELF_ISSUED).mandate.version
    endings.suspend(world.simulator, OF_BAKERY, "m1", "", seen)
    with pytest.raises(ChangeRefused) as caught:
        endings.revoke(world.simulator, OF_BAKERY, "m1", "", seen)
    assert caught.value.obstacle is Obstacle.CHANGED_MEANWHILE
    assert world.mandate("m1").mandate.status is ChainStatus.SUSPENDED
