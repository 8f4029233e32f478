"""Keys of two parties, and keys that nobody should have, made once per test run."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from broker.core.identifiers import Oin
from broker.saml import pki
from broker.saml.keys import Certificate, DecryptionKey, Recipient, SigningKey, VerificationKey

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SENDER = pki.Party("sender", "Verzender (test)", Oin("00000099000000110000"))
STRANGER = pki.Party("stranger", "Vreemde (test)", Oin("00000099000000120000"))
ENTITY_ID = "urn:etoegang:DV:00000099000000110000:entities:9001"


@dataclass(frozen=True, slots=True)
class Keys:
    """Everything one party has; the same files for other tools as paths and bytes."""

    signing: SigningKey
    verification: VerificationKey
    decryption: DecryptionKey
    recipient: Recipient
    key_file: Path
    certificate_file: Path
    encryption_key_file: Path
    encryption_certificate_file: Path

    def _repr_pretty_(self, printer, _cycle: bool) -> None:
        printer.text("<keys>")

    @property
    def key_pem(self) -> bytes:
        return self.key_file.read_bytes()

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate_file.read_bytes()

    @property
    def certificate_text(self) -> str:
        return base64.b64encode(self.signing.certificate.der).decode()


def load(certs: Path, party: pki.Party) -> Keys:
    files = {
        use: (pki.key_path(certs, party.folder, use), pki.certificate_path(certs, party.folder, use))
        for use in pki.USES
    }
    signing = SigningKey.load(*files["signing"])
    decryption = DecryptionKey.load(*files["encryption"])
    return Keys(
        signing=signing,
        verification=VerificationKey.of(signing.certificate),
        decryption=decryption,
        recipient=Recipient(ENTITY_ID, decryption.certificate),
        key_file=files["signing"][0],
        certificate_file=files["signing"][1],
        encryption_key_file=files["encryption"][0],
        encryption_certificate_file=files["encryption"][1],
    )


def self_signed(
    key, *, start: datetime = NOW, life: timedelta = timedelta(days=365), extensions: tuple = (), algorithm=None
) -> bytes:
    """The DER of a certificate over `key`, whatever kind of key that is."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + life)
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(key, hashes.SHA256() if algorithm is None else algorithm).public_bytes(
        serialization.Encoding.DER
    )


def verification_key(key, **options) -> VerificationKey:
    return VerificationKey.of(Certificate.from_der(self_signed(key, **options)))


def pem(key, password: bytes | None = None) -> bytes:
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def private_key(keys: Keys) -> rsa.RSAPrivateKey:
    return serialization.load_pem_private_key(keys.key_pem, None)


def not_a_key(content: bytes) -> bytes:
    """What begins and ends as a private key in PEM does, and is none."""
    label = b"PRIVATE KEY"  # apart, so that whoever looks for keys in this repository finds none
    return b"-----BEGIN " + label + b"-----\n" + content + b"\n-----END " + label + b"-----\n"
