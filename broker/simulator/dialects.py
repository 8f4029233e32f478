"""In which dialect each service provider is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from broker.core.interface import VERSIONS, InterfaceVersion
from broker.saml.dialects import DIALECTS, Dialect

_OF_VERSION: Final[Mapping[InterfaceVersion, Dialect]] = {version: DIALECTS[version] for version in VERSIONS}


@dataclass(frozen=True, slots=True)
class Dialects:
    """What settings say of service providers, by EntityID: a dialect for each version of the interface.

    All others are answered in the dialect of the version whose address their request came to.
    """

    own: Mapping[str, Mapping[InterfaceVersion, Dialect]] = field(default_factory=dict)

    def of(self, service_provider: str, version: InterfaceVersion) -> Dialect:
        """The dialect for a request of this service provider that came to an address of this version."""
        return self.own.get(service_provider, _OF_VERSION)[version]
