"""The broker's metadata as a service provider reads it (etd HM metadata for DV): whom to ask, and whom to believe."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from broker.saml import descriptors, document, endpoints, key_descriptors, names, reading, schema, signature
from broker.saml.endpoints import Endpoint
from broker.saml.faults import Fault, MetadataRejected
from broker.saml.keys import VerificationKey

_CLAUSE: Final = "etd HM metadata for DV"


@dataclass(frozen=True, slots=True)
class KnownBroker:
    """A broker (herkenningsmakelaar): where it takes an AuthnRequest by HTTP-POST, and where artifacts are resolved."""

    entity_id: str
    verification_keys: tuple[VerificationKey, ...]
    sso_location: str
    artifact_resolution: tuple[Endpoint, ...]

    def artifact_resolution_by_index(self, index: int) -> Endpoint | None:
        """The SOAP endpoint with this index: the one that an artifact names."""
        wanted = (names.BINDING_SOAP, index)
        return next((item for item in self.artifact_resolution if (item.binding, item.index) == wanted), None)


def read_broker(data: bytes, moment: datetime) -> KnownBroker:
    """Read the metadata of one broker; raises `MetadataRejected`.

    Its signature shows that it is whole, by keys that it brings itself: who believes it must know where it came from.
    """
    try:
        root = document.read(data)
        schema.validate(root)
        keys = key_descriptors.verification_keys(descriptors.role(root, "IDPSSODescriptor", moment))
        content = signature.verify(root, keys, moment, position=signature.FIRST)
        role = descriptors.role(content, "IDPSSODescriptor", moment)
        return KnownBroker(
            entity_id=reading.attribute(content, "entityID"),
            verification_keys=key_descriptors.verification_keys(role),
            sso_location=endpoints.single_sign_on(role),
            artifact_resolution=endpoints.artifact_resolution(role),
        )
    except MetadataRejected:
        raise
    except Fault as fault:
        raise MetadataRejected(fault.reason, "document", fault.detail, _CLAUSE) from fault
