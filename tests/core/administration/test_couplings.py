"""Tying a mandate to means of login: which means, by whom, and how far."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broker.core.administration import couplings
from broker.core.administration.actors import OPERATOR
from broker.core.administration.couplings import CouplingTerms, HeldMeans
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.organisations import MeansStatus, MeansType, PersonStatus
from broker.core.validity import Validity
from tests.core.administration.values import LOW_MANAGER, OF_CLIENT, OF_OFFICE, SIGNATORY, STRANGER, USER, now
from tests.core.register_values import (
    CLIENT,
    EH2_PLUS,
    EH3,
    EH4,
    NOON,
    OFFICE,
    TAX,
    TODAY,
    a_coupling,
    a_mandate,
    a_means,
    a_person,
    providers,
)


def held(person=None, works_for=(OFFICE.id,), **means):
    holder = a_person(**(person or {}))
    return HeldMeans(a_means(holder, **means), holder, frozenset(works_for))


def couple(mandate=None, means=None, actor=OF_OFFICE, terms=couplings.AS_THE_MANDATE, moment=NOON):
    return couplings.couple(mandate or a_mandate(), means or held(), actor, now(moment), "new", terms)


def refused(change, *arguments, **named):
    with pytest.raises(ChangeRefused) as caught:
        change(*arguments, **named)
    return caught.value.obstacle


def test_M22_a_coupling_is_as_the_mandate_unless_it_says_otherwise():
    mandate = a_mandate()
    made = couple(mandate)
    assert (made.mandate_id, made.means_id, made.narrowing) == (mandate.id, held().means.id, None)
    assert (made.level, made.validity, made.status) == (EH3, mandate.validity, LinkStatus.ACTIVE)
    week = Validity(TODAY, TODAY + timedelta(7))
    other = couple(mandate, terms=CouplingTerms(providers(TAX), EH3, week))
    assert (other.narrowing, other.validity) == (providers(TAX), week)


def test_I4_a_level_above_means_or_manager_comes_down_unless_it_was_asked_for():
    high = replace(OF_OFFICE, level=EH4, role_level=EH4)
    assert couple(a_mandate(level=EH4), actor=high).level is EH3
    assert couple(a_mandate(level=EH4), held(level=EH4), actor=high).level is EH4
    assert couple(a_mandate(level=EH4), held(level=EH4)).level is EH3
    assert refused(couple, a_mandate(level=EH4), held(level=EH4), terms=CouplingTerms(level=EH4)) is (
        Obstacle.ABOVE_OWN_LEVEL
    )


@pytest.mark.parametrize(
    ("means", "obstacle"),
    [
        (held(works_for=(CLIENT.id,)), Obstacle.COUPLED_MEANS_OF_OTHERS),
        (held(level=EH2_PLUS), Obstacle.COUPLED_MEANS_TOO_LOW),
        (held(type=MeansType.EH3_BELASTINGDIENST), Obstacle.COUPLED_MEANS_NOT_REGULAR),
        (held(status=MeansStatus.REVOKED), Obstacle.COUPLED_MEANS_NOT_USABLE),
        (held(validity=Validity(TODAY - timedelta(9), TODAY - timedelta(1))), Obstacle.COUPLED_MEANS_NOT_USABLE),
        (held({"status": PersonStatus.LEFT}), Obstacle.COUPLED_MEANS_NOT_USABLE),
    ],
)
def test_I2_I5_M31_M48_means_that_take_no_part_in_chains(means, obstacle):
    assert refused(couple, means=means) is obstacle


def test_I5_no_coupling_is_made_below_EH3():
    assert refused(couple, terms=CouplingTerms(level=EH2_PLUS)) is Obstacle.LEVEL_TOO_LOW
    other = now(chain_level=None)
    made = couplings.couple(a_mandate(), held(), OF_OFFICE, other, "new", CouplingTerms(level=EH2_PLUS))
    assert made.level is EH2_PLUS


def test_I2_who_holds_a_direct_mandate_for_the_intermediary_takes_part():
    assert couple(means=held({"organisation_id": "elsewhere"}, works_for=("elsewhere", OFFICE.id)))


@pytest.mark.parametrize(
    ("actor", "obstacle"),
    [
        (OF_CLIENT, Obstacle.NOT_BY_THIS_PARTY),
        (LOW_MANAGER, Obstacle.CHAIN_NEEDS_EH3),
        (SIGNATORY, Obstacle.NOT_BY_THIS_PARTY),
        (USER, Obstacle.NOT_A_MANAGER),
        (STRANGER, Obstacle.NOT_YOUR_MANDATE),
        (OPERATOR, Obstacle.NOT_BY_THIS_PARTY),
    ],
)
def test_M22_only_the_intermediary_couples(actor, obstacle):
    assert refused(couple, actor=actor) is obstacle


@pytest.mark.parametrize("status", [one for one in ChainStatus if one is not ChainStatus.EXPIRED])
def test_only_a_mandate_that_is_in_force_or_suspended_is_coupled(status):
    mandate = a_mandate(status=status)
    if status in (ChainStatus.ACTIVE, ChainStatus.SUSPENDED):
        assert couple(mandate)
    else:
        assert refused(couple, mandate) is Obstacle.WRONG_STATE


def test_a_mandate_that_expired_is_not_coupled():
    ended = a_mandate(validity=Validity(TODAY - timedelta(9), TODAY - timedelta(1)))
    assert refused(couple, ended) is Obstacle.WRONG_STATE


def test_M12_suspending_resuming_and_uncoupling():
    mandate, coupling = a_mandate(), a_coupling(a_mandate())
    away = couplings.suspend(mandate, coupling, OF_OFFICE, now())
    assert away.status is LinkStatus.SUSPENDED
    assert refused(couplings.suspend, mandate, away, OF_OFFICE, now()) is Obstacle.WRONG_STATE
    assert couplings.resume(mandate, away, OF_OFFICE, now()) == coupling
    gone = couplings.uncouple(mandate, away, OF_OFFICE, now())
    assert gone.status is LinkStatus.REVOKED
    for change in (couplings.suspend, couplings.resume, couplings.uncouple):
        assert refused(change, mandate, gone, OF_OFFICE, now()) is Obstacle.ENDED
        assert refused(change, mandate, coupling, OF_CLIENT, now()) is Obstacle.NOT_BY_THIS_PARTY


def test_I6_a_coupling_that_expired_stays_so():
    past = a_coupling(a_mandate(), validity=Validity(TODAY - timedelta(9), TODAY - timedelta(1)))
    assert refused(couplings.resume, a_mandate(), past, OF_OFFICE, now()) is Obstacle.ENDED


def test_a_renewal_takes_the_couplings_along_that_ended_with_the_mandate():
    before = a_mandate(validity=Validity(TODAY - timedelta(100), TODAY + timedelta(10)))
    after = replace(before, validity=Validity(TODAY, TODAY + timedelta(500)))
    along = a_coupling(before, validity=before.validity)
    renewed = couplings.follow_renewal(along, before, after, TODAY)
    assert renewed.validity.valid_until == after.validity.valid_until
    assert renewed.validity.valid_from <= TODAY
    for other in (replace(along, status=LinkStatus.REVOKED), replace(along, validity=Validity(TODAY, TODAY))):
        assert couplings.follow_renewal(other, before, after, TODAY) == other
