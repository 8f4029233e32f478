"""Working days in the Netherlands; the holidays are those that governments published for these years."""

from datetime import UTC, date, datetime

import pytest

from broker.core.administration.working_days import (
    add_working_days,
    easter_sunday,
    holidays,
    is_working_day,
    review_due,
)


@pytest.mark.parametrize(
    "easter",
    [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25), date(2285, 3, 22)],
)
def test_easter(easter):
    assert easter_sunday(easter.year) == easter


def test_the_holidays_of_2026():
    months_and_days = [(1, 1), (4, 3), (4, 5), (4, 6), (4, 27), (5, 5), (5, 14), (5, 24), (5, 25), (12, 25), (12, 26)]
    assert holidays(2026) == {date(2026, month, day) for month, day in months_and_days}


def test_kings_day_is_never_on_a_sunday():
    assert not is_working_day(date(2025, 4, 26))
    assert date(2025, 4, 26) in holidays(2025)
    assert date(2025, 4, 27) not in holidays(2025)


def test_weekends_and_holidays_are_skipped():
    assert add_working_days(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert add_working_days(date(2026, 11, 28), 0) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("submitted", "due"),
    [
        (datetime(2026, 11, 24, 13, 59, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 11, 24, 14, 0, tzinfo=UTC), date(2026, 11, 26)),  # 15:00 in the Netherlands
        (datetime(2026, 11, 27, 9, 0, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 11, 28, 9, 0, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 7, 1, 12, 59, tzinfo=UTC), date(2026, 7, 2)),  # summer time
    ],
)
def test_M43_urgent_requests_are_due_one_working_day_after_they_are_complete(submitted, due):
    assert review_due(submitted, urgent=True) == due
