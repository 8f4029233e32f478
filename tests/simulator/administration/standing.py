"""A clock that moves when it is told to, and the mark of tests that run on both databases."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

# A database on PostgreSQL takes some tenths of a second, so only tests that hang on SQL run on both.
ON_BOTH = pytest.mark.parametrize("sim", ["sqlite", "postgresql"], indirect=True)


@dataclass
class StandingClock:
    """Stands at `moment`."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment

    def go(self, **period: int) -> None:
        """Move on: `clock.go(days=14)`."""
        self.moment += timedelta(**period)
