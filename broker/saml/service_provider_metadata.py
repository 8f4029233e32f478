"""Metadata of a service provider of our own, for the broker (etd DV metadata for HM): that of the Beheermodule."""

from dataclasses import dataclass

from lxml import etree

from broker.core.identifiers import ServiceId
from broker.core.interface import CURRENT
from broker.core.text import Text
from broker.saml import descriptors, document, endpoints, key_descriptors, localized, names, signature
from broker.saml.build import child, element
from broker.saml.endpoints import Endpoint
from broker.saml.keys import Certificate, SigningKey


@dataclass(frozen=True, slots=True)
class ServiceProviderDescription:
    """A service provider (dienstverlener) with one service; `consumer` takes the broker's artifacts."""

    entity_id: str
    display_name: Text
    signing: Certificate
    encryption: Certificate
    consumer: str
    service_id: ServiceId
    service_name: Text


def write_service_provider(described: ServiceProviderDescription, key: SigningKey, document_id: str) -> bytes:
    """The signed metadata; `document_id` is the XML ID that the signature refers to. One private-key operation."""
    attributes = {
        "ID": document_id,
        "entityID": described.entity_id,
        f"{{{names.EME}}}version": CURRENT,
    }
    entity = element(names.MD, "EntityDescriptor", attributes, "ds", "saml", "eme")
    _write_role(entity, described)
    descriptors.write_organization(entity, described.display_name)
    etree.indent(entity)
    signature.sign(entity, key, position=signature.FIRST, with_certificate=True)
    return document.write(entity)


def _write_role(entity: etree._Element, described: ServiceProviderDescription) -> None:
    attributes = {
        "AuthnRequestsSigned": "true",
        "WantAssertionsSigned": "true",
        "protocolSupportEnumeration": names.SAMLP,
    }
    role = child(entity, names.MD, "SPSSODescriptor", attributes)
    key_descriptors.write(role, described.signing, "signing")
    key_descriptors.write(role, described.encryption, "encryption")
    consumer = Endpoint(names.BINDING_ARTIFACT, described.consumer, 0, is_default=True)
    endpoints.write(role, "AssertionConsumerService", consumer)
    indexed = {"index": str(described.service_id.number), "isDefault": "true"}
    service = child(role, names.MD, "AttributeConsumingService", indexed)
    localized.write(service, names.MD, "ServiceName", described.service_name)
    child(service, names.MD, "RequestedAttribute", {"Name": described.service_id})
