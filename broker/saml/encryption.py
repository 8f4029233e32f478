"""EncryptedID and EncryptedAttribute as the scheme lays them out (page SAML encryption).

A fresh AES-256 key per encrypted element, CBC; the key wrapped with RSA-OAEP (SHA-1, MGF1-SHA-1) in an EncryptedKey
*beside* the EncryptedData, which points at it with a RetrievalMethod. Reading follows no URI and refuses those that
lead out of the message: the two parts are found by their place, and the key by `Recipient` and `KeyName`.
"""

import base64
import binascii
import copy
import secrets
from typing import Final, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from lxml import etree

from broker.saml import document, names, reading
from broker.saml.build import child, element
from broker.saml.faults import EncryptionReason, Fault
from broker.saml.keys import DecryptionKey, Recipient

_BLOCK: Final = 16
_KEY_BYTES: Final = 32
_OAEP: Final = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)  # noqa: S303  the scheme's choice


def encrypt(
    plain: etree._Element, recipient: Recipient, reference: str, wrapper: Literal["EncryptedID", "EncryptedAttribute"]
) -> etree._Element:
    """`saml:<wrapper>` holding `plain` for `recipient`; `reference` makes its XML ids unique in the document.

    The content keeps every prefix that is declared for it: `xsi:type` may need them. One RSA public-key operation.
    """
    prefixes = tuple(prefix for prefix in plain.nsmap if prefix)
    key, vector = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_BLOCK)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    content = vector + encryptor.update(_padded(document.canonical(plain, prefixes))) + encryptor.finalize()
    data_id, key_id = f"{reference}-data", f"{reference}-key"

    root = element(names.SAML, wrapper, None, "xenc", "ds")
    data = child(root, names.XENC, "EncryptedData", {"Id": data_id, "Type": names.XENC_ELEMENT})
    child(data, names.XENC, "EncryptionMethod", {"Algorithm": names.AES256_CBC})
    info = child(data, names.DS, "KeyInfo")
    child(info, names.DS, "RetrievalMethod", {"Type": names.XENC_ENCRYPTED_KEY, "URI": f"#{key_id}"})
    _cipher_value(data, content)

    wrapped = child(root, names.XENC, "EncryptedKey", {"Id": key_id, "Recipient": recipient.entity_id})
    method = child(wrapped, names.XENC, "EncryptionMethod", {"Algorithm": names.RSA_OAEP})
    child(method, names.DS, "DigestMethod", {"Algorithm": names.SHA1})
    info = child(wrapped, names.DS, "KeyInfo")
    child(info, names.DS, "KeyName", text=recipient.certificate.key_name)
    _cipher_value(wrapped, recipient.certificate.public_key.encrypt(key, _OAEP))
    references = child(wrapped, names.XENC, "ReferenceList")
    child(references, names.XENC, "DataReference", {"URI": f"#{data_id}"})
    return root


def copy_with_new_ids(encrypted: etree._Element, suffix: str) -> etree._Element:
    """A copy whose XML ids, and the references between its two parts, end in `suffix`.

    The summary assertion repeats elements that also stand in Advice; ids must differ, the originals stay untouched.
    """
    twin = copy.deepcopy(encrypted)
    twin.tail = None
    for item in twin.iter(etree.Element):
        for name in ("Id", "URI"):
            value = item.get(name)
            if value is not None:
                item.set(name, value + suffix)
    return twin


def decrypt(encrypted: etree._Element, key: DecryptionKey, entity_id: str) -> etree._Element:
    """The element inside a verified EncryptedID or EncryptedAttribute for `entity_id`; raises `Fault`.

    Only call this with content that a signature covers. One private-key operation.
    """
    root = unwrap(encrypted, key, entity_id)
    if next(root.iter(f"{{{names.XENC}}}*"), None) is not None:
        raise Fault(EncryptionReason.CONTENT, "encrypted again inside")
    return root


def unwrap(encrypted: etree._Element, key: DecryptionKey, entity_id: str) -> etree._Element:
    """The same of an element that may hold others that are encrypted, as an EncryptedAssertion does."""
    data = _only(encrypted, "EncryptedData")
    _require_inner_references(encrypted)
    wrapped = _key_for(encrypted, key, entity_id)
    _require_algorithm(data, names.AES256_CBC)
    _require_algorithm(wrapped, names.RSA_OAEP)
    content, wrapped_key = _cipher_octets(data), _cipher_octets(wrapped)
    try:
        root = document.read(_opened(key.key.decrypt(wrapped_key, _OAEP), content))
    except (ValueError, Fault) as error:
        # One answer to a wrong key, wrong padding and wrong content: telling them apart is what padding oracles need.
        raise Fault(EncryptionReason.UNDECIPHERABLE) from error
    return root


def _padded(content: bytes) -> bytes:
    # XML Encryption 5.2: the last byte is the number of padding bytes; the others may be anything.
    missing = _BLOCK - len(content) % _BLOCK
    return content + bytes(missing - 1) + bytes([missing])


def _opened(key: bytes, content: bytes) -> bytes:
    if len(key) != _KEY_BYTES or len(content) < 2 * _BLOCK:
        raise ValueError("wrong length")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(content[:_BLOCK])).decryptor()
    padded = decryptor.update(content[_BLOCK:]) + decryptor.finalize()
    if not 1 <= padded[-1] <= _BLOCK:
        raise ValueError("wrong padding")
    return padded[: -padded[-1]]


def _cipher_value(parent: etree._Element, octets: bytes) -> None:
    data = child(parent, names.XENC, "CipherData")
    child(data, names.XENC, "CipherValue", text=base64.b64encode(octets).decode())


def _cipher_octets(parent: etree._Element) -> bytes:
    data = _only(parent, "CipherData")
    if [item.tag for item in data] != [f"{{{names.XENC}}}CipherValue"]:
        raise Fault(EncryptionReason.STRUCTURE, "only an inline CipherValue is allowed")
    try:
        return base64.b64decode("".join((data[0].text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Fault(EncryptionReason.STRUCTURE, "CipherValue is not base64") from error


def _require_algorithm(parent: etree._Element, wanted: str) -> None:
    method = _only(parent, "EncryptionMethod")
    if method.get("Algorithm") != wanted:
        raise Fault(EncryptionReason.ALGORITHM, str(method.get("Algorithm")))
    if any(item.tag != f"{{{names.DS}}}DigestMethod" or item.get("Algorithm") != names.SHA1 for item in method):
        raise Fault(EncryptionReason.ALGORITHM, "only a DigestMethod of SHA-1 is allowed as parameter")


def _require_inner_references(encrypted: etree._Element) -> None:
    for item in encrypted.iter():
        if not item.get("URI", "#").startswith("#"):
            raise Fault(EncryptionReason.STRUCTURE, f"URI {item.get('URI')!r} leads out of the message")


def _only(parent: etree._Element, name: str) -> etree._Element:
    try:
        return reading.one(parent, names.XENC, name)
    except Fault as fault:
        raise Fault(EncryptionReason.STRUCTURE, str(fault)) from fault


def _key_for(encrypted: etree._Element, key: DecryptionKey, entity_id: str) -> etree._Element:
    mine = [
        item
        for item in encrypted.findall(f"{{{names.XENC}}}EncryptedKey")
        if item.get("Recipient") == entity_id
        and item.findtext(f"{{{names.DS}}}KeyInfo/{{{names.DS}}}KeyName") == key.certificate.key_name
    ]
    if len(mine) != 1:
        raise Fault(EncryptionReason.RECIPIENT, f"{len(mine)} keys for {entity_id}")
    return mine[0]
