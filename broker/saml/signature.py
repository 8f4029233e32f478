"""Enveloped XML signatures: making one, and reading only what one covers.

The scheme's rules (Digital signature): RSA-SHA256, exclusive canonicalisation without comments, one reference to the
element that holds the signature, KeyInfo absent or a KeyName. Towards others we are as strict as that; from service
providers we also accept an X509Certificate in KeyInfo, as real ones send it, if it is in their metadata, and an
InclusiveNamespaces list, which is common.

`verify` rebuilds what was digested independently of libxmlsec, compares the digest and returns a fresh tree parsed
from exactly those bytes. Identity code receives that tree and nothing else, so wrapping attacks have nothing to move.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import xmlsec
from lxml import etree
from xmlsec import constants

from broker.saml import document, names, reading
from broker.saml.build import child
from broker.saml.faults import Fault, SignatureReason
from broker.saml.keys import Certificate, SigningKey, VerificationKey

_SIGNATURE: Final = f"{{{names.DS}}}Signature"
_INCLUSIVE: Final = f"{{{names.C14N_EXCLUSIVE}}}InclusiveNamespaces"
_REFERENCE_TRANSFORMS: Final = (constants.TransformEnveloped, constants.TransformExclC14N, constants.TransformSha256)
_SIGNATURE_TRANSFORMS: Final = (constants.TransformExclC14N, constants.TransformRsaSha256)

# Real lists hold a handful; the cost of canonicalisation is elements times prefixes.
MAX_PREFIXES: Final = 16

AFTER_ISSUER: Final = 1
FIRST: Final = 0


def sign(
    element: etree._Element,
    key: SigningKey,
    *,
    position: int = AFTER_ISSUER,
    prefixes: tuple[str, ...] = (),
    with_certificate: bool = False,
) -> str:
    """Put a signature over `element` into it as child number `position` and return the SignatureValue (base64).

    `prefixes` are namespace prefixes that only occur in attribute values (`xsi:type`), which exclusive
    canonicalisation would drop. `with_certificate` gives the KeyInfo that metadata wants; messages get a KeyName.
    One private-key operation.

    The digest is taken before the signature goes in, which is what the enveloped transform comes to; libxmlsec, which
    takes the signature out again node by node, needs twice the time for the same octets.
    """
    digest = hashlib.sha256(document.canonical(element, prefixes)).digest()
    signature = etree.Element(_SIGNATURE, nsmap={"ds": names.DS})
    info = _signed_info(signature, reading.attribute(element, "ID"), prefixes, digest)
    context = xmlsec.SignatureContext()
    context.key = key.key
    octets = context.sign_binary(document.canonical(info), constants.TransformRsaSha256)
    value = base64.b64encode(octets).decode()
    child(signature, names.DS, "SignatureValue", text=value)
    _key_info(signature, key.certificate, in_full=with_certificate)
    element.insert(position, signature)
    return value


def _signed_info(
    signature: etree._Element, identifier: str, prefixes: tuple[str, ...], digest: bytes
) -> etree._Element:
    info = child(signature, names.DS, "SignedInfo")
    child(info, names.DS, "CanonicalizationMethod", {"Algorithm": names.C14N_EXCLUSIVE})
    child(info, names.DS, "SignatureMethod", {"Algorithm": names.RSA_SHA256})
    reference = child(info, names.DS, "Reference", {"URI": f"#{identifier}"})
    transforms = child(reference, names.DS, "Transforms")
    child(transforms, names.DS, "Transform", {"Algorithm": names.ENVELOPED_SIGNATURE})
    exclusive = child(transforms, names.DS, "Transform", {"Algorithm": names.C14N_EXCLUSIVE})
    if prefixes:
        etree.SubElement(exclusive, _INCLUSIVE, {"PrefixList": " ".join(prefixes)}, {"ec": names.C14N_EXCLUSIVE})
    child(reference, names.DS, "DigestMethod", {"Algorithm": names.SHA256})
    child(reference, names.DS, "DigestValue", text=base64.b64encode(digest).decode())
    return info


def _key_info(signature: etree._Element, certificate: Certificate, *, in_full: bool) -> None:
    key_info = child(signature, names.DS, "KeyInfo")
    if in_full:
        data = child(key_info, names.DS, "X509Data")
        child(data, names.DS, "X509Certificate", text=base64.b64encode(certificate.der).decode())
    else:
        child(key_info, names.DS, "KeyName", text=certificate.key_name)


def verify(
    element: etree._Element, keys: Sequence[VerificationKey], moment: datetime, *, position: int = AFTER_ISSUER
) -> etree._Element:
    """Return what the signature in `element` covers, without the signature, parsed from the digested bytes.

    `keys` are those of the one party that must have signed. Raises `Fault` with a `SignatureReason`.
    """
    signature = _the_signature(element, position)
    prefixes, digest = _checked_structure(signature, element)
    usable = _usable_keys(signature, keys, moment)
    if not any(_proves(element, signature, key) for key in usable):
        raise Fault(SignatureReason.INVALID, f"with {len(usable)} key(s)")
    return document.reread(_signed_content(element, position, prefixes, digest))


def digested(element: etree._Element, *, position: int = AFTER_ISSUER) -> bytes:
    """The octets that the signature in `element` has the digest of; raises `Fault` with a `SignatureReason`.

    It tells what was altered, and says nothing about who signed: nobody may be believed for it.
    """
    prefixes, digest = _checked_structure(_the_signature(element, position), element)
    return _signed_content(element, position, prefixes, digest)


def _the_signature(element: etree._Element, position: int) -> etree._Element:
    found = element.findall(_SIGNATURE)
    if not found:
        raise Fault(SignatureReason.MISSING, etree.QName(element).localname)
    if len(found) > 1 or element.index(found[0]) != position:
        raise Fault(SignatureReason.POSITION, f"{len(found)} signature(s), wanted one as child {position}")
    return found[0]


def _children(parent: etree._Element, *allowed: tuple[str, ...]) -> list[etree._Element]:
    """The children of `parent` if their XML Signature names are one of the `allowed` sequences."""
    if [item.tag for item in parent] not in [[f"{{{names.DS}}}{name}" for name in names_] for names_ in allowed]:
        got = ", ".join(etree.QName(item).localname for item in parent)
        raise Fault(SignatureReason.STRUCTURE, f"{etree.QName(parent).localname} holds: {got or 'nothing'}")
    return list(parent)


def _checked_structure(signature: etree._Element, element: etree._Element) -> tuple[tuple[str, ...], bytes]:
    """The inclusive prefixes of the reference and the digest it states, if everything is as the scheme wants it."""
    shapes = ("SignedInfo", "SignatureValue"), ("SignedInfo", "SignatureValue", "KeyInfo")
    info, value, *_ = _children(signature, *shapes)
    method, algorithm, reference = _children(info, ("CanonicalizationMethod", "SignatureMethod", "Reference"))
    if method.get("Algorithm") != names.C14N_EXCLUSIVE:
        raise Fault(SignatureReason.CANONICALIZATION, str(method.get("Algorithm")))
    _inclusive_prefixes(method)
    if algorithm.get("Algorithm") != names.RSA_SHA256 or len(algorithm):
        raise Fault(SignatureReason.ALGORITHM, str(algorithm.get("Algorithm")))
    identifier = element.get("ID")
    if not identifier or reference.get("URI") != "#" + identifier:
        raise Fault(SignatureReason.REFERENCE, f"{reference.get('URI')!r} instead of the ID of its parent")
    transforms, digest_method, digest = _children(reference, ("Transforms", "DigestMethod", "DigestValue"))
    enveloped, exclusive = _children(transforms, ("Transform", "Transform"))
    algorithms = enveloped.get("Algorithm"), exclusive.get("Algorithm")
    if algorithms != (names.ENVELOPED_SIGNATURE, names.C14N_EXCLUSIVE) or len(enveloped):
        raise Fault(SignatureReason.TRANSFORMS, f"{algorithms}")
    if digest_method.get("Algorithm") != names.SHA256 or len(digest_method):
        raise Fault(SignatureReason.DIGEST_METHOD, str(digest_method.get("Algorithm")))
    _octets(value)
    return _inclusive_prefixes(exclusive), _octets(digest)


def _inclusive_prefixes(method: etree._Element) -> tuple[str, ...]:
    if not len(method):
        return ()
    if len(method) > 1 or method[0].tag != _INCLUSIVE or set(method[0].attrib) != {"PrefixList"} or len(method[0]):
        raise Fault(SignatureReason.TRANSFORMS, "only one InclusiveNamespaces with a PrefixList is allowed")
    prefixes = tuple(reading.attribute(method[0], "PrefixList").split())
    if len(prefixes) > MAX_PREFIXES:
        raise Fault(SignatureReason.TRANSFORMS, f"{len(prefixes)} prefixes in PrefixList, at most {MAX_PREFIXES}")
    return prefixes


def _octets(element: etree._Element) -> bytes:
    try:
        octets = base64.b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Fault(SignatureReason.STRUCTURE, f"{etree.QName(element).localname} is not base64") from error
    if not octets or len(element):
        raise Fault(SignatureReason.STRUCTURE, f"{etree.QName(element).localname} is empty or holds elements")
    return octets


def _usable_keys(signature: etree._Element, keys: Sequence[VerificationKey], moment: datetime) -> list[VerificationKey]:
    """The keys of the sender that may sign now and fit KeyInfo. KeyInfo only chooses; it never brings a key."""
    wanted = [key for key in keys if _fits_key_info(signature, key)]
    if not wanted:
        raise Fault(SignatureReason.NO_KEY, "no key of the sender fits KeyInfo")
    usable = [key for key in wanted if key.certificate.may_sign and key.certificate.valid_at(moment)]
    if not usable:
        why = f"none of {len(wanted)} certificate(s) is valid at {moment.isoformat()} and meant for signing"
        raise Fault(SignatureReason.CERTIFICATE, why)
    return usable


def _fits_key_info(signature: etree._Element, key: VerificationKey) -> bool:
    info = signature.find(f"{{{names.DS}}}KeyInfo")
    if info is None:
        return True
    hints = list(info)
    if len(hints) == 1 and hints[0].tag == f"{{{names.DS}}}KeyName" and not len(hints[0]):
        return hints[0].text == key.certificate.key_name
    if len(hints) == 1 and hints[0].tag == f"{{{names.DS}}}X509Data":
        certificates = hints[0].findall(f"{{{names.DS}}}X509Certificate")
        if len(certificates) == len(hints[0]) == 1:
            return hmac.compare_digest(_octets(certificates[0]), key.certificate.der)
    raise Fault(SignatureReason.KEY_INFO, "only one KeyName, or one X509Certificate, is allowed")


def _proves(element: etree._Element, signature: etree._Element, key: VerificationKey) -> bool:
    """Whether libxmlsec accepts the signature with `key`: true only when it returned without an error."""
    context = xmlsec.SignatureContext()
    context.key = key.key
    context.set_enabled_key_data([constants.KeyDataRsa])
    for transform in _REFERENCE_TRANSFORMS:
        context.enable_reference_transform(transform)
    for transform in _SIGNATURE_TRANSFORMS:
        context.enable_signature_transform(transform)
    try:
        context.register_id(element, "ID")
        outcome: object = context.verify(signature)  # type: ignore[func-returns-value]
    except xmlsec.Error:
        return False
    # A release that answered with a verdict instead of an exception must not turn "no" into "yes".
    return outcome is None


def _signed_content(element: etree._Element, position: int, prefixes: tuple[str, ...], digest: bytes) -> bytes:
    try:
        copy = document.detached(element)
        _remove_keeping_text(copy, _the_signature(copy, position))
        covered = document.canonical(copy, prefixes)
    except etree.C14NError as error:
        raise Fault(SignatureReason.CANONICALIZATION, str(error)) from error
    if not covered or not hmac.compare_digest(hashlib.sha256(covered).digest(), digest):
        raise Fault(SignatureReason.DIGEST, "what would be read is not what was signed")
    return covered


def _remove_keeping_text(parent: etree._Element, element: etree._Element) -> None:
    """Remove `element` but not the text behind it, which lxml ties to it and the signature covers."""
    before, tail = element.getprevious(), element.tail
    parent.remove(element)
    if before is None:
        parent.text = (parent.text or "") + (tail or "")
    else:
        before.tail = (before.tail or "") + (tail or "")


def key_hint(element: etree._Element) -> str | None:
    """What the KeyInfo of the signature in `element` holds, by local name; None when there is nothing.

    KeyInfo is not signed: this is for telling, never for deciding whom to trust.
    """
    hint = element.find(f"{_SIGNATURE}/{{{names.DS}}}KeyInfo/*")
    return None if hint is None else etree.QName(hint).localname


def self_contained(element: etree._Element) -> bytes:
    """The bytes of a signed element, signature included, that stay verifiable wherever they are embedded.

    The canonical form with the inclusive prefixes of its own reference carries every namespace declaration that the
    signature depends on, also those that an ancestor made.
    """
    path = f"{_SIGNATURE}/{{{names.DS}}}SignedInfo/{{{names.DS}}}Reference/{{{names.DS}}}Transforms"
    methods = element.findall(f"{path}/{{{names.DS}}}Transform")
    prefixes = tuple(prefix for method in methods for prefix in _inclusive_prefixes(method))
    return document.canonical(element, prefixes)
