"""The signature over metadata of a service provider: what it covers, or one line for whoever registers the file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from lxml import etree

from broker.saml import reading, signature
from broker.saml.faults import Fault, MetadataRejected, SignatureReason
from broker.saml.keys import VerificationKey

_CHANGED: Final = "the file was changed after it was signed, or signed with another key than that of its KeyDescriptor"
_WHY: Final = {
    SignatureReason.INVALID: _CHANGED,
    SignatureReason.DIGEST: _CHANGED,
    SignatureReason.NO_KEY: "its KeyInfo names another key than the certificates for signing in this file",
    SignatureReason.POSITION: "there must be one, as the first child of what it signs",
}
_MEND: Final = "have it signed anew, or take the Signature out: metadata need not be signed"
_CLAUSE: Final = "etd Digital signature"
_DETAIL_LENGTH: Final = 100


def signed_content(element: etree._Element, keys: Sequence[VerificationKey], moment: datetime) -> etree._Element:
    """What the signature in `element` covers; raises `MetadataRejected` that says what is broken and how to mend it."""
    try:
        return signature.verify(element, keys, moment, position=signature.FIRST)
    except Fault as fault:
        what = f"the signature is wrong, {_why(fault)}; {_MEND}"
        raise MetadataRejected(fault.reason, f"{reading.path(element)}/Signature", what, _CLAUSE) from fault


def _why(fault: Fault) -> str:
    known = _WHY.get(fault.reason) if isinstance(fault.reason, SignatureReason) else None
    return known or f"its {fault.reason.value} is not accepted: {fault.detail[:_DETAIL_LENGTH]}"
