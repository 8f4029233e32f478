"""XML signatures as the scheme wants them: enveloped, RSA-SHA256, exclusive canonicalization, KeyName at most.

`verify` does not say "valid": it returns the element as it was digested, parsed anew from those bytes. Code that
reads identities gets that element and never the document it came in.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

import xmlsec
from lxml import etree
from lxml.etree import _Element as Element

from sp_demo import xml
from sp_demo.keys import OwnKey, TrustedKey
from sp_demo.names import dsig
from sp_demo.signature_form import Claim, read_claim, untrusted

_C14N = xmlsec.constants.TransformExclC14N
_REFERENCE_TRANSFORMS = (xmlsec.constants.TransformEnveloped, _C14N, xmlsec.constants.TransformSha256)
_SIGNATURE_TRANSFORMS = (_C14N, xmlsec.constants.TransformRsaSha256)


def sign(document: bytes, key: OwnKey) -> bytes:
    """Fill in the signature template that stands directly below the root of `document`."""
    root = xml.parse(document)
    context = xmlsec.SignatureContext()
    context.key = key.for_signing
    context.register_id(root, "ID")
    context.sign(xml.only_child(root, dsig("Signature")))
    return etree.tostring(root)


def verify(element: Element, keys: Sequence[TrustedKey], now: datetime) -> Element:
    """The signed content of `element`, without its signature; raises `Refused` (UNTRUSTED).

    `keys` are those of the one party that must have signed; keys whose certificate is not valid `now` do not count.
    """
    claim = read_claim(element)
    usable = [key for key in keys if key.valid_at(now) and claim.key_name in (None, key.name)]
    if not any(_holds(element, claim, key) for key in usable):
        raise untrusted(element, f"{len(usable)} usable keys named {claim.key_name}, none verifies it")
    return _digested(element, claim)


def _holds(element: Element, claim: Claim, key: TrustedKey) -> bool:
    context = xmlsec.SignatureContext()
    context.key = key.key
    context.set_enabled_key_data([xmlsec.constants.KeyDataRsa])
    for transform in _REFERENCE_TRANSFORMS:
        context.enable_reference_transform(transform)
    for transform in _SIGNATURE_TRANSFORMS:
        context.enable_signature_transform(transform)
    context.register_id(element, "ID")
    try:
        context.verify(claim.node)
    except xmlsec.Error:
        return False
    return True


def _digested(element: Element, claim: Claim) -> Element:
    """Make the digested bytes without XML Security, compare their digest, and parse them."""
    copy = xml.parse(_canonical(element, claim.prefixes))
    issuer, node = copy[0], copy[1]
    # what follows the signature is digested, and lxml would take it away with the signature
    issuer.tail = (issuer.tail or "") + (node.tail or "")
    copy.remove(node)
    digested = _canonical(copy, claim.prefixes)
    if not hmac.compare_digest(hashlib.sha256(digested).digest(), claim.digest):
        raise untrusted(element, "the digest is not that of the element")
    return xml.parse(digested)


def _canonical(element: Element, prefixes: list[str] | None) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=prefixes)
