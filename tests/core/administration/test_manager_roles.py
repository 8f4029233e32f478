"""Roles of managers: five years at most, and nothing ends with them."""

from datetime import timedelta

import pytest

from broker.core.administration.manager_roles import ManagerRole, RoleStatus
from broker.core.invariants import InvariantBroken
from broker.core.validity import Validity, years_later
from tests.core.register_values import EH3, TODAY

FIVE = Validity(TODAY, years_later(TODAY, 5))


def a_role(validity=FIVE, status=RoleStatus.ACTIVE):
    return ManagerRole("role", "fleur", "office", EH3, validity, status)


def test_a_role_counts_from_its_first_up_to_its_last_day():
    role = a_role()
    assert role.is_in_force(TODAY)
    assert role.is_in_force(FIVE.valid_until)
    assert not role.is_in_force(TODAY - timedelta(1))
    assert not role.is_in_force(FIVE.valid_until + timedelta(1))
    assert not a_role(status=RoleStatus.REVOKED).is_in_force(TODAY)


def test_I3_a_role_lasts_five_years_at_most():
    with pytest.raises(InvariantBroken, match="I3"):
        a_role(Validity(TODAY, FIVE.valid_until + timedelta(1)))
