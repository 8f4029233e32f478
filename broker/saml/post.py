"""The HTTP-POST binding: a message as a base64 form field, and RelayState (SAML bindings 3.5)."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from lxml import etree

from broker.saml import document
from broker.saml.faults import BindingReason, Fault

MAX_RELAY_STATE_BYTES: Final = 80
Form = Mapping[str, Sequence[str]]
_MESSAGES: Final = ("SAMLRequest", "SAMLResponse", "SAMLart")
# Base64 of the largest message, with room for line breaks.
MAX_FIELD: Final = document.MAX_BYTES * 4 // 3 * 33 // 32 + 4


@dataclass(frozen=True, slots=True)
class Posted:
    """What a form delivered: the bytes of one message, and RelayState exactly as it was."""

    message: bytes
    relay_state: str | None


def read(form: Form, name: Literal["SAMLRequest", "SAMLResponse"]) -> Posted:
    """Take the message out of a posted form; raises `Fault`.

    Each field may be there once, and no field of another message beside it: nobody should have to choose.
    """
    if any(len(form.get(field, ())) > 1 for field in (name, "RelayState")):
        raise Fault(BindingReason.PARAMETERS, "a field is repeated")
    foreign = [field for field in _MESSAGES if field != name and field in form]
    if foreign:
        raise Fault(BindingReason.PARAMETERS, f"{foreign[0]} does not belong here")
    relay_state = form.get("RelayState")
    return Posted(_octets(form.get(name, ("",))[0]), relay_state[0] if relay_state else None)


def _octets(field: str) -> bytes:
    if not field:
        raise Fault(BindingReason.PARAMETERS, "the form holds no message")
    if len(field) > MAX_FIELD:
        raise Fault(BindingReason.PARAMETERS, f"{len(field)} characters")
    try:
        return base64.b64decode(field.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Fault(BindingReason.BASE64, str(error)) from error


def encode(message: etree._Element) -> str:
    """The form field for `message`."""
    return base64.b64encode(document.write(message)).decode()
