"""EncryptedID and EncryptedAttribute: AES-256-CBC under a key that RSA-OAEP wraps for one recipient.

Only for elements that came out of `signature.verify`: CBC has no integrity of its own. Every failure is the same
`Refused` (UNTRUSTED), and nothing is fetched: ciphertext stands in the message or it is refused.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA1
from lxml.etree import _Element as Element

from sp_demo import xml
from sp_demo.names import DSIG, XENC, dsig, xenc
from sp_demo.refusal import Reason, Refused

_BLOCK = 16
_KEY = 32
_AES256_CBC = XENC + "aes256-cbc"
_OAEP = XENC + "rsa-oaep-mgf1p"
_SHA1 = DSIG + "sha1"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who decrypts: an EntityID and its private keys by KeyName."""

    entity_id: str
    keys: Mapping[str, RSAPrivateKey]


def decrypt(encrypted: Element, recipient: Recipient) -> Element:
    """The element inside `encrypted`, an element with EncryptedData followed by EncryptedKey siblings."""
    try:
        return _decrypt(encrypted, recipient)
    except (Refused, ValueError, binascii.Error) as error:
        raise Refused(Reason.UNTRUSTED, f"decryption of {encrypted.tag}: {error}") from error


def _decrypt(encrypted: Element, recipient: Recipient) -> Element:
    data = xml.only_child(encrypted, xenc("EncryptedData"))
    _expect_algorithm(data, _AES256_CBC)
    wrapped, private_key = _own_wrapped_key(encrypted, data, recipient)
    session_key = private_key.decrypt(_cipher_value(wrapped), _oaep(wrapped))
    return xml.parse(_plain(_cipher_value(data), session_key))


def _own_wrapped_key(encrypted: Element, data: Element, recipient: Recipient) -> tuple[Element, RSAPrivateKey]:
    for wrapped in encrypted.findall(xenc("EncryptedKey")):
        name = (wrapped.findtext(f"{dsig('KeyInfo')}/{dsig('KeyName')}") or "").strip()
        if wrapped.get("Recipient") == recipient.entity_id and name in recipient.keys:
            _expect_linked(data, wrapped)
            return wrapped, recipient.keys[name]
    raise ValueError("no EncryptedKey for this recipient with a KeyName of ours")


def _expect_linked(data: Element, wrapped: Element) -> None:
    """The two point to each other: by RetrievalMethod, or by CarriedKeyName where there are several recipients."""
    info = data.find(dsig("KeyInfo"))
    method = None if info is None else info.find(dsig("RetrievalMethod"))
    if method is not None:
        linked = method.get("URI") == f"#{wrapped.get('Id')}"
    else:
        carried = wrapped.findtext(xenc("CarriedKeyName"))
        linked = info is not None and carried is not None and info.findtext(dsig("KeyName")) == carried
    targets = [part.get("URI") for part in wrapped.iterfind(f"{xenc('ReferenceList')}/{xenc('DataReference')}")]
    if not linked or targets not in ([], [f"#{data.get('Id')}"]):
        raise ValueError("EncryptedData and EncryptedKey do not belong together")


def _oaep(wrapped: Element) -> padding.OAEP:
    method = _expect_algorithm(wrapped, _OAEP)
    digest = method.find(dsig("DigestMethod"))
    if digest is not None and digest.get("Algorithm") != _SHA1:
        raise ValueError(f"OAEP digest {digest.get('Algorithm')}")
    return padding.OAEP(mgf=padding.MGF1(SHA1()), algorithm=SHA1(), label=None)  # noqa: S303 (fixed by the scheme)


def _expect_algorithm(part: Element, algorithm: str) -> Element:
    method = xml.only_child(part, xenc("EncryptionMethod"))
    if method.get("Algorithm") != algorithm:
        raise ValueError(f"{part.tag} with {method.get('Algorithm')}, expected {algorithm}")
    return method


def _cipher_value(part: Element) -> bytes:
    data = xml.only_child(part, xenc("CipherData"))
    return base64.b64decode(xml.text_of(xml.only_child(data, xenc("CipherValue"))))


def _plain(ciphertext: bytes, session_key: bytes) -> bytes:
    if len(session_key) != _KEY or len(ciphertext) < 2 * _BLOCK or len(ciphertext) % _BLOCK:
        raise ValueError("wrong length of key or ciphertext")
    decryptor = Cipher(algorithms.AES256(session_key), modes.CBC(ciphertext[:_BLOCK])).decryptor()
    padded = decryptor.update(ciphertext[_BLOCK:]) + decryptor.finalize()
    # XML Encryption pads with any bytes; only the last one, the length, has a meaning
    if not 1 <= padded[-1] <= _BLOCK:
        raise ValueError("wrong padding")
    return padded[: -padded[-1]]
