"""Dutch working days: Monday to Friday without public holidays (feestdagen)."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from broker.core.clock import AMSTERDAM

CUT_OFF: Final = time(15, 0)
"""What is complete before this hour in the Netherlands counts as of that day (as one supplier has it)."""

URGENT_DAYS: Final = 1
NORMAL_DAYS: Final = 5
_SATURDAY: Final = 5
_SUNDAY: Final = 6


def is_working_day(day: date) -> bool:
    """Whether offices work on `day`."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`; with 0 the first working day from `day` on."""
    while not is_working_day(day):
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def review_due(submitted: datetime, *, urgent: bool) -> date:
    """When the review of what is complete at `submitted` is due: after one working day when urgent (M-43), else five.

    What comes in after the cut-off, or on a day that is no working day, counts as of the next working day.
    """
    local = submitted.astimezone(AMSTERDAM)
    day = local.date() if local.time() < CUT_OFF else local.date() + timedelta(days=1)
    return add_working_days(day, URGENT_DAYS if urgent else NORMAL_DAYS)


@lru_cache(maxsize=32)
def holidays(year: int) -> frozenset[date]:
    """The holidays of the Algemene termijnenwet in `year`, with Good Friday; Liberation Day counts every year."""
    easter = easter_sunday(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == _SUNDAY:
        kings_day -= timedelta(days=1)
    return frozenset(
        {
            date(year, 1, 1),
            easter - timedelta(days=2),
            easter,
            easter + timedelta(days=1),
            kings_day,
            date(year, 5, 5),
            easter + timedelta(days=39),
            easter + timedelta(days=49),
            easter + timedelta(days=50),
            date(year, 12, 25),
            date(year, 12, 26),
        }
    )


def easter_sunday(year: int) -> date:
    """Easter in the Gregorian calendar, by the anonymous algorithm (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)
