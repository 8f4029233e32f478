"""Periods of whole calendar days, as people agree on them."""

import calendar
from dataclasses import dataclass
from datetime import date

from broker.core.invariants import InvariantBroken

MONTHS_A_YEAR = 12


def months_later(day: date, months: int) -> date:
    """`day` moved by `months` (negative: back); a day that the month does not have becomes the month's last day.

    So 29 February and five years is 28 February, as Regulation (EEC, Euratom) 1182/71, article 3(2)(c), counts terms.
    """
    years, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))


def years_later(day: date, years: int) -> date:
    """`day` moved by whole years, with the same rule for 29 February."""
    return months_later(day, years * MONTHS_A_YEAR)


@dataclass(frozen=True, slots=True)
class Validity:
    """From 00:00 on `valid_from` up to and including the whole of `valid_until`, in the Netherlands.

    Raises `InvariantBroken` (I3) when the days are reversed.
    """

    valid_from: date
    valid_until: date

    def __post_init__(self) -> None:
        if self.valid_until < self.valid_from:
            raise InvariantBroken("I3", f"valid until {self.valid_until} is before valid from {self.valid_from}")

    def contains(self, day: date) -> bool:
        """Whether `day`, an Amsterdam calendar date (`clock.amsterdam_date`), lies in the period."""
        return self.valid_from <= day <= self.valid_until

    def at_most_years(self, years: int) -> "Validity":
        """The same period; raises `InvariantBroken` (I3) when it is longer than `years`.

        The last day may be the same date `years` later, so a period of "five years" ends on its anniversary.
        """
        latest = years_later(self.valid_from, years)
        if self.valid_until > latest:
            raise InvariantBroken(
                "I3", f"valid until {self.valid_until} is more than {years} years after {self.valid_from}"
            )
        return self
