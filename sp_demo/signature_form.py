"""The one form of XML signature that is accepted, read before any cryptography happens.

XML Security alone would also accept references to other elements, to files, or two of them: it says that a signature
holds, not what it covers.
"""

import base64
import binascii
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from sp_demo import xml
from sp_demo.names import ENVELOPED, EXCLUSIVE_C14N, RSA_SHA256, SHA256, dsig, saml
from sp_demo.refusal import Reason, Refused

_INCLUSIVE_NAMESPACES = f"{{{EXCLUSIVE_C14N}}}InclusiveNamespaces"
_WITHOUT_KEY_INFO = [dsig("SignedInfo"), dsig("SignatureValue")]
_SIGNED_INFO = [dsig("CanonicalizationMethod"), dsig("SignatureMethod"), dsig("Reference")]
_REFERENCE = [dsig("Transforms"), dsig("DigestMethod"), dsig("DigestValue")]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a signature says: which key (if it tells), which digest, which prefixes are digested although unused."""

    node: Element
    key_name: str | None
    digest: bytes
    prefixes: list[str] | None


def read_claim(element: Element) -> Claim:
    """The signature of `element`, in second place as its schema wants; raises `Refused` (UNTRUSTED)."""
    if xml.children(element)[:2] != [saml("Issuer"), dsig("Signature")]:
        raise untrusted(element, "no signature right after Issuer")
    if len(element.findall(dsig("Signature"))) != 1:
        raise untrusted(element, "more than one signature")
    node = element[1]
    if xml.children(node) not in (_WITHOUT_KEY_INFO, [*_WITHOUT_KEY_INFO, dsig("KeyInfo")]):
        raise untrusted(element, f"parts of the signature: {xml.children(node)}")
    if xml.children(node[0]) != _SIGNED_INFO:
        raise untrusted(element, "SignedInfo must hold one reference")
    canonicalization, method, reference = node[0]
    _expect(element, canonicalization, EXCLUSIVE_C14N)
    _expect(element, method, RSA_SHA256)
    digest, prefixes = _read_reference(element, reference)
    return Claim(node, _read_key_name(element, node), digest, prefixes)


def untrusted(element: Element, detail: str) -> Refused:
    """The refusal of a signature."""
    return Refused(Reason.UNTRUSTED, f"signature of {etree.QName(element).localname}: {detail}")


def _read_reference(element: Element, reference: Element) -> tuple[bytes, list[str] | None]:
    if not element.get("ID") or reference.get("URI") != f"#{element.get('ID')}":
        raise untrusted(element, f"refers to {reference.get('URI')}, not to the element itself")
    if xml.children(reference) != _REFERENCE:
        raise untrusted(element, f"parts of the reference: {xml.children(reference)}")
    transforms, digest_method, digest_value = reference
    if xml.children(transforms) != [dsig("Transform"), dsig("Transform")]:
        raise untrusted(element, "expected two transforms")
    _expect(element, transforms[0], ENVELOPED)
    _expect(element, transforms[1], EXCLUSIVE_C14N)
    _expect(element, digest_method, SHA256)
    try:
        digest = base64.b64decode(xml.text_of(digest_value))
    except binascii.Error as error:
        raise untrusted(element, "the digest is not base64") from error
    return digest, _read_prefixes(element, transforms[1])


def _expect(element: Element, part: Element, algorithm: str) -> None:
    if part.get("Algorithm") != algorithm:
        raise untrusted(element, f"{etree.QName(part).localname} {part.get('Algorithm')}, expected {algorithm}")
    if algorithm != EXCLUSIVE_C14N and len(part):
        raise untrusted(element, f"{etree.QName(part).localname} with parameters")


def _read_prefixes(element: Element, transform: Element) -> list[str] | None:
    """Brokers in the field list prefixes that stand in values only (`xs`, `xacml-saml`) to have them digested too."""
    if not len(transform):
        return None
    if xml.children(transform) != [_INCLUSIVE_NAMESPACES]:
        raise untrusted(element, "canonicalization with an unknown parameter")
    return (transform[0].get("PrefixList") or "").split()


def _read_key_name(element: Element, node: Element) -> str | None:
    info = node.find(dsig("KeyInfo"))
    if info is None:
        return None
    if xml.children(info) != [dsig("KeyName")]:
        raise untrusted(element, "KeyInfo may hold one KeyName and nothing else")
    return xml.text_of(info[0]).strip()
