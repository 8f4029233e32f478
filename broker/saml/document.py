"""The only place where XML is parsed, and the way it is written.

The parser refuses more than XML does: no DOCTYPE, entities, comments, processing instructions, inclusions or base
addresses, UTF-8 and XML 1.0 only, bounded size, depth and number of everything, absolute and short namespaces, one
ID attribute name, plain names as IDs, no ID twice.
"""

import re
from typing import Final

from lxml import etree

from broker.saml import names
from broker.saml.faults import DocumentReason, Fault

MAX_BYTES: Final = 256 * 1024
MAX_ELEMENTS: Final = 2_000
MAX_DEPTH: Final = 40
# lxml and libxml2 need quadratic time in the first two, and canonicalisation repeats a namespace at every use.
MAX_ATTRIBUTES: Final = 64
MAX_NAMESPACES: Final = 64
MAX_NAMESPACE_LENGTH: Final = 128
MAX_ID_LENGTH: Final = 128

_DECLARATION = re.compile(
    rb"""<\?xml\s+version=(["'])1\.0\1(\s+encoding=(["'])(?i:utf-8)\3)?(\s+standalone=(["'])(yes|no)\5)?\s*\?>"""
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+", re.DOTALL)
# A UUID, the usual ID of a service catalogue, may start with a digit; the schemas of messages refuse that themselves.
_PLAIN_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_PREFIX = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")
# Attributes that carry an XML ID: `ID` in SAML, `Id` in XML Signature and XML Encryption, `id` in neither.
_ID_NAMES: Final = {names.DS: "Id", names.XENC: "Id"}
_XML: Final = f"{{{names.XML}}}"
_LANGUAGE: Final = f"{_XML}lang"


def read(
    data: bytes, *, max_bytes: int = MAX_BYTES, max_elements: int = MAX_ELEMENTS, drop_comments: bool = False
) -> etree._Element:
    """Parse `data` into its root element; raises `Fault` with a `DocumentReason`.

    The limits are those for a message; files that an operator hands in may have their own. With `drop_comments` the
    tree is as if there had been no comments, as in what a signature covers: text on both sides of one is one text.
    """
    _check_bytes(data, max_bytes)
    try:
        root = etree.fromstring(data, _parser(drop_comments=drop_comments))
    except etree.XMLSyntaxError as error:
        raise Fault(DocumentReason.NOT_WELL_FORMED, str(error)) from error
    _check_tree(root, max_elements)
    return root


def write(element: etree._Element) -> bytes:
    """The bytes of `element` as a document: UTF-8, no declaration, nothing reformatted."""
    return etree.tostring(element, encoding="utf-8", xml_declaration=False, with_tail=False)


def reread(data: bytes) -> etree._Element:
    """Parse what `write` or `canonical` made here, of an element that was read or built: there is nothing to check."""
    return etree.fromstring(data, _parser())


def detached(element: etree._Element) -> etree._Element:
    """A copy, as the root of a document that declares every namespace that it stood under."""
    return reread(write(element))


def canonical(element: etree._Element, prefixes: tuple[str, ...] = ()) -> bytes:
    """The exclusive canonical form, without comments; `prefixes` is the InclusiveNamespaces list.

    `#default` in it has no effect, a limitation of lxml.
    """
    if not prefixes:
        return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)
    # lxml silently leaves out prefixes that no parser of this thread ever saw, and so those of a tree that was built.
    etree.fromstring(f"<_>{''.join(f'<{name}/>' for name in prefixes if _PREFIX.fullmatch(name))}</_>")
    return etree.tostring(
        element, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=list(prefixes)
    )


def expect_root(root: etree._Element, tag: str) -> None:
    """Refuse a document whose root is not `tag` (`{namespace}name`); raises `Fault`."""
    if root.tag != tag:
        raise Fault(DocumentReason.WRONG_ROOT, f"expected {tag}, got {root.tag}")


def _parser(*, drop_comments: bool = False) -> etree.XMLParser:
    # A parser object keeps state between documents and is not safe to share between threads; making one costs 10 us.
    return etree.XMLParser(
        encoding="utf-8",  # otherwise libxml2 guesses UTF-16 and UTF-32 from the first four bytes
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=drop_comments,
        remove_pis=False,
        strip_cdata=True,
        # Not `collect_ids=False`: libxml2 takes any restriction of what it loads for a wish to load external subsets.
    )


def _check_bytes(data: bytes, max_bytes: int) -> None:
    if not data:
        raise Fault(DocumentReason.EMPTY)
    if len(data) > max_bytes:
        raise Fault(DocumentReason.TOO_LARGE, f"{len(data)} bytes, at most {max_bytes}")
    if data.startswith(b"\xef\xbb\xbf"):
        raise Fault(DocumentReason.NOT_UTF8, "byte order mark")
    if b"\0" in data:
        raise Fault(DocumentReason.NOT_UTF8, "NUL bytes, as in UTF-16")
    try:
        data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Fault(DocumentReason.NOT_UTF8, f"byte {error.start}") from error
    if b"<!DOCTYPE" in data:  # the only place where entities could be declared
        raise Fault(DocumentReason.DOCTYPE)
    if data.startswith(b"<?xml") and not _DECLARATION.match(data):
        raise Fault(DocumentReason.XML_DECLARATION, "only version 1.0 and encoding UTF-8")


def _check_tree(root: etree._Element, max_elements: int) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise Fault(DocumentReason.DOCTYPE)
    if root.getprevious() is not None or root.getnext() is not None:
        raise Fault(DocumentReason.FOREIGN_NODE, "outside the root element")
    seen = _Seen(max_elements)
    for event, item in etree.iterwalk(root, events=("start", "end", "start-ns", "end-ns", "comment", "pi")):
        if event == "start":
            seen.element(item)
        elif event == "end":
            seen.depth -= 1
        elif event == "start-ns":
            seen.namespace(item[1])
        elif event == "end-ns":
            seen.namespaces -= 1
        else:
            raise Fault(DocumentReason.FOREIGN_NODE, f"line {item.sourceline}: comment or processing instruction")


class _Seen:
    """What a walk over a document has met so far; each method refuses what goes over a limit."""

    def __init__(self, max_elements: int) -> None:
        self.max_elements = max_elements
        self.elements = self.attributes = self.depth = self.namespaces = 0
        self.ids: set[str] = set()

    def element(self, element: etree._Element) -> None:
        attributes = element.keys()
        self.elements += 1
        self.depth += 1
        self.attributes += len(attributes)
        if self.elements > self.max_elements:
            raise Fault(DocumentReason.TOO_MANY_ELEMENTS, f"more than {self.max_elements}")
        if self.depth > MAX_DEPTH:
            raise Fault(DocumentReason.TOO_DEEP, f"more than {MAX_DEPTH}")
        if len(attributes) > MAX_ATTRIBUTES or self.attributes > 2 * self.max_elements:
            detail = f"more than {MAX_ATTRIBUTES} on an element or {2 * self.max_elements} in all"
            raise Fault(DocumentReason.TOO_MANY_ATTRIBUTES, detail)
        for name in attributes:
            _check_attribute(element, str(name), self.ids)

    def namespace(self, uri: str) -> None:
        self.namespaces += 1
        if self.namespaces > MAX_NAMESPACES or len(uri) > MAX_NAMESPACE_LENGTH:
            detail = f"{self.namespaces} declarations in force, the last one of {len(uri)} characters"
            raise Fault(DocumentReason.TOO_MANY_NAMESPACES, detail)
        # Canonicalisation is undefined for relative namespace names, and verifiers have been fooled by that.
        if uri and not _ABSOLUTE.fullmatch(uri):
            raise Fault(DocumentReason.RELATIVE_NAMESPACE, uri)
        if uri.endswith("/XInclude"):
            raise Fault(DocumentReason.FOREIGN_NODE, "inclusion")


def _check_attribute(element: etree._Element, name: str, ids: set[str]) -> None:
    if name.rpartition("}")[2].lower() == "id":
        _check_id(element, name, ids)
    elif name.startswith(_XML) and name != _LANGUAGE:
        raise Fault(DocumentReason.FOREIGN_NODE, f"attribute {name!r}")


def _check_id(element: etree._Element, name: str, ids: set[str]) -> None:
    if name != _ID_NAMES.get(etree.QName(element).namespace or "", "ID"):
        raise Fault(DocumentReason.FOREIGN_ID, f"attribute {name!r}")
    value = element.get(name, "")
    if len(value) > MAX_ID_LENGTH or not _PLAIN_ID.fullmatch(value):
        raise Fault(DocumentReason.MALFORMED_ID, repr(value))
    if value in ids:
        raise Fault(DocumentReason.DUPLICATE_ID, value)
    ids.add(value)
