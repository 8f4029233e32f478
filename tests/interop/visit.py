"""An attempt to log in, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .page import Page


@dataclass(frozen=True)
class Visit:
    """Where the browser ended, and what the library logged meanwhile."""

    page: Page
    log: str

    @property
    def rsin(self) -> str | None:
        """Of the user who is logged in now."""
        return self.page.json()["rsin"]

    @property
    def read(self) -> dict[str, Any]:
        """What the library read in the last assertion that it took; only `NotingBackend` keeps it."""
        return self.page.json()["session"]["eherkenning"]

    @property
    def messages(self) -> list[str]:
        """What the project told its visitor."""
        return self.page.json()["messages"]


LogIn = Callable[..., Visit]
"""The fixture that logs in at the wire broker: called with a `Plan`, and with the arguments of `DjangoSp.login_url`."""
