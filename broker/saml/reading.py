"""Reading values out of verified, schema-valid elements: by full name, at fixed places, never by search."""

import re
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from broker.saml.faults import ContentReason, Fault

_DATE_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def optional(parent: etree._Element, namespace: str, name: str) -> etree._Element | None:
    """The only child `{namespace}name`, or None; raises `Fault` when there are several."""
    found = parent.findall(f"{{{namespace}}}{name}")
    if len(found) > 1:
        raise Fault(ContentReason.REPEATED, f"{len(found)} {name} in {etree.QName(parent).localname}")
    return found[0] if found else None


def one(parent: etree._Element, namespace: str, name: str) -> etree._Element:
    """The only child `{namespace}name`; raises `Fault` when it is missing or repeated."""
    found = optional(parent, namespace, name)
    if found is None:
        raise Fault(ContentReason.MISSING, f"{name} in {etree.QName(parent).localname}")
    return found


def text(element: etree._Element) -> str:
    """The whole text of an element without children, exactly as it is; raises `Fault` when it holds elements."""
    if len(element):
        raise Fault(ContentReason.MALFORMED, f"{etree.QName(element).localname} must hold text only")
    return element.text or ""


def attribute(element: etree._Element, name: str) -> str:
    """The attribute `name`; raises `Fault` when it is missing."""
    value = element.get(name)
    if value is None:
        raise Fault(ContentReason.MISSING, f"{etree.QName(element).localname}/@{name}")
    return value


def moment(element: etree._Element, name: str) -> datetime:
    """The attribute `name` as a moment in UTC; raises `Fault` unless it is an xs:dateTime with a zone.

    Digits beyond the microsecond are cut off.
    """
    value = attribute(element, name)
    try:
        if not _DATE_TIME.fullmatch(value):
            raise ValueError("not an xs:dateTime with a zone")
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Fault(ContentReason.MALFORMED, f"{etree.QName(element).localname}/@{name}: {value[:40]!r}") from error


def boolean(element: etree._Element, name: str, *, default: bool) -> bool:
    """The xs:boolean attribute `name`, or `default` when it is absent."""
    value = element.get(name)
    if value is None:
        return default
    if value not in ("true", "1", "false", "0"):
        raise Fault(ContentReason.MALFORMED, f"{etree.QName(element).localname}/@{name}: {value[:40]!r}")
    return value in ("true", "1")


def number(element: etree._Element, name: str) -> int | None:
    """The non-negative integer attribute `name`, or None when it is absent."""
    value = element.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 9):  # noqa: PLR2004  xs:unsignedShort with margin
        raise Fault(ContentReason.MALFORMED, f"{etree.QName(element).localname}/@{name}: {value[:40]!r}")
    return int(value)


def path(element: etree._Element) -> str:
    """Where `element` stands below the root, in local names: `SPSSODescriptor/KeyDescriptor[2]`."""
    place = re.sub(r"\{[^}]*\}", "", element.getroottree().getelementpath(element))
    return etree.QName(element).localname if place == "." else place
