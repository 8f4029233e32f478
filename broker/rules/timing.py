"""How the simulator compares the moments of messages with its own clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Tolerance:
    """`skew` is how far the clocks of two parties may differ; `age` how old a message may be on arrival.

    The scheme's page on clock synchronisation could not be read; the defaults are those of the field: 60 seconds and
    5 minutes.
    """

    skew: timedelta = timedelta(seconds=60)
    age: timedelta = timedelta(minutes=5)


def age_fault(issued: datetime, moment: datetime, tolerance: Tolerance) -> str | None:
    """What is wrong with a message issued at `issued` and seen at `moment`, or None."""
    if issued > moment + tolerance.skew:
        return f"issued {(issued - moment).total_seconds():.0f} s in the future"
    if issued < moment - tolerance.age - tolerance.skew:
        return f"issued {(moment - issued).total_seconds():.0f} s ago"
    return None
