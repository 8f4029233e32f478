"""What the API knows of the network that it controls."""

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from flask import current_app

from broker.core.clock import Clock
from broker.core.ids import Ids
from broker.core.loopback import is_loopback
from broker.settings import Settings
from broker.simulator.context import Simulator


@dataclass(frozen=True, slots=True)
class Installation:
    """A network: its settings, its simulator, and its name if it is a tenant. `clock` and `ids` are the real ones."""

    settings: Settings
    simulator: Simulator
    tenant: str | None
    clock: Clock
    ids: Ids

    @property
    def is_open_to_others(self) -> bool:
        """Whether it listens on, or is known under, another host than loopback."""
        server = self.settings.broker
        return not all(map(is_loopback, (server.host, urlsplit(server.url).hostname or "")))


def installation() -> Installation:
    """That of this application."""
    return cast(Installation, current_app.extensions["installation"])


def simulator() -> Simulator:
    """Its simulator."""
    return installation().simulator
