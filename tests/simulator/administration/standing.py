"""A clock that moves when it is told to."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class StandingClock:
    """Stands at `moment`."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment

    def go(self, **period: int) -> None:
        """Move on: `clock.go(days=14)`."""
        self.moment += timedelta(**period)
