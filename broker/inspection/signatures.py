"""What each signature in a message is over, with which key, and why it is believed or not.

The one that decides is `broker.saml.signature`, as for everything that the broker receives; here it is only asked with
one key after another, so that an answer of "no" can say what is the matter: a key that nobody gave, a key that does not
fit, or content that was altered.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from lxml import etree

from broker.core.text import Text
from broker.inspection.inspected import CertificateFacts, SignatureFacts, Span, Standing
from broker.inspection.known import Known
from broker.inspection.places import Place
from broker.rules import reception
from broker.saml import names, reading, signature
from broker.saml.faults import Fault, SignatureReason
from broker.saml.keys import Certificate, UnusableKey, VerificationKey

_DS: Final = f"{{{names.DS}}}"
SIGNATURE: Final = f"{_DS}Signature"
_ISSUER: Final = f"{{{names.SAML}}}Issuer"
_ENTITY: Final = ("EntityDescriptor", "EntitiesDescriptor")

_TRUSTED: Final = Text("De sleutel staat in de metadata van de afzender.", "The key is in the metadata of the sender.")
_INTACT: Final = Text(
    "Past bij het certificaat dat het bericht zelf meebrengt. Van wie dat is, bewijst dat niet.",
    "Fits the certificate that the message itself brings. That does not prove whose it is.",
)
_NO_KEY: Final = Text(
    "Er is geen metadata van de afzender en geen certificaat in het bericht. De inhoud past bij de digest.",
    "There is no metadata of the sender and no certificate in the message. The content fits the digest.",
)
_ALTERED: Final = Text(
    "De inhoud is veranderd nadat zij werd ondertekend: de digest klopt niet.",
    "The content was altered after it was signed: the digest does not fit.",
)
_ANOTHER_KEY: Final = Text(
    "De inhoud past bij de digest, maar SignedInfo of SignatureValue is veranderd, of een andere sleutel ondertekende.",
    "The content fits the digest, but SignedInfo or SignatureValue was altered, or another key signed.",
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One signature, the fault that is held against it, and what it covers, read anew from what was digested.

    `proven` is None when it does not hold; `certificate` is the one to ask others about it with.
    """

    facts: SignatureFacts
    element: etree._Element
    fault: Fault | None
    proven: etree._Element | None
    certificate: Certificate | None


def judge(
    root: etree._Element, where: dict[etree._Element, Place], known: Known, moment: datetime
) -> tuple[Judged, ...]:
    """Every signature in the message, in its order."""
    found = root.iter(SIGNATURE)
    return tuple(_judged(number, item, where, known, moment) for number, item in enumerate(found, 1))


def _judged(
    number: int, item: etree._Element, where: dict[etree._Element, Place], known: Known, moment: datetime
) -> Judged:
    parent = item.getparent()
    covered = item if parent is None else parent
    own, brought = known.keys_of(signer(covered)), _brought(item)
    standing, why, fault, proven, key = _verdict(covered, own, brought, moment)
    info = item.find(f"{_DS}SignedInfo")
    facts = SignatureFacts(
        number=number,
        path=reading.path(item),
        covers=_said(covered),
        signer=signer(covered),
        algorithm=_algorithm(info, "SignatureMethod"),
        digest=_algorithm(info, f"Reference/{_DS}DigestMethod"),
        canonicalization=_algorithm(info, "CanonicalizationMethod"),
        transforms=tuple(
            transform.get("Algorithm", "") for transform in item.iterfind(f".//{_DS}Reference/{_DS}Transforms/*")
        ),
        key_name=item.findtext(f"{_DS}KeyInfo/{_DS}KeyName"),
        certificate=None
        if key is None
        else certificate_facts(key, from_metadata=key in [one.certificate for one in own]),
        standing=standing,
        why=why,
        detail="" if fault is None else fault.detail,
        spans=_spans(where[covered], where[item]),
    )
    return Judged(facts, item, fault, proven, key)


_Verdict = tuple[Standing, Text, Fault | None, etree._Element | None, Certificate | None]


def _verdict(
    covered: etree._Element,
    own: tuple[VerificationKey, ...],
    brought: VerificationKey | None,
    moment: datetime,
) -> _Verdict:
    position = signature.FIRST if etree.QName(covered).localname in _ENTITY else signature.AFTER_ISSUER
    for key in own:
        try:
            proven = signature.verify(covered, [key], moment, position=position)
        except Fault:
            continue
        return Standing.TRUSTED, _TRUSTED, None, proven, key.certificate
    keys = own or ((brought,) if brought else ())
    try:
        if keys:
            proven = signature.verify(covered, keys, moment, position=position)
            return Standing.INTACT, _INTACT, None, proven, keys[0].certificate
        signature.digested(covered, position=position)
    except Fault as fault:
        shown = brought.certificate if brought else own[0].certificate if own else None
        return *_explained(fault, covered, position), None, shown
    return Standing.UNPROVEN, _NO_KEY, None, None, None


def _explained(fault: Fault, covered: etree._Element, position: int) -> tuple[Standing, Text, Fault]:
    """Why it does not hold: what was altered, when something was."""
    if fault.reason in (SignatureReason.INVALID, SignatureReason.DIGEST):
        try:
            signature.digested(covered, position=position)
        except Fault:
            return Standing.BROKEN, _ALTERED, fault
        return Standing.BROKEN, _ANOTHER_KEY, fault
    return Standing.REFUSED, reception.rule_of(fault.reason).text, fault


def signer(covered: etree._Element) -> str:
    """Who says to have signed: the Issuer of a message, the entity of metadata."""
    return (covered.findtext(_ISSUER) or covered.get("entityID") or "").strip()


def _brought(item: etree._Element) -> VerificationKey | None:
    """The key of the certificate in KeyInfo: a claim of whoever made the message, never a reason to believe it."""
    text = item.findtext(f"{_DS}KeyInfo/{_DS}X509Data/{_DS}X509Certificate")
    try:
        return (
            None
            if text is None
            else VerificationKey.of(Certificate.from_der(base64.b64decode("".join(text.split()), validate=True)))
        )
    except (UnusableKey, ValueError):
        return None


def _algorithm(info: etree._Element | None, name: str) -> str:
    found = None if info is None else info.find(f"{_DS}{name}")
    return "" if found is None else found.get("Algorithm", "")


def _said(covered: etree._Element) -> str:
    identifier = covered.get("ID")
    return f"{reading.path(covered)}{f' #{identifier}' if identifier else ''}"


def whole(octets: bytes) -> tuple[Span, ...]:
    """All of a message, which is what a signature over its query covers."""
    return (Span(0, len(octets)),)


def _spans(covered: Place, item: Place) -> tuple[Span, ...]:
    """The element without the signature itself, which the enveloped transform takes out."""
    if covered == item:
        return ()
    return Span(covered.start, item.start), Span(item.end, covered.end)


def certificate_facts(found: Certificate, *, from_metadata: bool) -> CertificateFacts:
    """What there is to tell of a certificate."""
    parsed = x509.load_der_x509_certificate(found.der)
    numbers = parsed.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return CertificateFacts(
        subject=parsed.subject.rfc4514_string(),
        issuer=parsed.issuer.rfc4514_string(),
        oin=str(numbers[0].value) if numbers else None,
        not_before=found.not_before,
        not_after=found.not_after,
        fingerprint=parsed.fingerprint(hashes.SHA256()).hex(),
        from_metadata=from_metadata,
    )
