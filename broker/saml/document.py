"""The only place where XML is parsed, and the way it is written.

The parser refuses more than XML does: no DOCTYPE, entities, comments or processing instructions, UTF-8 and XML 1.0
only, bounded size, depth and number of elements, absolute namespaces, one ID attribute name, no ID twice.
"""

import re
from typing import Final

from lxml import etree

from broker.saml import names
from broker.saml.faults import DocumentReason, Fault

MAX_BYTES: Final = 256 * 1024
MAX_ELEMENTS: Final = 2_000
MAX_DEPTH: Final = 40

_DECLARATION = re.compile(
    rb"""<\?xml\s+version=(["'])1\.0\1(\s+encoding=(["'])(?i:utf-8)\3)?(\s+standalone=(["'])(yes|no)\5)?\s*\?>"""
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+", re.DOTALL)
# Attributes that carry an XML ID: `ID` in SAML, `Id` in XML Signature and XML Encryption, `id` in neither.
_ID_NAMES = {names.DS: "Id", names.XENC: "Id"}


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> etree._Element:
    """Parse `data` into its root element; raises `Fault` with a `DocumentReason`."""
    _check_bytes(data, max_bytes)
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise Fault(DocumentReason.NOT_WELL_FORMED, str(error)) from error
    _check_tree(root)
    return root


def write(element: etree._Element) -> bytes:
    """The bytes of `element` as a document: UTF-8, no declaration, nothing reformatted."""
    return etree.tostring(element, encoding="utf-8", xml_declaration=False)


def canonical(element: etree._Element, prefixes: tuple[str, ...] = ()) -> bytes:
    """The exclusive canonical form, without comments; `prefixes` is the InclusiveNamespaces list."""
    return etree.tostring(
        element, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=list(prefixes) or None
    )


def expect_root(root: etree._Element, tag: str) -> None:
    """Refuse a document whose root is not `tag` (`{namespace}name`); raises `Fault`."""
    if root.tag != tag:
        raise Fault(DocumentReason.WRONG_ROOT, f"expected {tag}, got {root.tag}")


def _parser() -> etree.XMLParser:
    # A parser object keeps state between documents and is not safe to share between threads; making one costs 10 us.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=False,
        remove_pis=False,
        strip_cdata=True,
        collect_ids=False,
    )


def _check_bytes(data: bytes, max_bytes: int) -> None:
    if not data:
        raise Fault(DocumentReason.EMPTY)
    if len(data) > max_bytes:
        raise Fault(DocumentReason.TOO_LARGE, f"{len(data)} bytes, at most {max_bytes}")
    if data.startswith(b"\xef\xbb\xbf"):
        raise Fault(DocumentReason.NOT_UTF8, "byte order mark")
    try:
        data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Fault(DocumentReason.NOT_UTF8, f"byte {error.start}") from error
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Fault(DocumentReason.DOCTYPE)
    if data.startswith(b"<?xml") and not _DECLARATION.match(data):
        raise Fault(DocumentReason.XML_DECLARATION, "only version 1.0 and encoding UTF-8")


def _check_tree(root: etree._Element) -> None:
    docinfo = root.getroottree().docinfo
    if docinfo.internalDTD is not None or docinfo.doctype:
        raise Fault(DocumentReason.DOCTYPE)
    if root.getprevious() is not None or root.getnext() is not None:
        raise Fault(DocumentReason.FOREIGN_NODE, "outside the root element")
    count = depth = 0
    seen: set[str] = set()
    for event, item in etree.iterwalk(root, events=("start", "end", "start-ns", "comment", "pi")):
        if event == "start":
            count, depth = count + 1, depth + 1
            _check_size(count, depth)
            _check_ids(item, seen)
        elif event == "end":
            depth -= 1
        elif event == "start-ns":
            _check_namespace(item[1])
        else:
            raise Fault(DocumentReason.FOREIGN_NODE, "comment or processing instruction")


def _check_size(count: int, depth: int) -> None:
    if count > MAX_ELEMENTS:
        raise Fault(DocumentReason.TOO_MANY_ELEMENTS, f"more than {MAX_ELEMENTS}")
    if depth > MAX_DEPTH:
        raise Fault(DocumentReason.TOO_DEEP, f"more than {MAX_DEPTH}")


def _check_namespace(uri: str) -> None:
    # Canonicalisation is undefined for relative namespace names, and verifiers have been fooled by that.
    if uri and not _ABSOLUTE.fullmatch(uri):
        raise Fault(DocumentReason.RELATIVE_NAMESPACE, uri)


def _check_ids(element: etree._Element, seen: set[str]) -> None:
    for name, value in element.items():
        if str(name).rpartition("}")[2].lower() != "id":
            continue
        if name != _ID_NAMES.get(etree.QName(element).namespace or "", "ID"):
            raise Fault(DocumentReason.FOREIGN_ID, f"attribute {name!r}")
        if value in seen:
            raise Fault(DocumentReason.DUPLICATE_ID, str(value))
        seen.add(str(value))
