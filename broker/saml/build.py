"""Building elements: the tree API only, so that no text can become markup."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from broker.saml import names

_PREFIX_OF: Final = {uri: prefix for prefix, uri in names.PREFIXES.items()}


def element(namespace: str, name: str, attributes: Mapping[str, str] | None = None, *prefixes: str) -> etree._Element:
    """A root element `{namespace}name` that declares the namespaces of `prefixes` besides its own."""
    declared = {prefix: names.PREFIXES[prefix] for prefix in (_PREFIX_OF[namespace], *prefixes)}
    return etree.Element(f"{{{namespace}}}{name}", dict(attributes or {}), declared)


def child(
    parent: etree._Element,
    namespace: str,
    name: str,
    attributes: Mapping[str, str] | None = None,
    text: str | None = None,
) -> etree._Element:
    """Append `{namespace}name` to `parent`, using the prefix of `names.PREFIXES` for a namespace new to the tree."""
    made = etree.SubElement(
        parent, f"{{{namespace}}}{name}", dict(attributes or {}), {_PREFIX_OF[namespace]: namespace}
    )
    made.text = text
    return made


def instant(moment: datetime) -> str:
    """`moment` as xs:dateTime in UTC with second precision: `2026-11-23T12:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
