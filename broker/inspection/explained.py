"""A message as a tree of values, each with what it means and the clause that says so; what was opened stands in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from lxml import etree

from broker.inspection.inspected import Node
from broker.inspection.meanings import ATTRIBUTES, ELEMENTS, VALUES, Meaning

MOST_TEXT: Final = 160
_SPACE: Final = re.compile(r"\s+")
# Whose value says what the element is, rather than its name.
_NAMED_BY: Final = ("Name", "AttributeId", "ObligationId")
_Contents = Mapping[etree._Element, etree._Element]


def explain(root: etree._Element, contents: _Contents) -> Node:
    """The tree below `root`. `contents` are what encrypted elements held, where that is known."""
    name = etree.QName(root).localname
    text = _SPACE.sub(" ", root.text or "").strip()
    named = next((value for key in _NAMED_BY if (value := root.get(key)) in VALUES), None)
    meaning = VALUES.get(named or text) or ELEMENTS.get(name)
    return _node(name, text, meaning, (*_attributes(root), *_children(root, contents)))


def _node(name: str, text: str, meaning: Meaning | None, children: tuple[Node, ...] = ()) -> Node:
    explained, clause = meaning or (None, "")
    return Node(name, _shortened(text), explained, clause, children)


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}… ({len(text)})"


def _attributes(root: etree._Element) -> Iterator[Node]:
    for key, value in root.items():
        name = f"@{etree.QName(str(key)).localname}"
        yield _node(name, str(value), VALUES.get(str(value)) or ATTRIBUTES.get(name))


def _children(root: etree._Element, contents: _Contents) -> Iterator[Node]:
    if root in contents:
        yield replace(explain(contents[root], contents), opened=True)
    for child in root.iterchildren(etree.Element):
        yield explain(child, contents)
