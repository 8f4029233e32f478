"""Publishing network metadata, as the management organisation (beheerorganisatie, BO) does: the mirror of `network`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from lxml import etree

from broker.core.interface import CURRENT
from broker.saml import descriptors, document, endpoints, key_descriptors, names, signature
from broker.saml.build import child, element, instant
from broker.saml.endpoints import Endpoint
from broker.saml.keys import SigningKey
from broker.saml.network import AuthenticationService, Broker, Network, Register

_CACHE: Final = "P7D"


def write_network(network: Network, key: SigningKey, document_id: str) -> bytes:
    """The metadata of `network`, signed by the BO; `document_id` is the XML ID that the signature refers to.

    A role without participants is left out. One private-key operation.
    """
    attributes = {
        "ID": document_id,
        "Name": f"{names.NETWORK_METADATA}T:{network.sequence}",
        "validUntil": instant(network.valid_until),
        "cacheDuration": _CACHE,
    }
    root = element(names.MD, "EntitiesDescriptor", attributes, "ds", "saml", "mdattr", "eme")
    services = [_authentication_service(party) for party in network.authentication_services]
    _write_group(root, names.ROLE_AUTHENTICATION_SERVICES, services)
    _write_group(root, names.ROLE_REGISTERS, [_register(party) for party in network.registers])
    _write_group(root, names.ROLE_BROKERS, [_broker(party) for party in network.brokers])
    etree.indent(root)
    signature.sign(root, key, position=signature.FIRST, with_certificate=True)
    return document.write(root)


def write_list(
    services: Sequence[AuthenticationService], key: SigningKey, document_id: str, valid_until: datetime
) -> bytes:
    """Authentication services alone, as a broker gives them to service providers (etd RequestADlist).

    Signed with `key`, the broker's; one private-key operation.
    """
    attributes = {"ID": document_id, "validUntil": instant(valid_until)}
    root = element(names.MD, "EntitiesDescriptor", attributes, "ds", "saml", "mdattr", "eme")
    root.extend(_authentication_service(party) for party in services)
    etree.indent(root)
    signature.sign(root, key, position=signature.FIRST, with_certificate=True)
    return document.write(root)


def _write_group(root: etree._Element, name: str, entities: list[etree._Element]) -> None:
    if entities:
        child(root, names.MD, "EntitiesDescriptor", {"Name": name}).extend(entities)


def _entity(entity_id: str) -> etree._Element:
    attributes = {"entityID": entity_id, f"{{{names.EME}}}version": CURRENT}
    return element(names.MD, "EntityDescriptor", attributes, "eme")


def _role(entity: etree._Element, name: str, party: AuthenticationService | Register | Broker) -> etree._Element:
    role = child(entity, names.MD, name, {"protocolSupportEnumeration": names.SAMLP})
    for key in party.verification_keys:
        key_descriptors.write(role, key.certificate, "signing")
    return role


def _authentication_service(party: AuthenticationService) -> etree._Element:
    entity = _entity(party.entity_id)
    descriptors.write_level(entity, party.maximum_level)
    role = _role(entity, "IDPSSODescriptor", party)
    role.set("WantAuthnRequestsSigned", "true")
    if party.logout_location is not None:
        endpoints.write(role, "SingleLogoutService", Endpoint(names.BINDING_POST, party.logout_location))
    endpoints.write(role, "SingleSignOnService", Endpoint(names.BINDING_POST, party.sso_location))
    descriptors.write_organization(entity, party.names)
    return entity


def _register(party: Register) -> etree._Element:
    entity = _entity(party.entity_id)
    role = _role(entity, "PDPDescriptor", party)
    key_descriptors.write(role, party.recipient.certificate, "encryption")
    # The schema wants an address; the simulated registers have none, as the broker asks them in its own process.
    child(role, names.MD, "AuthzService", {"Binding": names.BINDING_SOAP, "Location": party.entity_id})
    descriptors.write_organization(entity, party.names)
    return entity


def _broker(party: Broker) -> etree._Element:
    entity = _entity(party.entity_id)
    role = _role(entity, "SPSSODescriptor", party)
    role.set("AuthnRequestsSigned", "true")
    role.set("WantAssertionsSigned", "true")
    if party.logout_location is not None:
        endpoints.write(role, "SingleLogoutService", Endpoint(names.BINDING_POST, party.logout_location))
    for number, (index, location) in enumerate(party.assertion_consumers.items()):
        consumer = Endpoint(names.BINDING_POST, location, index, is_default=number == 0)
        endpoints.write(role, "AssertionConsumerService", consumer)
    descriptors.write_organization(entity, party.names)
    return entity
