"""Who may do what: the whole table, for each action, each route and each actor."""

from itertools import product

import pytest

from broker.core.administration.actors import OPERATOR, rule
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import TABLE, Action, permit
from broker.core.mandates import Origin
from tests.core.administration.values import (
    EVERYBODY,
    LOW_CLIENT,
    LOW_MANAGER,
    OF_CLIENT,
    OF_OFFICE,
    SIGNATORY,
    STRANGER,
    USER,
    now,
)
from tests.core.register_values import CLIENT, OFFICE

INVITED, SELF = Origin.INVITED_BY_INTERMEDIARY, Origin.SELF_ISSUED
FORM, OTHER, LOW, NO_ROLE = (
    Obstacle.USE_THE_FORM,
    Obstacle.NOT_BY_THIS_PARTY,
    Obstacle.CHAIN_NEEDS_EH3,
    Obstacle.NOT_A_MANAGER,
)
# In the order client's manager, signatory, intermediary's manager, user, operator: None is "may".
SAID = {
    (Action.INVITE, None): (OTHER, OTHER, None, NO_ROLE, OTHER),
    (Action.ANSWER_INVITATION, None): (None, None, OTHER, NO_ROLE, OTHER),
    (Action.CANCEL_INVITATION, None): (OTHER, OTHER, None, NO_ROLE, None),
    (Action.SELF_ISSUE, None): (None, FORM, OTHER, NO_ROLE, OTHER),
    (Action.SIGN, None): (None, None, OTHER, NO_ROLE, OTHER),
    (Action.REVIEW, None): (OTHER, OTHER, OTHER, NO_ROLE, None),
    (Action.COUPLE, None): (OTHER, OTHER, None, NO_ROLE, OTHER),
    (Action.REVOKE, SELF): (None, FORM, None, NO_ROLE, None),
    (Action.REVOKE, INVITED): (FORM, FORM, None, NO_ROLE, None),
    (Action.SUSPEND, SELF): (None, FORM, OTHER, NO_ROLE, None),
    (Action.SUSPEND, INVITED): (FORM, FORM, OTHER, NO_ROLE, None),
    (Action.RENEW, SELF): (None, None, None, NO_ROLE, None),
    (Action.RENEW, INVITED): (OTHER, None, None, NO_ROLE, None),
    (Action.SEE_RELATIONS, None): (OTHER, OTHER, None, None, None),
}
ACTORS = (OF_CLIENT, SIGNATORY, OF_OFFICE, USER, OPERATOR)


def refusal(actor, action, origin, **policy):
    try:
        permit(actor, action, CLIENT.id, OFFICE.id, origin, now(**policy).policy)
    except ChangeRefused as refused:
        return refused.obstacle
    return None


def test_M53_the_expectations_cover_the_whole_table():
    written = {(action, one) for action, origin in SAID for one in ([origin] if origin else Origin)}
    assert written == TABLE.keys() == set(product(Action, Origin))


@pytest.mark.parametrize(("action", "origin"), list(product(Action, Origin)), ids=lambda one: one.value)
def test_M50_M51_M52_M53_each_party_may_do_what_the_table_says(action, origin):
    expected = SAID.get((action, None)) or SAID[action, origin]
    assert tuple(refusal(actor, action, origin) for actor in ACTORS) == expected


@pytest.mark.parametrize(("action", "origin"), list(product(Action, Origin)), ids=lambda one: one.value)
def test_M25_M31_M35_a_manager_below_EH3_does_nothing_with_chain_mandates(action, origin):
    assert refusal(LOW_MANAGER, action, origin) is LOW
    assert refusal(LOW_CLIENT, action, origin) is LOW


@pytest.mark.parametrize(("action", "origin"), list(product(Action, Origin)), ids=lambda one: one.value)
def test_nobody_does_anything_to_mandates_of_others(action, origin):
    assert refusal(STRANGER, action, origin) is Obstacle.NOT_YOUR_MANDATE


def test_the_floor_can_be_off_as_with_other_suppliers():
    assert refusal(LOW_MANAGER, Action.INVITE, INVITED, chain_level=None) is None


def test_M53_whether_an_intermediary_may_renounce_is_a_setting():
    assert refusal(OF_OFFICE, Action.REVOKE, SELF) is None
    assert refusal(OF_OFFICE, Action.REVOKE, SELF, intermediary_may_renounce=False) is OTHER
    assert refusal(OF_OFFICE, Action.REVOKE, INVITED, intermediary_may_renounce=False) is None


def test_the_register_itself_may_do_what_its_operator_may():
    for action, origin in product(Action, Origin):
        assert refusal(rule("a rule"), action, origin) is refusal(OPERATOR, action, origin)
    assert len(EVERYBODY) == 8
