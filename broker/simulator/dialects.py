"""What differs between answers to different service providers, because their software does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

IntermediaryName = Literal["encrypted", "plain", "omitted"]
ArtifactDelivery = Literal["redirect", "post"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one service provider is answered.

    `intermediary_name`: the name of the intermediary as EncryptedAttribute, as plain attribute, or not at all. The
    scheme's text about it was only partly readable; python3-saml refuses any message with an EncryptedAttribute.
    `artifact_delivery`: the browser brings the artifact in the address (GET) or in a form (POST).
    """

    intermediary_name: IntermediaryName = "encrypted"
    artifact_delivery: ArtifactDelivery = "redirect"


@dataclass(frozen=True, slots=True)
class Dialects:
    """The dialect of each service provider, by EntityID, and of all others."""

    default: Dialect = Dialect()
    own: Mapping[str, Dialect] = field(default_factory=dict)

    def of(self, service_provider: str) -> Dialect:
        """The dialect of this service provider."""
        return self.own.get(service_provider, self.default)
