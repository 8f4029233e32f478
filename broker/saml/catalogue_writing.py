"""Writing a service catalogue (etd Service catalogue): the mirror of `catalogue`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from lxml import etree

from broker.core.catalogue import Service
from broker.core.identifiers import IdentifierType, Oin, ServiceId
from broker.saml import document, key_descriptors, levels, localized, names, signature
from broker.saml.build import child, element, instant
from broker.saml.keys import Certificate, SigningKey

Sets = Sequence[frozenset[IdentifierType]]


def write_catalogue(
    services: Sequence[Service],
    certificates: Mapping[ServiceId, tuple[Certificate, ...]],
    version: str,
    moment: datetime,
    key: SigningKey,
) -> bytes:
    """The catalogue of `services`, signed; each names the first of its brokers as the main one.

    One private-key operation. Every service becomes a definition and an instance; a definition that several instances
    of one provider share is written once.
    """
    attributes = {_esc("IssueInstant"): instant(moment), _esc("Version"): version, "ID": "_catalogue"}
    root = element(names.ESC, "ServiceCatalogue", attributes, "ds", "saml", "md")
    ordered = sorted(services, key=lambda service: service.service_id)
    for oin, own in groupby(ordered, key=lambda service: service.provider_oin):
        _provider(root, oin, list(own), certificates)
    etree.indent(root)
    signature.sign(root, key, position=signature.FIRST, with_certificate=True)
    return document.write(root)


def _provider(
    root: etree._Element,
    oin: Oin,
    services: Sequence[Service],
    certificates: Mapping[ServiceId, tuple[Certificate, ...]],
) -> None:
    provider = _child(root, "ServiceProvider", attributes=_PUBLIC)
    _child(provider, "ServiceProviderID", oin)
    localized.write(provider, names.ESC, "OrganizationDisplayName", services[0].provider_name)
    for service in {service.definition_uuid: service for service in services}.values():
        _definition(provider, service)
    for service in services:
        _instance(provider, service, certificates.get(service.service_id, ()))


def _definition(provider: etree._Element, service: Service) -> None:
    definition = _child(provider, "ServiceDefinition", attributes=_PUBLIC)
    _child(definition, "ServiceUUID", service.definition_uuid)
    localized.write(definition, names.ESC, "ServiceName", service.name)
    localized.write(definition, names.ESC, "ServiceDescription", service.description)
    child(definition, names.SAML, "AuthnContextClassRef", text=levels.urn(service.required_level))
    _child(definition, "HerkenningsmakelaarId", _brokers(service)[0])
    _sets(definition, "EntityConcernedTypesAllowed", service.identifier_sets)
    _sets(definition, "ActingSubjectTypesAllowed", service.acting_sets)
    for restriction in sorted(service.restrictions_allowed):
        _child(definition, "ServiceRestrictionsAllowed", restriction)
    for attribute in service.requested_attributes:
        required = {"Name": attribute.name, "isRequired": str(attribute.is_required).lower()}
        requested = _child(definition, "RequestedAttribute", attributes=required)
        localized.write(requested, names.ESC, "PurposeStatement", service.name)


def _instance(provider: etree._Element, service: Service, certificates: Sequence[Certificate]) -> None:
    portal = {_esc("IsPortal"): "true"} if service.portal_for else {}
    instance = _child(provider, "ServiceInstance", attributes=_PUBLIC | portal)
    _child(instance, "ServiceID", service.service_id)
    _child(instance, "ServiceUUID", service.instance_uuid)
    _child(instance, "InstanceOfService", service.definition_uuid)
    main, *others = _brokers(service)
    _child(instance, "HerkenningsmakelaarId", main)
    for other in others:
        _child(instance, "AdditionalHerkenningsmakelaarId", other)
    for certificate in certificates:
        key_descriptors.write(_child(instance, "ServiceCertificate"), certificate, "encryption")
    for service_id in service.portal_for:
        _child(instance, "PortalForService", service_id)


def _brokers(service: Service) -> list[Oin]:
    return sorted(service.brokers)


def _sets(parent: etree._Element, name: str, sets: Sets) -> None:
    for number, kinds in enumerate(sets, start=1):
        for kind in sorted(kinds, key=lambda item: item.value):
            _child(parent, name, kind.value, {"setNumber": str(number)})


def _child(
    parent: etree._Element, name: str, text: str | None = None, attributes: Mapping[str, str] | None = None
) -> etree._Element:
    return child(parent, names.ESC, name, attributes, text)


def _esc(name: str) -> str:
    return f"{{{names.ESC}}}{name}"


_PUBLIC = {_esc("IsPublic"): "true"}
