"""In which dialect each service provider is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from broker.saml.dialects import DIALECTS, Dialect


@dataclass(frozen=True, slots=True)
class Dialects:
    """The dialect of each service provider that has one of its own, by EntityID; all others are answered in 1.13."""

    own: Mapping[str, Dialect] = field(default_factory=dict)

    def of(self, service_provider: str) -> Dialect:
        """The dialect of this service provider."""
        return self.own.get(service_provider, DIALECTS["1.13"])
