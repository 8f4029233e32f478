"""Entity descriptors and the one role in each that matters; valid until when, for which level, under which name."""

from datetime import datetime
from typing import Final

from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.text import Text
from broker.saml import levels, localized, names, reading
from broker.saml.build import child
from broker.saml.faults import ContentReason, Fault, MetadataReason, MetadataRejected

ENTITY: Final = f"{{{names.MD}}}EntityDescriptor"
ENTITIES: Final = f"{{{names.MD}}}EntitiesDescriptor"

# A non-personal contact with e-mail and telephone, as the scheme asks; neither can ever be of someone.
_HOME: Final = "https://simulator.invalid/"
_CONTACT: Final = "mailto:beheer@simulator.invalid"
_TELEPHONE: Final = "000-0000000"
_SIMULATOR: Final = "Simulator - geen echte gegevens"


def check_current(element: etree._Element, moment: datetime) -> None:
    """Refuse an element whose `validUntil` is not after `moment`; raises `MetadataRejected`."""
    check_valid(valid_until(element), reading.path(element), moment)


def valid_until(*elements: etree._Element) -> datetime | None:
    """The first `validUntil` of `elements`; None when none of them has one."""
    return min(
        (reading.moment(item, "validUntil") for item in elements if item.get("validUntil") is not None), default=None
    )


def check_valid(until: datetime | None, where: str, moment: datetime) -> None:
    """Raises `MetadataRejected` when `until` is not after `moment`."""
    if until is not None and until <= moment:
        what = f"validUntil {until.isoformat()} has passed; ask its owner for new metadata"
        raise MetadataRejected(MetadataReason.EXPIRED, where, what, "SAML metadata 2.3")


def role(entity: etree._Element, name: str, moment: datetime) -> etree._Element:
    """The only `md:<name>` of `entity`, which must be for SAML 2.0 and current; raises `MetadataRejected`."""
    check_current(entity, moment)
    found = entity.findall(f"{{{names.MD}}}{name}")
    if len(found) != 1:
        what = f"{len(found)} {name}; exactly one is needed"
        raise MetadataRejected(MetadataReason.ROLE, reading.path(entity), what, "SAML metadata 2.4")
    check_current(found[0], moment)
    if names.SAMLP not in found[0].get("protocolSupportEnumeration", "").split():
        what = f"protocolSupportEnumeration does not name {names.SAMLP}"
        raise MetadataRejected(MetadataReason.ROLE, reading.path(found[0]), what, "SAML metadata 2.4.1")
    return found[0]


def display_name(entity: etree._Element) -> Text:
    """OrganizationDisplayName; its EntityID for an entity that does not say what it is called."""
    organization = reading.optional(entity, names.MD, "Organization")
    if organization is not None:
        return localized.read(organization, names.MD, "OrganizationDisplayName")
    entity_id = reading.attribute(entity, "entityID")
    return Text(nl=entity_id, en=entity_id)


def maximum_level(entity: etree._Element) -> AssuranceLevel:
    """The level that EntityAttributes certifies (assurance-certification); raises `Fault` when there is none."""
    path = f"{{{names.MD}}}Extensions/{{{names.MDATTR}}}EntityAttributes/{{{names.SAML}}}Attribute"
    for attribute in entity.findall(path):
        if attribute.get("Name") == names.ASSURANCE_CERTIFICATION:
            urn = reading.text(reading.one(attribute, names.SAML, "AttributeValue")).strip()
            level = levels.read(urn)
            if level is None:
                raise Fault(ContentReason.MALFORMED, f"{names.ASSURANCE_CERTIFICATION}: {urn[:80]!r} is not a level")
            return level
    raise Fault(ContentReason.MISSING, f"{names.ASSURANCE_CERTIFICATION} of {entity.get('entityID')}")


def write_level(entity: etree._Element, level: AssuranceLevel) -> None:
    """Append the Extensions that certify `level`."""
    attributes = child(child(entity, names.MD, "Extensions"), names.MDATTR, "EntityAttributes")
    naming = {"Name": names.ASSURANCE_CERTIFICATION, "NameFormat": names.ATTRNAME_URI}
    attribute = child(attributes, names.SAML, "Attribute", naming)
    child(attribute, names.SAML, "AttributeValue", text=levels.urn(level))


def write_organization(entity: etree._Element, name: Text) -> None:
    """Append Organization, which says in words that this is a simulator, and the administrative ContactPerson."""
    organization = child(entity, names.MD, "Organization")
    localized.write(organization, names.MD, "OrganizationName", Text(nl=_SIMULATOR, en="Simulator - no real data"))
    localized.write(organization, names.MD, "OrganizationDisplayName", name)
    localized.write(organization, names.MD, "OrganizationURL", Text(nl=_HOME, en=_HOME))
    contact = child(entity, names.MD, "ContactPerson", {"contactType": "administrative"})
    child(contact, names.MD, "Company", text=_SIMULATOR)
    child(contact, names.MD, "EmailAddress", text=_CONTACT)
    child(contact, names.MD, "TelephoneNumber", text=_TELEPHONE)
