"""The schema of a service catalogue (etd Service catalogue), our own: `schemas/service-catalogue.xsd`."""

import re
from typing import Final

from lxml import etree

from broker.saml import names, schema

_PREFIX_OF: Final = {uri: prefix for prefix, uri in names.PREFIXES.items()} | {names.XML: "xml"}
_NAMESPACE: Final = re.compile(r"\{([^}]*:[^}]*)\}")


class Refused(Exception):
    """What is wrong with a catalogue, and the line where."""

    def __init__(self, where: etree._Element | int, reason: str) -> None:
        super().__init__(reason)
        self.line = where if isinstance(where, int) else where.sourceline


def check(root: etree._Element) -> None:
    """Refuse a document that is not a catalogue by the schema; raises `Refused` for the first thing that is wrong."""
    wanted = f"{{{names.ESC}}}ServiceCatalogue"
    if root.tag != wanted:
        raise Refused(root, f"the root is {root.tag}, expected {wanted}")
    violation = schema.first_violation(root, names.ESC)
    if violation is not None:
        line, reason = violation
        raise Refused(line, _NAMESPACE.sub(_prefixed, reason))


def _prefixed(found: re.Match[str]) -> str:
    prefix = _PREFIX_OF.get(found.group(1))
    return found.group() if prefix is None else f"{prefix}:"
