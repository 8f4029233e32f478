"""The one way bytes become XML here.

No DOCTYPE, no entities, no comments, no processing instructions, UTF-8 only, and limits: what is left is read alike
by every parser, so that what was signed and what is read cannot differ.
"""

from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

from sp_demo.refusal import Reason, Refused

MAX_BYTES = 256 * 1024
MAX_ELEMENTS = 2000
MAX_DEPTH = 40

_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY", b"\x00")


def parse(document: bytes) -> Element:
    """The root element of `document`; raises `Refused` (MALFORMED) on anything that a message may not hold."""
    _check_bytes(document)
    # a parser is not safe to share between threads
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(Reason.MALFORMED, f"not well-formed: {error}") from error
    _check_tree(root)
    return root


def children(element: Element) -> list[str]:
    """The qualified names of the child elements, in order."""
    return [str(child.tag) for child in element]


def only_child(element: Element, name: str) -> Element:
    """The one child called `name`; raises `Refused` (MALFORMED) unless there is exactly one."""
    found = element.findall(name)
    if len(found) != 1:
        raise Refused(Reason.MALFORMED, f"{element.tag} holds {len(found)} of {name}, expected one")
    return found[0]


def text_of(element: Element) -> str:
    """The text of an element that has no child elements; raises `Refused` (MALFORMED) when it has."""
    if len(element):
        raise Refused(Reason.MALFORMED, f"{element.tag} must hold text only")
    return element.text or ""


def _check_bytes(document: bytes) -> None:
    if len(document) > MAX_BYTES:
        raise Refused(Reason.MALFORMED, f"message of {len(document)} bytes, limit {MAX_BYTES}")
    if not document.startswith(b"<"):
        raise Refused(Reason.MALFORMED, "message does not begin with an element")
    for token in _FORBIDDEN:
        if token in document:
            raise Refused(Reason.MALFORMED, f"message contains {token!r}")


def _check_tree(root: Element) -> None:
    about = root.getroottree().docinfo
    if about.xml_version != "1.0" or about.encoding not in (None, "UTF-8", "utf-8", "ASCII"):
        raise Refused(Reason.MALFORMED, f"XML {about.xml_version} in {about.encoding}, expected XML 1.0 in UTF-8")
    if root.getprevious() is not None or root.getnext() is not None:
        raise Refused(Reason.MALFORMED, "something stands beside the root element")
    ids: set[str] = set()
    for count, (element, depth) in enumerate(_walk(root), start=1):
        if not isinstance(element.tag, str):
            raise Refused(Reason.MALFORMED, "comment, processing instruction or entity")
        if count > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise Refused(Reason.MALFORMED, f"more than {MAX_ELEMENTS} elements or deeper than {MAX_DEPTH}")
        _collect_id(element, ids)


def _walk(root: Element) -> Iterator[tuple[Element, int]]:
    todo = [(root, 1)]
    while todo:
        element, depth = todo.pop()
        yield element, depth
        todo.extend((child, depth + 1) for child in element)


def _collect_id(element: Element, ids: set[str]) -> None:
    """No two identifiers are the same, whatever their spelling; one in a namespace (`xml:id`) is an attack."""
    for name, value in element.items():
        local = etree.QName(name).localname
        if local.lower() != "id":
            continue
        if local != name or str(value) in ids:
            raise Refused(Reason.MALFORMED, f"attribute {name!r} with value {value!r} on {element.tag}")
        ids.add(str(value))
