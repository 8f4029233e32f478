"""The one home of the wall clock.

Everything else takes the moment as an argument of type `datetime` in UTC, so that a test, or an operator, can
choose it.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def system_clock() -> datetime:
    """The current moment, in UTC."""
    return datetime.now(UTC)


def amsterdam_date(moment: datetime) -> date:
    """The calendar date in the Netherlands at `moment`: validity of mandates is counted in these dates."""
    return moment.astimezone(AMSTERDAM).date()
