"""Keys, signatures and encryption for the wire broker: signxml and cryptography, nothing of this project.

The project's own messages are made with xmlsec; a second implementation makes the two witnesses of
each other.
"""

import base64
import os
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.x509.oid import NameOID
from lxml import etree
from lxml.builder import ElementMaker
from signxml import CanonicalizationMethod, SignatureConfiguration, XMLSigner, XMLVerifier

NS = {
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "soap": "http://schemas.xmlsoap.org/soap/envelope/",
    "xacml-context": "urn:oasis:names:tc:xacml:2.0:context:schema:os",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
    "xs": "http://www.w3.org/2001/XMLSchema",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
DS = ElementMaker(namespace=NS["ds"], nsmap={"ds": NS["ds"]})
XENC = ElementMaker(namespace=NS["xenc"], nsmap={"xenc": NS["xenc"]})


@dataclass(frozen=True)
class Party:
    """Somebody who signs: EntityID, key and certificate."""

    entity_id: str
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls, entity_id: str) -> "Party":
        """A party with a fresh key."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wire broker test")])
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        builder = builder.serial_number(1).not_valid_before(now - timedelta(hours=1))
        return cls(entity_id, key, builder.not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256()))

    @property
    def key_name(self) -> str:
        """The KeyName that metadata and signatures carry."""
        return key_name(self.certificate)


def key_name(certificate: x509.Certificate) -> str:
    """Lower-case hex SHA-256 of the certificate's DER bytes."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def x509_text(certificate: x509.Certificate) -> str:
    """The content of an X509Certificate element."""
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()


def sign(element: etree._Element, party: Party) -> etree._Element:
    """A signed copy: the signature follows the Issuer, KeyInfo holds a KeyName only."""
    unsigned = deepcopy(element)
    unsigned.find("saml:Issuer", NS).addnext(DS.Signature(Id="placeholder"))
    signer = XMLSigner(c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)
    key_info = DS.KeyInfo(DS.KeyName(party.key_name))
    return signer.sign(unsigned, key=party.key, key_info=key_info, reference_uri=unsigned.get("ID"), id_attribute="ID")


def verified(xml: bytes, certificate: x509.Certificate, location: str = "./") -> etree._Element:
    """The element that a signature directly below `location` covers; raises signxml's InvalidSignature."""
    config = SignatureConfiguration(location=location)
    return XMLVerifier().verify(xml, x509_cert=certificate, id_attribute="ID", expect_config=config).signed_xml


def encrypt(element: etree._Element, ids: str, recipient: str, certificate: x509.Certificate) -> list[etree._Element]:
    """EncryptedData and, as its sibling, the EncryptedKey for `recipient`: AES-256-CBC and RSA-OAEP.

    The two refer to each other by `Id`s that end in `ids`.
    """
    session_key, vector = os.urandom(32), os.urandom(16)
    content = _padded(etree.tostring(element))
    cipher = Cipher(algorithms.AES(session_key), modes.CBC(vector)).encryptor()
    encrypted = vector + cipher.update(content) + cipher.finalize()
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)
    wrapped = certificate.public_key().encrypt(session_key, oaep)
    data_id, key_id = f"_data_{ids}", f"_key_{ids}"
    return [
        XENC.EncryptedData(
            XENC.EncryptionMethod(Algorithm=NS["xenc"] + "aes256-cbc"),
            DS.KeyInfo(DS.RetrievalMethod(Type=NS["xenc"] + "EncryptedKey", URI=f"#{key_id}")),
            _cipher_data(encrypted),
            Id=data_id,
            Type=NS["xenc"] + "Element",
        ),
        XENC.EncryptedKey(
            XENC.EncryptionMethod(
                DS.DigestMethod(Algorithm=NS["ds"] + "sha1"), Algorithm=NS["xenc"] + "rsa-oaep-mgf1p"
            ),
            DS.KeyInfo(DS.KeyName(key_name(certificate))),
            _cipher_data(wrapped),
            XENC.ReferenceList(XENC.DataReference(URI=f"#{data_id}")),
            Id=key_id,
            Recipient=recipient,
        ),
    ]


def _cipher_data(content: bytes) -> etree._Element:
    return XENC.CipherData(XENC.CipherValue(base64.b64encode(content).decode()))


def _padded(content: bytes) -> bytes:
    """Filled to a multiple of the block size; the last byte says with how many (XML Encryption 5.2)."""
    missing = 16 - len(content) % 16
    return content + bytes(missing - 1) + bytes([missing])
