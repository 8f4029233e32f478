"""The broker's metadata as a service provider reads it (etd HM metadata for DV): whom to ask, and whom to believe."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from broker.saml import descriptors, document, endpoints, key_descriptors, names, reading, schema, signature
from broker.saml.faults import Fault, MetadataRejected
from broker.saml.keys import VerificationKey

_CLAUSE: Final = "etd HM metadata for DV"


@dataclass(frozen=True, slots=True)
class KnownBroker:
    """A broker (herkenningsmakelaar): where it takes an AuthnRequest by HTTP-POST and artifacts by SOAP, by index."""

    entity_id: str
    verification_keys: tuple[VerificationKey, ...]
    sso_location: str
    artifact_resolution: Mapping[int, str]


def read_broker(data: bytes, moment: datetime) -> KnownBroker:
    """Read the metadata of one broker; raises `MetadataRejected`.

    Its signature shows that it is whole, by keys that it brings itself: who believes it must know where it came from.
    """
    try:
        root = document.read(data)
        document.expect_root(root, descriptors.ENTITY)
        schema.validate(root)
        keys = key_descriptors.verification_keys(descriptors.role(root, "IDPSSODescriptor", moment))
        content = signature.verify(root, keys, moment, position=signature.FIRST)
        role = descriptors.role(content, "IDPSSODescriptor", moment)
        return KnownBroker(
            entity_id=reading.attribute(content, "entityID"),
            verification_keys=key_descriptors.verification_keys(role),
            sso_location=endpoints.single_sign_on(role),
            artifact_resolution={
                item.index: item.location
                for item in endpoints.artifact_resolution(role)
                if item.binding == names.BINDING_SOAP and item.index is not None
            },
        )
    except MetadataRejected:
        raise
    except Fault as fault:
        raise MetadataRejected(fault.reason, "document", fault.detail, _CLAUSE) from fault
