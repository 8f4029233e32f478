"""What can be read off the outside of a message without judging it: the sender's clock, and which key it names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from broker.saml import document, names
from broker.saml.faults import Fault

_BODY: Final = f"{{{names.SOAP}}}Body"
_KEY_NAME: Final = f"{{{names.DS}}}Signature/{{{names.DS}}}KeyInfo/{{{names.DS}}}KeyName"


@dataclass(frozen=True, slots=True)
class Glance:
    """IssueInstant, and the KeyName of the signature over the whole message; None for what is not there."""

    issued_at: datetime | None = None
    key_name: str | None = None
    is_signed: bool = False


def glance(octets: bytes) -> Glance:
    """Look at a message, or at that inside a SOAP envelope; of what cannot be read nothing is known."""
    try:
        root = document.read(octets)
    except Fault:
        return Glance()
    inside = root.find(_BODY)
    message = inside[0] if inside is not None and len(inside) else root
    name = message.findtext(_KEY_NAME)
    signed = message.find(f"{{{names.DS}}}Signature") is not None
    return Glance(_moment(message.get("IssueInstant")), name.strip() if name else None, signed)


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else None
