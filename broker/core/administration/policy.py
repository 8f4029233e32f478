"""What suppliers of registers differ on. The defaults are those of the We-ID profile."""

from dataclasses import dataclass
from enum import Enum

from broker.core.assurance import AssuranceLevel


class PriceReading(Enum):
    """Two readings of "19.95 a year, irrespective of the number of mandates" (M-40)."""

    PER_RELATION = "per_relation"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class RegisterPolicy:
    """Levels, terms and prices of the register.

    `module_level` opens the Beheermodule (M-24); `chain_level` is needed for everything that concerns chain mandates
    (M-25, M-31, M-35); None is no such level. `intermediary_may_renounce` lets an intermediary end a mandate that the
    client issued itself, on which the source is silent (M-53). `check_days` is how old a KVK check may be at activation
    (I7). `automatic_activation` activates what passed all checks without the operator. `price_cents` is a year's price
    of one chain mandate, VAT unknown.
    """

    module_level: AssuranceLevel = AssuranceLevel.EH2_PLUS
    chain_level: AssuranceLevel | None = AssuranceLevel.EH3
    intermediary_may_renounce: bool = True
    allow_chain_branch: bool = False
    automatic_activation: bool = True
    check_days: int = 14
    invitation_months: int = 3
    signing_months: int = 3
    price_cents: int = 1995
    price_reading: PriceReading = PriceReading.PER_RELATION


WE_ID_REGISTER = RegisterPolicy()
