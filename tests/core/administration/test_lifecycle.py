"""The life of a chain mandate, step by step and out of step."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from broker.core.administration import lifecycle
from broker.core.administration.actors import OPERATOR
from broker.core.administration.dossiers import NOT_ENDED, PENDING, Priority
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.representatives import Authority, Representative
from broker.core.administration.trade_register import KvkResult
from broker.core.invariants import InvariantBroken
from broker.core.mandates import ChainStatus, Origin
from broker.core.validity import Validity, years_later
from tests.core.administration.values import (
    DIRECTOR,
    NEXT_YEAR,
    OF_CLIENT,
    OF_OFFICE,
    SIGNATORY,
    a_check,
    a_filed_mandate,
    now,
    papers,
    wanted,
)
from tests.core.register_values import EH2_PLUS, EH4, NOON, OFFICE, TODAY

INVITED, SELF = Origin.INVITED_BY_INTERMEDIARY, Origin.SELF_ISSUED
STATUSES = [status for status in ChainStatus if status is not ChainStatus.EXPIRED]
FINAL = [status for status in STATUSES if status not in NOT_ENDED]


def refused(change, *arguments, **named):
    with pytest.raises(ChangeRefused) as caught:
        change(*arguments, **named)
    return caught.value.obstacle


def requested(origin=SELF, actor=OF_CLIENT, **changes):
    return lifecycle.request(wanted(**changes), origin, actor, now(), mandate_id="new")


def under_review():
    return lifecycle.sign(requested(INVITED, SIGNATORY), SIGNATORY, now(), [DIRECTOR])


def test_M34_route_2_the_client_issues_a_mandate_itself():
    filed = lifecycle.sign_as_manager(requested(), OF_CLIENT, now())
    assert (filed.mandate.status, filed.mandate.origin) == (ChainStatus.UNDER_REVIEW, SELF)
    active = lifecycle.activate(filed, a_check(), OPERATOR, now())
    assert active.mandate.status is ChainStatus.ACTIVE
    assert (active.dossier.activated_at, active.dossier.check_id, active.dossier.due_on) == (NOON, "check", None)


def test_M31_route_1_the_client_signs_without_means():
    filed = requested(INVITED, SIGNATORY)
    assert filed.mandate.status is ChainStatus.SIGNING
    signed = lifecycle.sign(filed, SIGNATORY, now(), [DIRECTOR])
    assert (signed.mandate.status, signed.dossier.signed_at) == (ChainStatus.UNDER_REVIEW, NOON)


def test_two_who_may_only_sign_together_both_sign():
    together = [Representative(name, Authority.JOINT) for name in ("D. Directeur", "E. Directeur")]
    once = lifecycle.sign(requested(INVITED, SIGNATORY), SIGNATORY, now(), together)
    assert once.mandate.status is ChainStatus.SIGNING
    again = lifecycle.sign(once, SIGNATORY, now(), together)
    assert (again.mandate.status, len(again.dossier.signatures)) == (ChainStatus.SIGNING, 1)
    other = replace(SIGNATORY, name="E. Directeur")
    assert lifecycle.sign(again, other, now(), together).mandate.status is ChainStatus.UNDER_REVIEW


def test_who_is_no_representative_does_not_sign():
    assert refused(lifecycle.sign, requested(INVITED, SIGNATORY), SIGNATORY, now(), []) is (
        Obstacle.SIGNATORY_NOT_AUTHORISED
    )


def test_I4_a_manager_registers_nothing_above_their_own_level():
    assert refused(requested, level=EH4) is Obstacle.ABOVE_OWN_LEVEL
    assert requested(actor=replace(OF_CLIENT, level=EH4, role_level=EH4), level=EH4).mandate.level is EH4


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"intermediary_id": OF_CLIENT.organisation_id}, Obstacle.OWN_ORGANISATION),
        ({"level": EH2_PLUS}, Obstacle.LEVEL_TOO_LOW),
        ({"branch": "000037178598"}, Obstacle.BRANCH_NOT_ALLOWED),
        ({"validity": Validity(date(2020, 1, 1), TODAY - timedelta(1))}, Obstacle.PERIOD_IN_THE_PAST),
        ({"validity": Validity(TODAY, years_later(TODAY, 5) + timedelta(1))}, Obstacle.PERIOD_TOO_LONG),
    ],
)
def test_I1_I3_I5_I12_what_no_mandate_may_be(changes, obstacle):
    assert refused(requested, **changes) is obstacle


@pytest.mark.parametrize("result", [result for result in KvkResult if result is not KvkResult.OK])
def test_I7_without_a_right_check_nothing_is_activated(result):
    obstacle = refused(lifecycle.activate, under_review(), a_check(result=result), OPERATOR, now())
    assert obstacle.value.startswith(("KVK_", "SIGNATORY_"))


def test_I7_a_check_is_of_the_client_and_fresh():
    filed, late = under_review(), now(NOON + timedelta(days=14, seconds=1))
    assert refused(lifecycle.activate, filed, a_check(organisation_id=OFFICE.id), OPERATOR, now()) is (
        Obstacle.KVK_NOT_FOUND
    )
    assert refused(lifecycle.activate, filed, a_check(), OPERATOR, late) is Obstacle.KVK_CHECK_TOO_OLD
    assert lifecycle.activate(filed, a_check(), OPERATOR, now(NOON + timedelta(days=14)))


@pytest.mark.parametrize("status", STATUSES)
def test_I6_papers_that_contradict_the_status_do_not_exist(status):
    filed = a_filed_mandate(status)
    ended = None if filed.dossier.ended_at else NOON
    with pytest.raises(InvariantBroken, match="I6"):
        papers(filed, ended_at=ended)
    with pytest.raises(InvariantBroken, match="I6"):
        papers(filed, activated_at=None if filed.dossier.activated_at else NOON)


def test_I7_nothing_is_active_without_a_signature_or_a_check():
    for gone in ("signed_at", "check_id"):
        with pytest.raises(InvariantBroken, match="I7"):
            papers(a_filed_mandate(), **{gone: None})


@pytest.mark.parametrize("status", FINAL)
def test_I6_what_has_ended_stays_as_it_is(status):
    filed = a_filed_mandate(status)
    for change in (
        lambda: lifecycle.revoke(filed, OPERATOR, now(), "x"),
        lambda: lifecycle.suspend(filed, OPERATOR, now(), "x"),
        lambda: lifecycle.resume(filed, OPERATOR, now()),
        lambda: lifecycle.activate(filed, a_check(), OPERATOR, now()),
        lambda: lifecycle.reject(filed, OPERATOR, now(), "x"),
        lambda: lifecycle.end_on(filed, TODAY, OPERATOR, now()),
        lambda: lifecycle.renew(filed, NEXT_YEAR.valid_until, a_check(), OPERATOR, now()),
        lambda: lifecycle.sign(filed, SIGNATORY, now(), [DIRECTOR]),
        lambda: lifecycle.decline(filed, SIGNATORY, now(), "x"),
    ):
        assert refused(change) is Obstacle.ENDED


def test_expiry_follows_from_the_clock():
    filed = a_filed_mandate(validity=Validity(date(2026, 1, 1), TODAY))
    tomorrow = now(NOON + timedelta(days=1))
    assert lifecycle.suspend(filed, OPERATOR, now(), "x").mandate.status is ChainStatus.SUSPENDED
    assert refused(lifecycle.suspend, filed, OPERATOR, tomorrow, "x") is Obstacle.ENDED
    assert filed.status_at(tomorrow.at, 3) is ChainStatus.EXPIRED


def test_a_request_lapses_after_three_months_of_signing():
    filed = requested()
    assert filed.status_at(NOON + timedelta(days=92), 3) is ChainStatus.SIGNING
    late = NOON + timedelta(days=93)
    assert filed.status_at(late, 3) is ChainStatus.LAPSED
    assert refused(lifecycle.sign_as_manager, filed, OF_CLIENT, now(late)) is Obstacle.ENDED


def test_suspending_and_resuming():
    away = lifecycle.suspend(a_filed_mandate(), OPERATOR, now(), "abuse")
    assert (away.mandate.status, away.dossier.reason) == (ChainStatus.SUSPENDED, "abuse")
    back = lifecycle.resume(away, OPERATOR, now())
    assert (back.mandate.status, back.dossier.reason) == (ChainStatus.ACTIVE, None)
    assert refused(lifecycle.resume, back, OPERATOR, now()) is Obstacle.WRONG_STATE


@pytest.mark.parametrize("status", STATUSES)
def test_M51_revoking_ends_at_once_and_what_never_was_active_is_cancelled(status):
    filed = a_filed_mandate(status)
    if status in FINAL:
        return
    ended = lifecycle.revoke(filed, OF_OFFICE, now(), "no longer a client")
    assert ended.mandate.status is (ChainStatus.CANCELLED if status in PENDING else ChainStatus.REVOKED)
    assert (ended.dossier.ended_at, ended.dossier.reason) == (NOON, "no longer a client")


def test_an_earlier_end_is_today_at_the_earliest_and_never_later_than_it_was():
    filed = a_filed_mandate()
    assert lifecycle.end_on(filed, TODAY, OF_OFFICE, now()).mandate.validity.valid_until == TODAY
    assert refused(lifecycle.end_on, filed, TODAY - timedelta(1), OF_OFFICE, now()) is Obstacle.PERIOD_IN_THE_PAST
    assert refused(lifecycle.end_on, filed, date(2029, 1, 1), OF_OFFICE, now()) is Obstacle.PERIOD_TOO_LONG


def test_renewing_keeps_the_mandate_and_starts_a_new_period_on_a_new_check():
    filed = a_filed_mandate(validity=Validity(date(2022, 1, 1), date(2026, 12, 31)))
    renewed = lifecycle.renew(filed, date(2031, 11, 24), a_check(id="newer"), OF_OFFICE, now())
    assert renewed.mandate == replace(filed.mandate, validity=Validity(TODAY, date(2031, 11, 24)))
    assert renewed.dossier.check_id == "newer"
    assert refused(lifecycle.renew, filed, date(2031, 11, 25), a_check(), OF_OFFICE, now()) is Obstacle.PERIOD_TOO_LONG
    assert refused(lifecycle.renew, filed, TODAY, a_check(), OF_OFFICE, now()) is Obstacle.PERIOD_IN_THE_PAST
    inactive = a_check(result=KvkResult.INACTIVE)
    assert refused(lifecycle.renew, filed, date(2031, 1, 1), inactive, OF_OFFICE, now()) is Obstacle.KVK_NOT_ACTIVE


def test_I4_a_manager_renews_nothing_above_their_own_level():
    filed = a_filed_mandate(level=EH4, validity=Validity(date(2022, 1, 1), date(2026, 12, 31)))
    until = date(2027, 11, 24)
    assert refused(lifecycle.renew, filed, until, a_check(), OF_OFFICE, now()) is Obstacle.ABOVE_OWN_LEVEL
    assert lifecycle.renew(filed, until, a_check(), OPERATOR, now()).mandate.validity.valid_until == until


def test_M43_an_urgent_request_is_due_after_one_working_day():
    filed = lifecycle.sign_as_manager(requested(priority=Priority.URGENT), OF_CLIENT, now())
    assert filed.dossier.due_on == date(2026, 11, 25)
    assert lifecycle.sign_as_manager(requested(), OF_CLIENT, now()).dossier.due_on == date(2026, 12, 1)
