"""Why a login could not be driven any further.

Stuck           nobody can tell what to do next: no such person, a loop, a party that does not answer
├─ NotAllowed   an address leads to a host that was not allowed
└─ NotTrusted   who is there over https shows a certificate that is not trusted
"""

from collections.abc import Iterable
from typing import Final

from broker.headless.result import Step

_MOST_NAMED: Final = 12


class Stuck(Exception):
    """The message says where, why, and what there is to choose instead; `steps` is the way so far."""

    def __init__(self, message: str, steps: tuple[Step, ...] = ()) -> None:
        super().__init__(message)
        self.steps = steps


class NotAllowed(Stuck):
    """The login leads to a host that is not this machine and was not allowed."""


class NotTrusted(Stuck):
    """The certificate of a party over https comes from no authority that is trusted, or is not for its address."""


def named(found: Iterable[str]) -> str:
    """What there is, for the end of a message: the first dozen, and how many more."""
    known = list(dict.fromkeys(found))
    more = len(known) - _MOST_NAMED
    first = ", ".join(known[:_MOST_NAMED]) or "nothing"
    return f"{first}, and {more} more" if more > 0 else first
