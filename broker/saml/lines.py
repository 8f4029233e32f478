"""On which line of a document as it was written a path of `reading.path` leads.

What is read is what a signature covers, and that was written anew on the way, so its own lines are others. Nothing is
decided by what is found here: it only helps a person to find the place.
"""

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree

from broker.saml import document
from broker.saml.faults import Fault

_STEP: Final = re.compile(r"(?P<name>[\w.-]+)(?:\[(?P<number>[0-9]+)\]|\[@(?P<attribute>\w+)=(?P<value>[^\]]*)\])?")
_SAID: Final = re.compile(r"\bline ([0-9]+)\b")


def line_of(data: bytes, where: str, detail: str) -> int | None:
    """The line, from 1, of the element at `where`, or of the nearest one around it; None when it is not known.

    A fault of the document as a whole says in its `detail` on which line it is.
    """
    try:
        root = document.read(data)
    except Fault:
        return _said(detail)
    found = None
    around: Iterable[etree._Element] = root.iter(etree.Element)
    for step in map(_STEP.fullmatch, where.split("/")):
        below = None if step is None else _first(around, step)
        if below is None:
            break
        found, around = below, below
    return _said(detail) if found is None else int(found.sourceline)  # type: ignore[call-overload]


def _first(elements: Iterable[etree._Element], step: re.Match[str]) -> etree._Element | None:
    """The first of `elements` that `step` names."""
    number = 0
    for element in elements:
        if etree.QName(element).localname != step["name"]:
            continue
        number += 1
        if step["number"] and number != int(step["number"]):
            continue
        if step["attribute"] and element.get(step["attribute"]) != step["value"]:
            continue
        return element
    return None


def _said(detail: str) -> int | None:
    found = _SAID.search(detail)
    return int(found.group(1)) if found else None
