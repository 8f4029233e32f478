"""The demo service provider, for who has none yet."""

from dataclasses import dataclass
from typing import Self

from broker.simulator.parties import PORTALS
from broker.testing.networks import Started


@dataclass(frozen=True, slots=True)
class DemoServiceProvider:
    """Four portals at one address: belastingdienst, kvk, uwv and gemeente, each with services 9001 and 9002."""

    url: str

    @classmethod
    def started(cls, started: Started) -> Self:
        """The demo of this network, running and registered, now and for the rest of the run."""
        url = started.network.settings.demo.url
        if started.network.start_demo():
            for portal in PORTALS:
                started.lasting.register(f"{url}/metadata/{portal.key}")
        return cls(url)

    def login_url(self, portal: str = "gemeente", service: int = 9001) -> str:
        """Where a login at this portal for this service begins."""
        return f"{self.url}/login/{portal}?service={service}"
