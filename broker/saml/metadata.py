"""Metadata of a service provider (etd DV metadata for HM; SAML metadata 2.4.4).

The operator who registers a file vouches for it, so a signature is not required; one that is there must be right.
What the scheme forbids but real service providers send (NameIDFormat, no Organization, no `use`) is accepted, and so
are comments, which people and programs write in such files.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from broker.core.catalogue import RequestedAttribute
from broker.core.text import Text
from broker.saml import descriptors, document, endpoints, key_descriptors, localized, names, reading, schema
from broker.saml.endpoints import Endpoint
from broker.saml.faults import Fault, MetadataReason, MetadataRejected, SignatureReason
from broker.saml.keys import Certificate, VerificationKey
from broker.saml.metadata_signature import signed_content

__all__ = ["Endpoint", "RequestedService", "ServiceProviderMetadata", "read_service_provider"]

_CLAUSE: Final = "etd DV metadata for HM"
_SIGNATURE: Final = f"{{{names.DS}}}Signature"
# Wider than `ServiceId`: the OIN of a service provider that is not ours to judge may have another length.
_SERVICE_ID: Final = re.compile(r"urn:etoegang:DV:[0-9]+:services:[0-9]+")


@dataclass(frozen=True, slots=True)
class RequestedService:
    """An AttributeConsumingService: the service behind an index, and the attributes that are wanted with it.

    `service_id` is None when no RequestedAttribute is a ServiceID; `is_default` marks the service that is meant
    when a request names none.
    """

    index: int
    is_default: bool
    service_id: str | None
    names: Text
    requested_attributes: tuple[RequestedAttribute, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceProviderMetadata:
    """What the broker knows of a service provider (dienstverlener).

    `assertion_consumers` hold at least one with binding HTTP-Artifact, and the default is such a one.
    `artifact_resolution` are the addresses where its own artifacts are resolved.
    `verification_keys` hold at least one; several during a key roll-over, each valid in its own time.
    `signed` tells whether the file carried a signature, which was then right; `valid_until` is the first moment at
    which it no longer counts, if it says so. `logout_response_location` takes the answer to a LogoutRequest by
    HTTP-POST.
    """

    entity_id: str
    display_name: Text
    verification_keys: tuple[VerificationKey, ...]
    encryption_certificates: tuple[Certificate, ...]
    assertion_consumers: tuple[Endpoint, ...]
    services: tuple[RequestedService, ...]
    signed: bool
    valid_until: datetime | None
    artifact_resolution: tuple[Endpoint, ...] = ()
    logout_response_location: str | None = None

    def check_current(self, moment: datetime) -> None:
        """Raises `MetadataRejected` when the metadata has expired since it was read."""
        descriptors.check_valid(self.valid_until, self.entity_id, moment)

    def assertion_consumer_by_index(self, index: int) -> Endpoint | None:
        """The endpoint with this index, of any binding."""
        return next((item for item in self.assertion_consumers if item.index == index), None)

    def assertion_consumer_by_location(self, location: str) -> Endpoint | None:
        """The endpoint at exactly this address; HTTP-Artifact goes before other bindings at the same address."""
        found = [item for item in self.assertion_consumers if item.location == location]
        return min(found, key=lambda item: item.binding != names.BINDING_ARTIFACT, default=None)

    def default_assertion_consumer(self) -> Endpoint | None:
        """The endpoint for a request that names none."""
        return next((item for item in self.assertion_consumers if item.is_default), None)

    def artifact_resolution_by_index(self, index: int) -> Endpoint | None:
        """The SOAP endpoint with this index: the one that an artifact names."""
        wanted = (names.BINDING_SOAP, index)
        return next((item for item in self.artifact_resolution if (item.binding, item.index) == wanted), None)

    def service_by_index(self, index: int) -> RequestedService | None:
        """The service with this AttributeConsumingServiceIndex."""
        return next((item for item in self.services if item.index == index), None)

    def default_service(self) -> RequestedService | None:
        """The service for a request that names none; None when the metadata names no services."""
        return next((item for item in self.services if item.is_default), None)


def read_service_provider(data: bytes, moment: datetime) -> ServiceProviderMetadata:
    """Read the metadata of one service provider; raises `MetadataRejected` with one line that says it all."""
    return read_as_written(data, moment)[0]


def read_as_written(data: bytes, moment: datetime) -> tuple[ServiceProviderMetadata, etree._Element]:
    """The same, with the entity that it was read from: what the signature covers, if there is one."""
    try:
        root = document.read(data, drop_comments=True)
        schema.validate(root)
        entity, signed = _verified(root, moment)
        role = descriptors.role(entity, "SPSSODescriptor", moment)
        return _service_provider(entity, role, descriptors.valid_until(root, entity, role), signed=signed), entity
    except MetadataRejected:
        raise
    except Fault as fault:
        raise MetadataRejected(fault.reason, "document", fault.detail, _CLAUSE) from fault


def _verified(root: etree._Element, moment: datetime) -> tuple[etree._Element, bool]:
    """The one entity, read from what the signatures cover, and whether there was a signature."""
    entity = _only_entity(root)
    signatures = list(root.iter(_SIGNATURE))
    if any(item.getparent() not in (root, entity) for item in signatures):
        what = "a signature covers something else than the whole or the entity; sign the whole, or take it out"
        raise MetadataRejected(SignatureReason.POSITION, f"{reading.path(entity)}//Signature", what, _CLAUSE)
    descriptors.check_current(root, moment)
    keys = key_descriptors.verification_keys(descriptors.role(entity, "SPSSODescriptor", moment))
    if entity is not root and root.find(_SIGNATURE) is not None:
        entity = _only_entity(signed_content(root, keys, moment))
    if entity.find(_SIGNATURE) is not None:
        entity = signed_content(entity, keys, moment)
    return entity, bool(signatures)


def _only_entity(root: etree._Element) -> etree._Element:
    """The root, or the only child of an EntitiesDescriptor; nothing else in the document may be an entity."""
    entities = list(root.iter(descriptors.ENTITY))
    if len(entities) != 1:
        what = f"{len(entities)} EntityDescriptors; give one file for each service provider"
        raise MetadataRejected(MetadataReason.ENTITY, reading.path(root), what, _CLAUSE)
    entity = entities[0]
    if entity is not root and not (root.tag == descriptors.ENTITIES and entity.getparent() is root):
        what = "an EntityDescriptor must be the root, or stand directly in an EntitiesDescriptor"
        raise MetadataRejected(MetadataReason.ENTITY, reading.path(entity), what, _CLAUSE)
    return entity


def _service_provider(
    entity: etree._Element, role: etree._Element, valid_until: datetime | None, *, signed: bool
) -> ServiceProviderMetadata:
    endpoints.check_locations(role)
    consumers = endpoints.assertion_consumers(role, names.BINDING_ARTIFACT)
    if not any(consumer.is_default for consumer in consumers):
        what = "no AssertionConsumerService with binding HTTP-Artifact: there is no way to answer"
        raise MetadataRejected(MetadataReason.ENDPOINT, reading.path(role), what, _CLAUSE)
    return ServiceProviderMetadata(
        entity_id=reading.attribute(entity, "entityID"),
        display_name=descriptors.display_name(entity),
        verification_keys=key_descriptors.verification_keys(role),
        encryption_certificates=key_descriptors.certificates(role, "encryption"),
        assertion_consumers=consumers,
        services=_services(role),
        signed=signed,
        valid_until=valid_until,
        artifact_resolution=endpoints.artifact_resolution(role),
        logout_response_location=endpoints.logout_response(role),
    )


def _services(role: etree._Element) -> tuple[RequestedService, ...]:
    elements = role.findall(f"{{{names.MD}}}AttributeConsumingService")
    endpoints.check_indexes(elements)
    default = endpoints.default_of(elements)
    return tuple(_service(element, is_default=element is default) for element in elements)


def _service(element: etree._Element, *, is_default: bool) -> RequestedService:
    requested = [
        RequestedAttribute(reading.attribute(item, "Name").strip(), reading.boolean(item, "isRequired", default=False))
        for item in element.findall(f"{{{names.MD}}}RequestedAttribute")
    ]
    service_ids = [item.name for item in requested if _SERVICE_ID.fullmatch(item.name)]
    if len(service_ids) > 1:
        what = f"{len(service_ids)} ServiceIDs; an AttributeConsumingService is one service"
        raise MetadataRejected(MetadataReason.DUPLICATE, reading.path(element), what, _CLAUSE)
    service_id = service_ids[0] if service_ids else None
    return RequestedService(
        index=int(reading.attribute(element, "index")),
        is_default=is_default,
        service_id=service_id,
        names=localized.read(element, names.MD, "ServiceName"),
        requested_attributes=tuple(item for item in requested if item.name != service_id),
    )
