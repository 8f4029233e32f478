"""The door of the Beheermodule, without a browser: who enters in which quality (M-24, M-25, M-31, M-35)."""

from dataclasses import replace
from datetime import date

import pytest

from broker.core.administration.actors import ActorKind
from broker.core.administration.admission import admit
from broker.core.administration.manager_roles import ManagerRole, RoleStatus
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.policy import WE_ID_REGISTER
from broker.core.assurance import AssuranceLevel
from broker.core.organisations import MeansType
from broker.core.validity import Validity
from tests.core.register_values import OFFICE, a_means, a_person

EH2, EH2_PLUS, EH3, EH4 = AssuranceLevel
PERSON, MEANS = a_person(), a_means()
TODAY = date(2026, 11, 23)
ROLE = ManagerRole("role", PERSON.id, OFFICE.id, EH4, Validity(date(2024, 1, 1), date(2028, 12, 31)))


def entering(*roles: ManagerRole, level=EH3, means=MEANS, day=TODAY, policy=WE_ID_REGISTER):
    return admit(PERSON, means, (OFFICE.id, level), roles, day, policy)


def refusal(call, *arguments):
    with pytest.raises(ChangeRefused) as caught:
        call(*arguments)
    return caught.value.obstacle


@pytest.mark.parametrize("level", [EH2_PLUS, EH3, EH4])
def test_M24_a_regular_means_of_eh2plus_or_higher_opens_the_door(level):
    assert entering(level=level).actor.level is level


def test_M24_eh2_does_not():
    with pytest.raises(ChangeRefused) as caught:
        entering(ROLE, level=EH2)
    assert caught.value.obstacle is Obstacle.MEANS_TOO_LOW


@pytest.mark.parametrize("level", AssuranceLevel)
def test_M24_eh3_belastingdienst_does_not_whatever_its_level(level):
    with pytest.raises(ChangeRefused) as caught:
        entering(ROLE, level=level, means=replace(MEANS, type=MeansType.EH3_BELASTINGDIENST))
    assert caught.value.obstacle is Obstacle.MEANS_NOT_REGULAR


@pytest.mark.parametrize("level", [EH2_PLUS, EH3, EH4])
@pytest.mark.parametrize("manager", [True, False])
def test_M35_only_a_manager_with_eh3_or_higher_works_with_chain_mandates(manager, level):
    admission = entering(*([ROLE] if manager else []), level=level)
    assert admission.is_manager is manager
    assert admission.actor.kind is (ActorKind.MANAGER if manager else ActorKind.USER)
    if manager and level >= EH3:
        admission.require_chains(WE_ID_REGISTER)
    else:
        expected = Obstacle.CHAIN_NEEDS_EH3 if manager else Obstacle.NOT_A_MANAGER
        assert refusal(admission.require_chains, WE_ID_REGISTER) is expected


def test_M25_a_role_at_a_lower_level_limits_as_means_do():
    admission = entering(replace(ROLE, level=EH2_PLUS), level=EH4)
    assert refusal(admission.require_chains, WE_ID_REGISTER) is Obstacle.CHAIN_NEEDS_EH3


def test_of_several_roles_the_highest_counts():
    assert entering(replace(ROLE, level=EH2_PLUS), replace(ROLE, id="other", level=EH3)).actor.role_level is EH3


def test_a_register_without_a_floor_has_no_such_limit():
    entering(ROLE, level=EH2_PLUS).require_chains(replace(WE_ID_REGISTER, chain_level=None))


@pytest.mark.parametrize(
    ("role", "obstacle"),
    [
        (replace(ROLE, validity=Validity(date(2021, 11, 23), date(2026, 11, 22))), Obstacle.ROLE_EXPIRED),
        (replace(ROLE, validity=Validity(date(2026, 11, 24), date(2027, 11, 23))), Obstacle.NOT_A_MANAGER),
        (replace(ROLE, status=RoleStatus.REVOKED), Obstacle.NOT_A_MANAGER),
        (replace(ROLE, organisation_id="another"), Obstacle.NOT_A_MANAGER),
    ],
    ids=["expired", "not yet", "revoked", "of another organisation"],
)
def test_a_role_that_does_not_count(role, obstacle):
    assert refusal(entering(role).require_manager) is obstacle


@pytest.mark.parametrize("day", [date(2024, 1, 1), date(2028, 12, 31)])
def test_a_role_counts_on_its_first_and_last_day(day):
    entering(ROLE, day=day).require_manager()
