"""Periods: inclusive Amsterdam days, leap days, both changes of the clock, five years at most."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.core.clock import amsterdam_date
from broker.core.invariants import InvariantBroken
from broker.core.mandates import ChainMandate, DirectMandate, MandateCoupling
from broker.core.validity import Validity, months_later, years_later
from broker.core.why_not import why_not
from tests.core.register_values import a_chain_link, a_coupling, a_direct_link, a_mandate, a_question

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_are_calendar_months_and_end_with_the_month(day, months, expected):
    assert months_later(day, months) == expected


def test_I3_five_years_from_29_february_is_28_february():
    assert years_later(date(2024, 2, 29), 5) == date(2029, 2, 28)
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)
    leap = Validity(date(2024, 2, 29), date(2029, 2, 28))
    assert leap.at_most_years(5) is leap
    with pytest.raises(InvariantBroken, match="I3"):
        Validity(date(2024, 2, 29), date(2029, 3, 1)).at_most_years(5)


@given(DAYS, DAYS)
def test_I3_a_period_never_ends_before_it_begins(one, other):
    first, last = sorted((one, other))
    assert Validity(first, last).contains(first)
    assert Validity(first, last).contains(last)
    assert not Validity(first, last).contains(last + timedelta(1))
    assert not Validity(first, last).contains(first - timedelta(1))
    if first < last:
        with pytest.raises(InvariantBroken, match="I3"):
            Validity(last, first)


@given(DAYS, st.integers(1, 4000))
def test_I3_no_mandate_lasts_longer_than_five_years(day, days):
    period = Validity(day, day + timedelta(days))
    allowed = period.valid_until <= years_later(day, 5)
    for kind in (
        lambda: a_mandate(validity=period),
        lambda: a_coupling(a_mandate(), validity=period),
        lambda: a_direct_link(validity=period).mandate,
    ):
        if allowed:
            assert isinstance(kind(), ChainMandate | MandateCoupling | DirectMandate)
        else:
            with pytest.raises(InvariantBroken, match="more than 5 years"):
                kind()


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(2026, 1, 31, 22, 59, 59), date(2026, 1, 31)),  # winter: one hour ahead of UTC
        (at(2026, 1, 31, 23, 0, 0), date(2026, 2, 1)),
        (at(2026, 3, 28, 23, 0, 0), date(2026, 3, 29)),  # midnight before the clock goes forward
        (at(2026, 3, 29, 21, 59, 59), date(2026, 3, 29)),  # that day has 23 hours
        (at(2026, 3, 29, 22, 0, 0), date(2026, 3, 30)),
        (at(2026, 10, 24, 22, 0, 0), date(2026, 10, 25)),  # midnight before the clock goes back
        (at(2026, 10, 25, 22, 59, 59), date(2026, 10, 25)),  # that day has 25 hours
        (at(2026, 10, 25, 23, 0, 0), date(2026, 10, 26)),
        (at(2028, 2, 29, 12, 0, 0), date(2028, 2, 29)),
    ],
)
def test_a_mandate_of_one_day_is_usable_on_exactly_that_day_in_the_netherlands(moment, expected):
    assert amsterdam_date(moment) == expected
    one_day = Validity(expected, expected)
    wide = Validity(expected - timedelta(400), expected + timedelta(400))
    link = a_chain_link(mandate={"validity": one_day}, coupling={"validity": wide})
    question = a_question(moment=moment)
    assert why_not(question, link) is None
