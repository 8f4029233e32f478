"""Where each element stands in the bytes of a document.

The reader of XML does not keep that. The document was read already, strictly, so this scan may trust that it is
well-formed and has no DOCTYPE: what is left is telling tags from text.
"""

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

# A comment, a CDATA section, a declaration, or a tag: attribute values may hold a `>` in quotes.
_TOKEN: Final = re.compile(
    rb"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<[?].*?[?]>|<(?P<end>/)?(?P<name>[^\s<>/!?]+)(?:[^>"']|"[^"]*"|'[^']*')*>""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Bytes from `start` up to `end`, which does not count; `inner` is where the start tag ends."""

    start: int
    end: int
    inner: int


def places(octets: bytes, root: etree._Element) -> dict[etree._Element, Place]:
    """The place of each element below `root`, which was read from `octets`."""
    return dict(zip(root.iter(etree.Element), _places(octets), strict=True))


def _places(octets: bytes) -> list[Place]:
    """In document order."""
    found: list[list[int]] = []
    opened: list[int] = []
    for token in _TOKEN.finditer(octets):
        if token["name"] is None:
            continue
        if token["end"] is not None:
            found[opened.pop()][1] = token.end()
            continue
        found.append([token.start(), token.end(), token.end()])
        if token[0][-2:-1] != b"/":
            opened.append(len(found) - 1)
    return [Place(*item) for item in found]
