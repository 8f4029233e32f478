"""Who may sign: alone, two together, or a majority."""

from datetime import timedelta

import pytest

from broker.core.administration.representatives import (
    Authority,
    Representative,
    Signature,
    SigningMethod,
    is_authorised,
    is_signed,
    signatures_needed,
)
from tests.core.register_values import EH2, EH2_PLUS, EH3, EH4, NOON, TODAY

YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)
ALONE = [Authority.SOLE, Authority.OWNER, Authority.FULL_PROXY]
TOGETHER = [Authority.JOINT, Authority.LIMITED]


def board(count, authority=Authority.JOINT, **changes):
    return [Representative(f"Bestuurder {number}", authority, **changes) for number in range(count)]


def signed(*people):
    return [Signature(one.name, SigningMethod.IN_PORTAL, NOON) for one in people]


def enough(people, count, level=EH3):
    return is_signed(people, signed(*people[:count]), level, TODAY)


@pytest.mark.parametrize("authority", ALONE)
@pytest.mark.parametrize("level", [EH2, EH2_PLUS, EH3, EH4])
def test_one_who_may_sign_alone_is_enough_at_every_level(authority, level):
    people = [Representative("Alleen", authority), *board(4)]
    assert enough(people, 1, level)
    assert not is_signed(people, signed(people[1]), level, TODAY)


@pytest.mark.parametrize("authority", TOGETHER)
@pytest.mark.parametrize("level", [EH2, EH2_PLUS])
@pytest.mark.parametrize(("size", "needed"), [(1, 1), (2, 2), (3, 2), (9, 2)])
def test_two_together_sign_up_to_EH2_plus(authority, level, size, needed):
    people = board(size, authority)
    assert signatures_needed(people, level, TODAY) == needed
    assert enough(people, needed, level)
    assert not enough(people, needed - 1, level)


@pytest.mark.parametrize("authority", TOGETHER)
@pytest.mark.parametrize("level", [EH3, EH4])
@pytest.mark.parametrize(("size", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (9, 5)])
def test_a_majority_signs_from_EH3_on(authority, level, size, needed):
    people = board(size, authority)
    assert signatures_needed(people, level, TODAY) == needed
    assert enough(people, needed, level)
    assert not enough(people, needed - 1, level)


def test_nobody_signs_twice_and_strangers_do_not_count():
    people = board(2)
    assert not is_signed(people, signed(people[0], people[0]), EH3, TODAY)
    assert not is_signed(people, signed(people[0], Representative("Vreemd", Authority.SOLE)), EH3, TODAY)
    assert not is_signed([], signed(*people), EH3, TODAY)


@pytest.mark.parametrize(
    ("since", "until", "counts"), [(TODAY, TODAY, True), (TOMORROW, None, False), (None, YESTERDAY, False)]
)
def test_only_who_is_in_office_today_counts(since, until, counts):
    sole = Representative("Alleen", Authority.SOLE, since=since, until=until)
    assert is_signed([sole], signed(sole), EH3, TODAY) is counts
    assert is_authorised([sole], sole.name, TODAY) is counts
    gone = Representative("Weg", Authority.JOINT, until=YESTERDAY)
    assert signatures_needed([*board(2), gone, gone], EH3, TODAY) == 2


def test_M44_who_lives_abroad_is_known():
    assert Representative("Grens", Authority.SOLE, "BE").lives_abroad
    assert not Representative("Thuis", Authority.SOLE).lives_abroad
