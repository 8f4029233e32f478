"""`saml:AttributeStatement` as the scheme fills it: plain values, EncryptedIDs and EncryptedAttributes."""

from collections.abc import Sequence
from typing import Final

from lxml import etree

from broker.saml import encryption, names, reading
from broker.saml.build import child, element
from broker.saml.faults import ContentReason, Fault

_XSI_TYPE: Final = f"{{{names.XSI}}}type"


def plain(name: str, *values: str, kind: str = "xs:string") -> etree._Element:
    """A saml:Attribute with text values."""
    attribute = element(names.SAML, "Attribute", {"Name": name}, "xs", "xsi")
    for value in values:
        child(attribute, names.SAML, "AttributeValue", {_XSI_TYPE: kind}, text=value)
    return attribute


def encrypted(name: str, values: Sequence[etree._Element]) -> etree._Element:
    """A saml:Attribute with one AttributeValue per EncryptedID, which moves into it."""
    attribute = element(names.SAML, "Attribute", {"Name": name})
    for value in values:
        child(attribute, names.SAML, "AttributeValue").append(value)
    return attribute


def repeated(stated: etree._Element) -> etree._Element:
    """An encrypted element of a statement, for an assertion that holds that statement in Advice as well."""
    return encryption.copy_with_new_ids(stated, "-summary")


def name_id(kind: str, value: str) -> etree._Element:
    """The plaintext of an EncryptedID: a persistent NameID whose NameQualifier names the kind of identifier."""
    made = element(names.SAML, "NameID", {"Format": names.NAMEID_PERSISTENT, "NameQualifier": kind})
    made.text = value
    return made


def named_attribute(name: str, value: str) -> etree._Element:
    """The plaintext of an EncryptedAttribute."""
    made = element(names.SAML, "Attribute", {"Name": name, "NameFormat": names.ATTRNAME_URI})
    child(made, names.SAML, "AttributeValue", text=value)
    return made


def by_name(statement: etree._Element) -> dict[str, etree._Element]:
    """The attributes of a statement by name; raises `Fault` when a name occurs twice."""
    found: dict[str, etree._Element] = {}
    for attribute in statement.findall(f"{{{names.SAML}}}Attribute"):
        name = reading.attribute(attribute, "Name")
        if name in found:
            raise Fault(ContentReason.REPEATED, f"attribute {name}")
        found[name] = attribute
    return found


def values(attribute: etree._Element) -> list[etree._Element]:
    """The AttributeValue elements of an attribute."""
    return attribute.findall(f"{{{names.SAML}}}AttributeValue")


def required(found: dict[str, etree._Element], name: str) -> etree._Element:
    """The attribute `name` of those that `by_name` found; raises `Fault` when it is missing."""
    if name not in found:
        raise Fault(ContentReason.MISSING, f"attribute {name}")
    return found[name]


def only_value(attribute: etree._Element) -> etree._Element:
    """The one AttributeValue of an attribute; raises `Fault` when there are more or none."""
    return reading.one(attribute, names.SAML, "AttributeValue")


def single(found: dict[str, etree._Element], name: str) -> str:
    """The one plain value of the attribute `name`; raises `Fault`."""
    return reading.text(only_value(required(found, name)))
