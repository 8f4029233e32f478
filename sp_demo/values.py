"""Attribute values of an assertion: its own AttributeStatement, never those in Advice."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from sp_demo import xml
from sp_demo.names import saml
from sp_demo.refusal import Reason, Refused

_MAX_LENGTH = 256


def attribute(assertion: Element, name: str) -> Element | None:
    """The attribute `name`, or None; raises `Refused` (MALFORMED) when it is there twice."""
    found = [part for part in _statement(assertion).findall(saml("Attribute")) if part.get("Name") == name]
    if len(found) > 1:
        raise Refused(Reason.MALFORMED, f"attribute {name} {len(found)} times")
    return found[0] if found else None


def attribute_values(assertion: Element, name: str) -> tuple[str, ...]:
    """The plain values of attribute `name`; none when it is absent."""
    found = attribute(assertion, name)
    return () if found is None else plain_values(found)


def plain_values(found: Element) -> tuple[str, ...]:
    """The values of an attribute that holds text only."""
    return tuple(plain(value) for value in found.findall(saml("AttributeValue")))


def encrypted_attributes(assertion: Element) -> Iterator[Element]:
    """The EncryptedAttribute elements."""
    return _statement(assertion).iterfind(saml("EncryptedAttribute"))


def plain(element: Element) -> str:
    """The text of `element`: printable, of reasonable length, without white space around it; else `Refused`."""
    text = xml.text_of(element)
    if not text or text != text.strip() or len(text) > _MAX_LENGTH or not text.isprintable():
        raise Refused(Reason.MALFORMED, f"{element.tag} with value {text[:80]!r}")
    return text


def _statement(assertion: Element) -> Element:
    return xml.only_child(assertion, saml("AttributeStatement"))
