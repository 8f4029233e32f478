"""A first service catalogue for a service provider that is registered, from what its metadata says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Catalogue, Service
from broker.core.errors import ConfigError
from broker.core.identifiers import IdentifierType, InvalidIdentifier, Oin, ServiceId, ServiceUuid
from broker.saml import catalogue_writing
from broker.saml.catalogue import read_catalogue
from broker.saml.keys import SigningKey
from broker.saml.metadata import RequestedService, ServiceProviderMetadata

VERSION: Final = "urn:etoegang:1.13:service-catalogue:T:1"


@dataclass(frozen=True, slots=True)
class Draft:
    """What metadata does not say: the level and identifiers of services that no catalogue has yet, and our own OIN."""

    broker: Oin
    level: AssuranceLevel
    identifiers: tuple[IdentifierType, ...]


def draft(
    metadata: ServiceProviderMetadata, known: Catalogue, assumed: Draft, moment: datetime, key: SigningKey
) -> bytes:
    """The signed catalogue of the services of `metadata`; those that `known` has already are as they are there.

    UUIDs of new services follow from their ServiceID, so a later draft gives the same ones. Encryption certificates are
    those of the metadata. Raises `ConfigError` when the metadata names no service by ServiceID, or holds what does not
    fit in a catalogue.
    """
    services = [
        _service(requested, metadata, known, assumed) for requested in metadata.services if requested.service_id
    ]
    if not services:
        raise ConfigError(f"{metadata.entity_id}: its metadata names no service by ServiceID")
    certificates = {service.service_id: metadata.encryption_certificates for service in services}
    written = catalogue_writing.write_catalogue(services, certificates, VERSION, moment, key)
    read_catalogue(written, f"catalogue of {metadata.entity_id}")  # a name that is too long, for one, is told here
    return written


def _service(
    requested: RequestedService, metadata: ServiceProviderMetadata, known: Catalogue, assumed: Draft
) -> Service:
    found = known.find(requested.service_id or "")
    if found is not None:
        return found
    try:
        service_id = ServiceId(requested.service_id or "")
    except InvalidIdentifier as error:
        raise ConfigError(f"{metadata.entity_id}: {error}") from error
    return Service(
        service_id=service_id,
        instance_uuid=_uuid(service_id, "instance"),
        definition_uuid=_uuid(service_id, "definition"),
        provider_oin=service_id.oin,
        provider_name=metadata.display_name,
        name=requested.names,
        description=requested.names,
        required_level=assumed.level,
        identifier_sets=(frozenset(assumed.identifiers),),
        requested_attributes=requested.requested_attributes,
        brokers=frozenset({assumed.broker}),
    )


def _uuid(service_id: ServiceId, part: str) -> ServiceUuid:
    return ServiceUuid(str(uuid5(NAMESPACE_URL, f"{service_id}#{part}")))
