"""The metadata that the broker publishes for service providers (etd HM metadata for DV).

The root is one EntityDescriptor, which pysaml2, python3-saml and every other client read; an EntitiesDescriptor
around it would add nothing that a service provider uses. There is one document for each version of the interface.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.identifiers import IdentifierType
from broker.core.interface import CURRENT, InterfaceVersion
from broker.core.text import Text
from broker.saml import descriptors, document, endpoints, key_descriptors, names, signature
from broker.saml.build import child, element
from broker.saml.endpoints import Endpoint
from broker.saml.keys import Certificate, SigningKey

_CACHE: Final = "P7D"
_ORGANISATION: Final = (IdentifierType.KVK_NUMBER.value, IdentifierType.RSIN.value)


@dataclass(frozen=True, slots=True)
class _Form:
    """What differs between versions: the namespace of the scheme's own attributes, and what names are given."""

    extension: str
    prefix: str
    name_id_formats: tuple[str, ...]


_FORMS: Final[Mapping[InterfaceVersion, _Form]] = {
    "1.13": _Form(
        names.EME,
        "eme",
        (
            names.NAMEID_TRANSIENT,
            *_ORGANISATION,
            IdentifierType.PSEUDO.value,
            names.INTERMEDIATE_KVK_NUMBER,
        ),
    ),
    # The person is the NameID itself.
    "1.11": _Form(
        names.EME_1_11,
        "eme111",
        (names.NAMEID_PERSISTENT, *_ORGANISATION, names.INTERMEDIATE_KVK_NUMBER),
    ),
}


@dataclass(frozen=True, slots=True)
class BrokerDescription:
    """What service providers that use one version of the interface must know of the broker (herkenningsmakelaar).

    `signing_certificates`: every certificate that may verify an answer, so two during a key roll-over.
    `single_sign_on` and `single_logout`: one endpoint (without index) per binding; `artifact_resolution`: a SOAP
    address.
    """

    entity_id: str
    display_name: Text
    signing_certificates: tuple[Certificate, ...]
    single_sign_on: tuple[Endpoint, ...]
    artifact_resolution: str
    single_logout: tuple[Endpoint, ...] = ()
    encryption_certificates: tuple[Certificate, ...] = ()
    version: InterfaceVersion = CURRENT


def write_broker_metadata(broker: BrokerDescription, key: SigningKey, document_id: str) -> bytes:
    """The signed metadata of `broker`; `document_id` is the XML ID that the signature refers to.

    One private-key operation.
    """
    form = _FORMS[broker.version]
    attributes = {
        "ID": document_id,
        "entityID": broker.entity_id,
        f"{{{form.extension}}}version": broker.version,
        "cacheDuration": _CACHE,
    }
    entity = element(names.MD, "EntityDescriptor", attributes, "ds", "saml", "mdattr", form.prefix)
    descriptors.write_level(entity, max(AssuranceLevel))
    _write_role(entity, broker, form.name_id_formats)
    descriptors.write_organization(entity, broker.display_name)
    etree.indent(entity)
    signature.sign(entity, key, position=signature.FIRST, with_certificate=True)
    return document.write(entity)


def _write_role(entity: etree._Element, broker: BrokerDescription, name_id_formats: tuple[str, ...]) -> None:
    attributes = {"WantAuthnRequestsSigned": "true", "protocolSupportEnumeration": names.SAMLP}
    role = child(entity, names.MD, "IDPSSODescriptor", attributes)
    for certificate in broker.signing_certificates:
        key_descriptors.write(role, certificate, "signing")
    for certificate in broker.encryption_certificates:
        key_descriptors.write(role, certificate, "encryption")
    # Two indexes for one address: artifacts carry an index, and clients differ in which one they start at.
    for index in (0, 1):
        resolution = Endpoint(names.BINDING_SOAP, broker.artifact_resolution, index, is_default=index == 0)
        endpoints.write(role, "ArtifactResolutionService", resolution)
    for endpoint in broker.single_logout:
        endpoints.write(role, "SingleLogoutService", endpoint)
    for name_id_format in name_id_formats:
        child(role, names.MD, "NameIDFormat", text=name_id_format)
    for endpoint in broker.single_sign_on:
        endpoints.write(role, "SingleSignOnService", endpoint)
