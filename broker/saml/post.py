"""The HTTP-POST binding: a message as a base64 form field, and RelayState (SAML bindings 3.5)."""

import base64
import binascii
from typing import Final

from lxml import etree

from broker.saml import document
from broker.saml.faults import BindingReason, Fault

MAX_RELAY_STATE_BYTES: Final = 80
# Base64 of the largest message, with room for line breaks.
MAX_FIELD: Final = document.MAX_BYTES * 4 // 3 * 33 // 32 + 4


def decode(field: str | None) -> bytes:
    """The bytes of a message; raises `Fault` when the field is absent, too long or not base64."""
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
