"""What chain mandates cost: an amount a year, and two readings of what it is for (M-40).

Services and couplings do not count, and a check with KVK costs nothing extra (M-41). Amounts are whole cents; whether
VAT is in them the source does not say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from broker.core.administration.policy import PriceReading, RegisterPolicy
from broker.core.mandates import ChainMandate, ChainStatus

_CHARGED = frozenset({ChainStatus.ACTIVE, ChainStatus.SUSPENDED})


@dataclass(frozen=True, slots=True)
class YearlyPrice:
    """A year of an intermediary's mandates: `count` times `each_cents`."""

    count: int
    each_cents: int

    @property
    def total_cents(self) -> int:
        """The amount of the year."""
        return self.count * self.each_cents


def yearly_price(mandates: Iterable[ChainMandate], policy: RegisterPolicy, day: date) -> YearlyPrice:
    """What the mandates of one intermediary that run on `day` cost a year.

    Per relation: once for each client, however many mandates it gave. Flat: once, however many clients there are.
    Suspended mandates count; those that wait, and those that ended, do not.
    """
    clients = {mandate.grantor_id for mandate in mandates if _runs(mandate, day)}
    return price_of(len(clients), policy)


def price_of(clients: int, policy: RegisterPolicy) -> YearlyPrice:
    """What mandates of so many clients cost an intermediary a year."""
    count = min(clients, 1) if policy.price_reading is PriceReading.FLAT else clients
    return YearlyPrice(count, policy.price_cents)


def _runs(mandate: ChainMandate, day: date) -> bool:
    return mandate.status_at(day) in _CHARGED
