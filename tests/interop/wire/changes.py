"""Ways to make an answer differ from a good one; each is a function that changes an element in place."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta

from lxml import etree

from .broker import Change
from .crypto import DS, NS, XENC, Party, encrypt
from .elements import CORE, SAML, SAMLP, plain_attribute, timestamp
from .messages import ServiceProvider

SUMMARY = "saml:Assertion"
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"


def found(element: etree._Element, path: str) -> etree._Element:
    """The one element at `path`; a change that finds nothing to change is a mistake in the test."""
    (only,) = [element] if path == "." else element.findall(path, NS)
    return only


def with_attribute(path: str, name: str, value: str | None) -> Change:
    """`name` of the element at `path` is `value`, or absent."""

    def change(element: etree._Element) -> None:
        target = found(element, path)
        if value is None:
            del target.attrib[name]
        else:
            target.set(name, value)

    return change


def with_time(path: str, name: str, seconds: int) -> Change:
    """`name` of the element at `path` is this many seconds from now."""
    return lambda element: found(element, path).set(name, timestamp(datetime.now(UTC) + timedelta(seconds=seconds)))


def with_text(path: str, text: str) -> Change:
    """The element at `path` holds `text`."""

    def change(element: etree._Element) -> None:
        found(element, path).text = text

    return change


def without(path: str) -> Change:
    """Every element at `path` is gone; there must be one."""

    def change(element: etree._Element) -> None:
        targets = element.findall(path, NS)
        assert targets, f"nothing at {path}"
        for target in targets:
            target.getparent().remove(target)

    return change


def with_status(second_level: str) -> Change:
    """Responder and `second_level`, and no assertion."""

    def change(response: etree._Element) -> None:
        top = found(response, "samlp:Status/samlp:StatusCode")
        top.set("Value", STATUS + "Responder")
        top.append(SAMLP.StatusCode(Value=STATUS + second_level))
        top.addnext(SAMLP.StatusMessage("Authentication cancelled"))
        without(SUMMARY)(response)

    return change


def with_attributes(*attributes: etree._Element) -> Change:
    """The summary holds these attributes as well."""
    return lambda response: found(response, f"{SUMMARY}/saml:AttributeStatement").extend(
        [deepcopy(attribute) for attribute in attributes]
    )


def encrypted_attribute(name: str, value: str, provider: ServiceProvider) -> etree._Element:
    """An EncryptedAttribute for `provider`."""
    return SAML.EncryptedAttribute(
        *encrypt(plain_attribute(name, value), "of_attribute", provider.entity_id, provider.certificate)
    )


def with_ids_of_advice(response: etree._Element) -> None:
    """ActingSubjectID of the summary is a copy of the one in Advice, `Id`s included."""
    acting = f"saml:AttributeStatement/saml:Attribute[@Name='{CORE}ActingSubjectID']"
    original = found(response, f"{SUMMARY}/saml:Advice/saml:Assertion/{acting}")
    copied = found(response, f"{SUMMARY}/{acting}")
    copied.getparent().replace(copied, deepcopy(original))


def with_key_inside_key_info(response: etree._Element) -> None:
    """EncryptedKey stands in the KeyInfo of its EncryptedData instead of beside it."""
    for data, key in _encrypted_ids(response):
        found(data, "ds:KeyInfo")[:] = [key]


def with_second_recipient(other: Party, *, by_name: bool, ours_first: bool) -> Change:
    """Each identifier also has an EncryptedKey for `other`.

    EncryptedData points to ours with a RetrievalMethod, or names both (`by_name`) with a CarriedKeyName.
    """

    def change(response: etree._Element) -> None:
        for data, ours in _encrypted_ids(response):
            _, theirs = encrypt(SAML.NameID("x"), f"other_{ours.get('Id')}", other.entity_id, other.certificate)
            data.getparent()[1:] = [ours, theirs] if ours_first else [theirs, ours]
            if by_name:
                shared = f"of{data.get('Id')}"
                found(data, "ds:KeyInfo")[:] = [DS.KeyName(shared)]
                for key in (ours, theirs):
                    found(key, "xenc:ReferenceList").addnext(XENC.CarriedKeyName(shared))

    return change


def _encrypted_ids(response: etree._Element) -> list[list[etree._Element]]:
    return [list(one) for one in response.findall(f"{SUMMARY}/saml:AttributeStatement//saml:EncryptedID", NS)]
