"""The service catalogue (dienstencatalogus) as the scheme's XML file (etd Service catalog).

It is the operator's own file, so its signature is not needed and not looked at; django-digid-eherkenning for one
writes it with an empty signature, for the broker to sign.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Catalogue, RequestedAttribute, Service
from broker.core.errors import ConfigError
from broker.core.identifiers import Identifier, IdentifierType, InvalidIdentifier, Oin, ServiceId, ServiceUuid
from broker.core.in_force import Document
from broker.core.text import Text
from broker.saml import catalogue_schema, document, key_descriptors, levels, localized, names, reading
from broker.saml.catalogue_schema import Refused
from broker.saml.faults import Fault, MetadataRejected
from broker.saml.keys import Certificate

# The catalogue of the whole scheme holds thousands of services; it is read once, at the start.
MAX_BYTES: Final = 16 * 1024 * 1024
MAX_ELEMENTS: Final = 250_000

# Older catalogues, and generators of today for eIDAS, use the name that the pseudonym had before 1.13.
_TYPES: Final = {kind.value: kind for kind in IdentifierType} | {
    "urn:etoegang:1.9:EntityConcernedID:Pseudo": IdentifierType.PSEUDO
}

_Kind = TypeVar("_Kind", bound=Identifier)


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """What one or more catalogue files say: the services, and per service the certificates to encrypt for it with.

    `documents` are the files themselves.
    """

    source: str
    catalogue: Catalogue
    certificates: Mapping[ServiceId, tuple[Certificate, ...]]
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class _Definition:
    name: Text
    description: Text
    required_level: AssuranceLevel
    identifier_sets: tuple[frozenset[IdentifierType], ...]
    restrictions_allowed: frozenset[str]
    acting_sets: tuple[frozenset[IdentifierType], ...]
    requested_attributes: tuple[RequestedAttribute, ...]


_Definitions = Mapping[tuple[Oin, ServiceUuid], _Definition]


def read_catalogue(data: bytes, source: str) -> CatalogueFile:
    """Read a catalogue; `source` names the file in errors. Raises `ConfigError` with `source:line: reason`."""
    try:
        root = document.read(data, max_bytes=MAX_BYTES, max_elements=MAX_ELEMENTS)
        catalogue_schema.check(root)
        return _file(root, source, data)
    except Refused as refused:
        raise ConfigError(f"{source}:{refused.line}: {refused}") from refused
    except Fault as fault:
        line = getattr(fault.__cause__, "lineno", None)
        raise ConfigError(f"{source}:{line}: {fault}" if line else f"{source}: {fault}") from fault


def merge(files: Sequence[CatalogueFile]) -> CatalogueFile:
    """All services of `files`; raises `ConfigError` when a ServiceID is in two of them or a portal cannot be."""
    services: dict[ServiceId, Service] = {}
    certificates: dict[ServiceId, tuple[Certificate, ...]] = {}
    origin: dict[ServiceId, str] = {}
    for file in files:
        for service_id, service in file.catalogue.services.items():
            if service_id in services:
                raise ConfigError(f"{file.source}: ServiceID {service_id} is also in {origin[service_id]}")
            services[service_id], origin[service_id] = service, file.source
        certificates.update(file.certificates)
    for service in services.values():
        _check_portal(service, services, origin[service.service_id])
    read = [one for file in files for one in file.documents]
    return CatalogueFile(
        source=", ".join(file.source for file in files),
        catalogue=Catalogue(services),
        certificates=certificates,
        documents=tuple(replace(one, name=f"catalogue-{number}") for number, one in enumerate(read, start=1)),
    )


def _check_portal(portal: Service, services: Mapping[ServiceId, Service], source: str) -> None:
    """A service behind a portal may be in another file, but must be there and be no portal itself."""
    for service_id in portal.portal_for:
        if service_id not in services:
            raise ConfigError(f"{source}: PortalForService {service_id} of {portal.service_id} is not in the catalogue")
        if services[service_id].portal_for:
            raise ConfigError(f"{source}: PortalForService {service_id} of {portal.service_id} is a portal itself")


def _file(root: etree._Element, source: str, data: bytes) -> CatalogueFile:
    providers = [(_identifier(_child(item, "ServiceProviderID"), Oin), item) for item in _all(root, "ServiceProvider")]
    definitions = _definitions(providers)
    services: dict[ServiceId, Service] = {}
    certificates: dict[ServiceId, tuple[Certificate, ...]] = {}
    for oin, provider in providers:
        for instance in _all(provider, "ServiceInstance"):
            service = _service(oin, provider, instance, definitions)
            if service.service_id in services:
                raise Refused(_child(instance, "ServiceID"), f"ServiceID {service.service_id} is used twice")
            services[service.service_id] = service
            certificates[service.service_id] = _certificates(instance)
    return CatalogueFile(source, Catalogue(services), certificates, (Document.of("catalogue-1", data),))


def _definitions(providers: Sequence[tuple[Oin, etree._Element]]) -> _Definitions:
    found: dict[tuple[Oin, ServiceUuid], _Definition] = {}
    for oin, provider in providers:
        for element in _all(provider, "ServiceDefinition"):
            uuid = _identifier(_child(element, "ServiceUUID"), ServiceUuid)
            if (oin, uuid) in found:
                raise Refused(_child(element, "ServiceUUID"), f"ServiceUUID {uuid} is used for two definitions")
            found[oin, uuid] = _definition(element)
    return found


def _definition(element: etree._Element) -> _Definition:
    level_element = reading.one(element, names.SAML, "AuthnContextClassRef")
    level = levels.read(_text(level_element))
    if level is None:
        known = ", ".join(levels.urn(item) for item in AssuranceLevel)
        raise Refused(level_element, f"{_text(level_element)!r} is not a level; known are {known}")
    _identifier(_child(element, "HerkenningsmakelaarId"), Oin)
    return _Definition(
        name=localized.read(element, names.ESC, "ServiceName"),
        description=localized.read(element, names.ESC, "ServiceDescription"),
        required_level=level,
        identifier_sets=_identifier_sets(_all(element, "EntityConcernedTypesAllowed")),
        restrictions_allowed=frozenset(_text(item) for item in _all(element, "ServiceRestrictionsAllowed")),
        acting_sets=_identifier_sets(_all(element, "ActingSubjectTypesAllowed")),
        requested_attributes=tuple(_requested(item) for item in _all(element, "RequestedAttribute")),
    )


def _service(oin: Oin, provider: etree._Element, instance: etree._Element, definitions: _Definitions) -> Service:
    service_id = _identifier(_child(instance, "ServiceID"), ServiceId)
    if service_id.oin != oin:
        raise Refused(_child(instance, "ServiceID"), f"ServiceID {service_id} is not of ServiceProviderID {oin}")
    main = _identifier(_child(instance, "HerkenningsmakelaarId"), Oin)
    others = (_identifier(item, Oin) for item in _all(instance, "AdditionalHerkenningsmakelaarId"))
    definition_uuid, definition = _defined(oin, instance, definitions)
    own_types = _all(instance, "EntityConcernedTypesAllowed")
    return Service(
        service_id=service_id,
        instance_uuid=_identifier(_child(instance, "ServiceUUID"), ServiceUuid),
        definition_uuid=definition_uuid,
        provider_oin=oin,
        provider_name=localized.read(provider, names.ESC, "OrganizationDisplayName"),
        name=definition.name,
        description=definition.description,
        required_level=definition.required_level,
        identifier_sets=_identifier_sets(own_types) if own_types else definition.identifier_sets,
        restrictions_allowed=definition.restrictions_allowed,
        acting_sets=definition.acting_sets,
        requested_attributes=definition.requested_attributes,
        brokers=frozenset({main, *others}),
        portal_for=_portal_for(instance),
    )


def _portal_for(instance: etree._Element) -> tuple[ServiceId, ...]:
    """The services behind a portal, in the order of the file; none unless IsPortal says that it is one."""
    listed = _all(instance, "PortalForService")
    is_portal = reading.boolean(instance, f"{{{names.ESC}}}IsPortal", default=False)
    if is_portal != bool(listed):
        raise Refused(instance, "ServiceInstance: IsPortal=true and PortalForService belong together")
    return tuple(dict.fromkeys(_identifier(item, ServiceId) for item in listed))


def _defined(oin: Oin, instance: etree._Element, definitions: _Definitions) -> tuple[ServiceUuid, _Definition]:
    """The definition behind an instance: the provider's own, else that of another, as definitions may be shared."""
    reference = reading.optional(instance, names.ESC, "InstanceOfService")
    if reference is None:
        raise Refused(instance, "ServiceInstance: InstanceOfService is missing, so it has no definition")
    wanted = _identifier(reference, ServiceUuid)
    shared = (definition for (_, uuid), definition in definitions.items() if uuid == wanted)
    definition = definitions.get((oin, wanted)) or next(shared, None)
    if definition is None:
        raise Refused(reference, f"InstanceOfService {wanted}: no ServiceDefinition has this ServiceUUID")
    return wanted, definition


def _identifier_sets(elements: Sequence[etree._Element]) -> tuple[frozenset[IdentifierType], ...]:
    """The sets of identifier types (ECTA, ASTA) in the order in which they are tried.

    Types with the same setNumber are delivered together, lower numbers are tried first. A type without a number, as
    in older catalogues, is a set of its own; those come last, in the order of the file.
    """
    numbered: dict[int, set[IdentifierType]] = {}
    single: list[frozenset[IdentifierType]] = []
    for element in elements:
        kind = _TYPES.get(_text(element))
        if kind is None:
            raise Refused(element, f"{_text(element)!r} is not an identifier type; known are {', '.join(_TYPES)}")
        number = _set_number(element)
        if number is None:
            single.append(frozenset({kind}))
        else:
            numbered.setdefault(number, set()).add(kind)
    return (*(frozenset(numbered[number]) for number in sorted(numbered)), *single)


def _set_number(element: etree._Element) -> int | None:
    try:
        return reading.number(element, "setNumber")
    except Fault as fault:
        raise Refused(element, fault.detail) from fault


def _certificates(instance: etree._Element) -> tuple[Certificate, ...]:
    return tuple(_certificate(item) for item in _all(instance, "ServiceCertificate"))


def _certificate(element: etree._Element) -> Certificate:
    descriptor = reading.one(element, names.MD, "KeyDescriptor")
    if descriptor.get("use", "encryption") != "encryption":
        raise Refused(descriptor, "ServiceCertificate must be for encryption")
    try:
        return key_descriptors.certificate(descriptor)
    except MetadataRejected as rejected:
        raise Refused(descriptor, f"ServiceCertificate: {rejected.what}") from rejected


def _all(parent: etree._Element, name: str) -> list[etree._Element]:
    return parent.findall(f"{{{names.ESC}}}{name}")


def _child(parent: etree._Element, name: str) -> etree._Element:
    return reading.one(parent, names.ESC, name)


def _text(element: etree._Element) -> str:
    return reading.text(element).strip()


def _requested(element: etree._Element) -> RequestedAttribute:
    name = element.get("Name", "").strip()
    if not name:
        raise Refused(element, "RequestedAttribute: attribute Name is missing")
    try:
        return RequestedAttribute(name, reading.boolean(element, "isRequired", default=False))
    except Fault as fault:
        raise Refused(element, fault.detail) from fault


def _identifier(element: etree._Element, kind: type[_Kind]) -> _Kind:
    try:
        return kind(_text(element))
    except InvalidIdentifier as error:
        raise Refused(element, f"{etree.QName(element).localname}: {error}") from error
