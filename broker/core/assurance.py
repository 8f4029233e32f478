"""Levels of assurance (betrouwbaarheidsniveaus) and their order."""

from collections.abc import Iterable
from enum import Enum
from functools import total_ordering
from typing import Final


@total_ordering
class AssuranceLevel(Enum):
    """EH2 < EH2+ < EH3 < EH4. The value is the last part of the URN in messages.

    EH1 was discontinued on 1 July 2021 and is not a level here.
    """

    EH2 = "loa2"
    EH2_PLUS = "loa2plus"
    EH3 = "loa3"
    EH4 = "loa4"

    def __init__(self, _urn_part: str) -> None:
        """Give it its position in the order, from 0; comparing by name or URN would put `loa2plus` wrong."""
        self.rank: Final = len(type(self).__members__)

    @property
    def label(self) -> str:
        """What people call it: `EH2+`."""
        return self.name.replace("_PLUS", "+")

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, AssuranceLevel):
            return NotImplemented
        return self.rank < other.rank


LOWEST = AssuranceLevel.EH2


def weakest(levels: Iterable[AssuranceLevel]) -> AssuranceLevel:
    """The effective level of a chain: the minimum over its links (`levels` must not be empty)."""
    return min(levels)
