"""Rules for metadata of a service provider that the broker can work with, but that the scheme wants otherwise.

etd DV metadata for HM. None of them refuses: real service providers publish such metadata, and log in with it. They
tell whoever registers it what another broker may stumble over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from broker.core.findings import Severity
from broker.core.identifiers import IdentifierType, oin_of_entity
from broker.core.text import Text
from broker.rules.rule import Rule, Seen
from broker.saml import key_descriptors, names, reading
from broker.saml.metadata import ServiceProviderMetadata

KNOWN_VERSIONS: Final = ("1.9", "1.11", "1.13")
SOON: Final = timedelta(days=30)

_IDENTIFYING: Final = frozenset(kind.value for kind in IdentifierType)
_CLAUSE: Final = "etd DV metadata for HM"
_SIGNATURE: Final = f"{{{names.DS}}}Signature"
_OF_ENTITY: Final = {
    _SIGNATURE,
    *(f"{{{names.MD}}}{name}" for name in ("SPSSODescriptor", "Organization", "ContactPerson")),
}
# NameIDFormat has a rule of its own.
_OF_ROLE: Final = {
    f"{{{names.MD}}}{name}"
    for name in (
        "KeyDescriptor",
        "ArtifactResolutionService",
        "SingleLogoutService",
        "NameIDFormat",
        "AssertionConsumerService",
        "AttributeConsumingService",
    )
}


@dataclass(frozen=True, slots=True)
class Written:
    """Metadata that was read, the entity that it was read from, and when."""

    metadata: ServiceProviderMetadata
    entity: etree._Element
    moment: datetime

    @property
    def role(self) -> etree._Element:
        """The SPSSODescriptor."""
        return reading.one(self.entity, names.MD, "SPSSODescriptor")

    def all(self, name: str) -> list[etree._Element]:
        """The children `md:<name>` of the role."""
        return self.role.findall(f"{{{names.MD}}}{name}")


def _unsigned(written: Written) -> Iterable[Seen]:
    if not written.metadata.signed:
        yield Seen("EntityDescriptor", "there is no ds:Signature; you vouch for the file")


def _requests_signed(written: Written) -> Iterable[Seen]:
    yield from _must_be_true(written.role, "AuthnRequestsSigned")


def _assertions_signed(written: Written) -> Iterable[Seen]:
    yield from _must_be_true(written.role, "WantAssertionsSigned")


def _must_be_true(role: etree._Element, name: str) -> Iterator[Seen]:
    if role.get(name) not in ("true", "1"):
        yield Seen(f"SPSSODescriptor/@{name}", f"{role.get(name)!r}, expected 'true'")


def _name_id_format(written: Written) -> Iterable[Seen]:
    for element in written.all("NameIDFormat"):
        yield Seen(reading.path(element), "not in the table of elements, so not allowed")


def _key_name(written: Written) -> Iterable[Seen]:
    for descriptor in written.all("KeyDescriptor"):
        info = reading.one(descriptor, names.DS, "KeyInfo")
        if descriptor.get("use") != "encryption" and reading.optional(info, names.DS, "KeyName") is None:
            yield Seen(reading.path(descriptor), "no KeyName; messages name their key by it")


def _validity(written: Written) -> Iterable[Seen]:
    for descriptor in written.all("KeyDescriptor"):
        certificate = key_descriptors.certificate(descriptor)
        if written.moment < certificate.not_before:
            yield Seen(reading.path(descriptor), f"the certificate is valid from {certificate.not_before.date()}")
        elif written.moment > certificate.not_after:
            yield Seen(reading.path(descriptor), f"the certificate was valid until {certificate.not_after.date()}")
        elif written.moment > certificate.not_after - SOON:
            yield Seen(reading.path(descriptor), f"the certificate is valid until {certificate.not_after.date()} only")


def _consumer_binding(written: Written) -> Iterable[Seen]:
    for element in written.all("AssertionConsumerService"):
        if element.get("Binding") != names.BINDING_ARTIFACT:
            yield Seen(reading.path(element), f"binding {element.get('Binding')}; answers go by HTTP-Artifact only")


def _default_consumer(written: Written) -> Iterable[Seen]:
    yield from _must_mark_one(written, "AssertionConsumerService")


def _default_service(written: Written) -> Iterable[Seen]:
    yield from _must_mark_one(written, "AttributeConsumingService")


def _must_mark_one(written: Written, name: str) -> Iterator[Seen]:
    elements = written.all(name)
    marked = [element for element in elements if element.get("isDefault") in ("true", "1")]
    if len(elements) > 1 and not marked:
        yield Seen(f"SPSSODescriptor/{name}", f"{len(elements)} of them and none has isDefault='true'; the first is it")


def _no_service(written: Written) -> Iterable[Seen]:
    if not written.metadata.services:
        yield Seen("SPSSODescriptor", "no AttributeConsumingService: every login will be refused")


def _service_id(written: Written) -> Iterable[Seen]:
    for service in written.metadata.services:
        if service.service_id is None:
            where = f"AttributeConsumingService[@index={service.index}]/RequestedAttribute"
            yield Seen(where, "no Name is a ServiceID (urn:etoegang:DV:<OIN>:services:<index>)")


def _identifying(written: Written) -> Iterable[Seen]:
    for service in written.metadata.services:
        for name in (attribute.name for attribute in service.requested_attributes):
            where = f"AttributeConsumingService[@index={service.index}]/RequestedAttribute"
            if name in _IDENTIFYING:
                yield Seen(where, f"{name}: the service catalogue says which identifiers a service gets")
            elif name == names.INTERMEDIATE_COMPANY_NAME:
                yield Seen(where, f"{name}: is given with every chain mandate without being asked")


def _entity_id(written: Written) -> Iterable[Seen]:
    entity_id = written.metadata.entity_id
    if oin_of_entity(entity_id) is None or ":DV:" not in entity_id:
        yield Seen("EntityDescriptor/@entityID", f"{entity_id[:80]!r}, expected urn:etoegang:DV:<OIN>:entities:<index>")


def _version(written: Written) -> Iterable[Seen]:
    for namespace in (names.EME, names.EME_1_11):
        version = written.entity.get(f"{{{namespace}}}version")
        if version is not None and version not in KNOWN_VERSIONS:
            yield Seen("EntityDescriptor/@eme:version", f"{version[:20]!r}, known are {', '.join(KNOWN_VERSIONS)}")


def _elements(written: Written) -> Iterable[Seen]:
    for parent, known in ((written.entity, _OF_ENTITY), (written.role, _OF_ROLE)):
        for element in parent.iterchildren(etree.Element):
            if element.tag not in known:
                yield Seen(reading.path(element), "not in the table of elements, so not allowed")


_LOOKS: Final = (
    (
        "EH-REG-10",
        f"{_CLAUSE}: Signature",
        Text("De metadata is niet ondertekend.", "The metadata is not signed."),
        _unsigned,
    ),
    (
        "EH-REG-11",
        f"{_CLAUSE}: AuthnRequestsSigned",
        Text("AuthnRequestsSigned is niet true.", "AuthnRequestsSigned is not true."),
        _requests_signed,
    ),
    (
        "EH-REG-12",
        f"{_CLAUSE}: WantAssertionsSigned",
        Text("WantAssertionsSigned is niet true.", "WantAssertionsSigned is not true."),
        _assertions_signed,
    ),
    (
        "EH-REG-13",
        f"{_CLAUSE}: NameIDFormat",
        Text("NameIDFormat is niet toegestaan.", "NameIDFormat is not allowed."),
        _name_id_format,
    ),
    (
        "EH-REG-14",
        f"{_CLAUSE}: KeyDescriptor; etd Digital signature: KeyName",
        Text("Een sleutel om mee te ondertekenen heeft geen KeyName.", "A key for signing has no KeyName."),
        _key_name,
    ),
    (
        "EH-REG-15",
        f"{_CLAUSE}: KeyDescriptor",
        Text("Een certificaat is niet of niet lang meer geldig.", "A certificate is not valid, or not for long."),
        _validity,
    ),
    (
        "EH-REG-16",
        f"{_CLAUSE}: AssertionConsumerService; etd Bindings",
        Text(
            "Een AssertionConsumerService heeft een andere binding dan HTTP-Artifact.",
            "An AssertionConsumerService has another binding than HTTP-Artifact.",
        ),
        _consumer_binding,
    ),
    (
        "EH-REG-17",
        f"{_CLAUSE}: AssertionConsumerService",
        Text(
            "Geen van de AssertionConsumerServices is de standaard.",
            "None of the AssertionConsumerServices is the default.",
        ),
        _default_consumer,
    ),
    (
        "EH-REG-18",
        f"{_CLAUSE}: AttributeConsumingService",
        Text(
            "Geen van de AttributeConsumingServices is de standaard.",
            "None of the AttributeConsumingServices is the default.",
        ),
        _default_service,
    ),
    (
        "EH-REG-19",
        f"{_CLAUSE}: AttributeConsumingService",
        Text("De metadata noemt geen diensten.", "The metadata names no services."),
        _no_service,
    ),
    (
        "EH-REG-20",
        f"{_CLAUSE}: RequestedAttribute",
        Text("Een dienst heeft geen ServiceID.", "A service has no ServiceID."),
        _service_id,
    ),
    (
        "EH-REG-21",
        f"{_CLAUSE}: RequestedAttribute; etd Attribute catalogue",
        Text(
            "Een dienst vraagt een attribuut dat niet gevraagd hoort te worden.",
            "A service requests an attribute that is not to be requested.",
        ),
        _identifying,
    ),
    (
        "EH-REG-22",
        "etd EntityID",
        Text("De EntityID heeft niet de vorm van het stelsel.", "The EntityID does not have the form of the scheme."),
        _entity_id,
    ),
    (
        "EH-REG-23",
        f"{_CLAUSE}: eme:version",
        Text("De interfaceversie is onbekend.", "The interface version is not known."),
        _version,
    ),
    (
        "EH-REG-24",
        f"{_CLAUSE}: table of elements",
        Text("Een onderdeel van de metadata is niet toegestaan.", "A part of the metadata is not allowed."),
        _elements,
    ),
)
RULES: Final[tuple[Rule[Written], ...]] = tuple(
    Rule(id_, Severity.WARNING, clause, text, look) for id_, clause, text, look in _LOOKS
)
