"""The smaller pieces that messages are made of."""

import uuid
from datetime import datetime

from cryptography import x509
from lxml import etree
from lxml.builder import ElementMaker

from .crypto import NS, Party, encrypt

SAML = ElementMaker(namespace=NS["saml"], nsmap={"saml": NS["saml"]})
SAMLP = ElementMaker(namespace=NS["samlp"], nsmap={"samlp": NS["samlp"], "saml": NS["saml"]})

CORE = "urn:etoegang:core:"
FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
XSI_TYPE = f"{{{NS['xsi']}}}type"


def new_id() -> str:
    """An ID that never was before."""
    return f"_{uuid.uuid4().hex}"


def timestamp(moment: datetime) -> str:
    """`moment`, which is in UTC, as XML writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def assertion(issuer: Party, now: datetime, *content: etree._Element) -> etree._Element:
    """An unsigned Assertion."""
    issued = {"ID": new_id(), "Version": "2.0", "IssueInstant": timestamp(now)}
    return SAML.Assertion(issued, SAML.Issuer(issuer.entity_id), *content)


def transient(value: str, qualifier: Party) -> etree._Element:
    """The NameID of this one login, named by `qualifier`."""
    return SAML.NameID(value, Format=FORMAT + "transient", NameQualifier=qualifier.entity_id)


def plain_attribute(name: str, value: str) -> etree._Element:
    """An Attribute with one readable value."""
    content = etree.Element(f"{{{NS['saml']}}}AttributeValue", nsmap={"xs": NS["xs"], "xsi": NS["xsi"]})
    content.set(XSI_TYPE, "xs:string")
    content.text = value
    return SAML.Attribute(content, Name=name)


def identifiers(name: str, recipient: str, certificate: x509.Certificate, values: dict[str, str]) -> etree._Element:
    """An Attribute with one EncryptedID for each identifier; `values` maps identifier types to values."""
    encrypted = []
    for qualifier, value in values.items():
        name_id = SAML.NameID(value, Format=FORMAT + "persistent", NameQualifier=qualifier)
        parts = encrypt(name_id, uuid.uuid4().hex, recipient, certificate)
        encrypted.append(SAML.AttributeValue(SAML.EncryptedID(*parts)))
    return SAML.Attribute(*encrypted, Name=name)
