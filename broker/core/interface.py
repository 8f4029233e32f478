"""The versions of the interface between service provider and broker.

A message does not say which version it is of: the address does that it is sent to (etd Interface specifications web).
"""

from typing import Final, Literal

InterfaceVersion = Literal["1.13", "1.11"]

CURRENT: Final[InterfaceVersion] = "1.13"
VERSIONS: Final[tuple[InterfaceVersion, ...]] = (CURRENT, "1.11")
"""Those that the broker has addresses for, the one of today first."""
