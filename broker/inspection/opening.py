"""What is encrypted in a message, opened with the private keys that are at hand.

`broker.saml.encryption` opens what the scheme lays out: AES-256-CBC, the key wrapped with RSA-OAEP beside the data.
Messages of others have the key inside the data and name no recipient; they are brought into that form first. Another
algorithm is told and not opened.
"""

import copy
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from broker.core.text import Text
from broker.inspection.inspected import Opened
from broker.rules import reception
from broker.saml import document, encryption, names, reading
from broker.saml.build import child
from broker.saml.faults import EncryptionReason, Fault
from broker.saml.keys import Certificate, DecryptionKey, UnusableKey

_XENC: Final = f"{{{names.XENC}}}"
_DS: Final = f"{{{names.DS}}}"
WRAPPERS: Final = tuple(
    f"{{{names.SAML}}}{name}" for name in ("EncryptedID", "EncryptedAttribute", "EncryptedAssertion", "NewEncryptedID")
)
PrivateKey = rsa.RSAPrivateKey
MOST: Final = 32
"""Encrypted elements of one message that are opened: each costs private-key operations."""
_NOBODY: Final = "inspector"
_NO_KEY: Final = Text("Er is geen sleutel gegeven.", "No key was given.")
_NO_KEY_FITS: Final = Text(
    "Geen van de sleutels past, of de inhoud is veranderd.", "None of the keys fits, or the content was altered."
)
_TOO_MANY: Final = Text(f"Alleen de eerste {MOST} worden geopend.", f"Only the first {MOST} are opened.")


def private_key(pem: bytes) -> rsa.RSAPrivateKey:
    """The RSA key in a PEM text; raises `UnusableKey`, which never quotes it."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnusableKey("not a private key in PEM without a password") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise UnusableKey("not an RSA key")
    return key


def open_all(
    root: etree._Element, keys: Sequence[rsa.RSAPrivateKey], most: int = MOST
) -> tuple[tuple[Opened, ...], dict[etree._Element, etree._Element]]:
    """Each encrypted element with what came of it, and the contents by the element that held them.

    The first `most` are opened.
    """
    told, contents = [], {}
    for number, wrapper in enumerate(root.iter(*WRAPPERS)):
        content, why = (None, _TOO_MANY) if number >= most else _opened(wrapper, keys)
        if content is not None:
            contents[wrapper] = content
        wrapped = list(wrapper.iter(f"{_XENC}EncryptedKey"))
        told.append(
            Opened(
                path=reading.path(wrapper),
                recipients=tuple(filter(None, (item.get("Recipient") for item in wrapped))),
                key_names=tuple(filter(None, (item.findtext(f"{_DS}KeyInfo/{_DS}KeyName") for item in wrapped))),
                content=None if content is None else document.write(content).decode(),
                why_not=why,
            )
        )
    return tuple(told), contents


def _opened(wrapper: etree._Element, keys: Iterable[rsa.RSAPrivateKey]) -> tuple[etree._Element | None, Text | None]:
    why = _NO_KEY
    for key in keys:
        for arranged in _arranged(wrapper):
            try:
                return encryption.unwrap(arranged, _key(key), _NOBODY), None
            except Fault as fault:
                hopeless = fault.reason in (EncryptionReason.ALGORITHM, EncryptionReason.STRUCTURE)
                why = reception.rule_of(fault.reason).text if hopeless else _NO_KEY_FITS
    return None, why


def _arranged(wrapper: etree._Element) -> Iterable[etree._Element]:
    """For each encrypted key in it: data and that key side by side, the key for us."""
    for number in range(len(list(wrapper.iter(f"{_XENC}EncryptedKey")))):
        twin = copy.deepcopy(wrapper)
        twin.tail = None
        wrapped = list(twin.iter(f"{_XENC}EncryptedKey"))
        for item in wrapped:
            parent = item.getparent()
            if parent is not None:
                parent.remove(item)
        chosen = wrapped[number]
        chosen.set("Recipient", _NOBODY)
        for info in chosen.findall(f"{_DS}KeyInfo"):
            chosen.remove(info)
        child(child(chosen, names.DS, "KeyInfo"), names.DS, "KeyName", text=_NOBODY)
        twin.append(chosen)
        yield twin


def _key(key: rsa.RSAPrivateKey) -> DecryptionKey:
    """The key as a role that may decrypt. There is no certificate: names are those of `_arranged`."""
    never = datetime.max.replace(tzinfo=UTC)
    return DecryptionKey(Certificate(b"", _NOBODY, never, never, key.public_key(), may_sign=False), key)
