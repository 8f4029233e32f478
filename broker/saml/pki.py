"""A test certificate authority, and certificates that look like those of PKIoverheid.

Every party gets three pairs, for signing, for encryption and for TLS, with its OIN in the subject's serialNumber.
Keys are written once, readable by their owner only, and never leave the machine they were made on.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from broker.core.identifiers import Oin
from broker.locking import alone_in
from broker.saml.keys import UnusableKey

Use = Literal["signing", "encryption", "tls"]
USES: Final[tuple[Use, ...]] = ("signing", "encryption", "tls")

_AUTHORITY_LIFE: Final = timedelta(days=10 * 365)
_LIFE: Final = timedelta(days=4 * 365)
_EARLIER: Final = timedelta(days=365)
_LOOPBACK: Final = (x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1")))


@dataclass(frozen=True, slots=True)
class Party:
    """Who a certificate is for: folder name, display name and OIN."""

    folder: str
    name: str
    oin: Oin


@dataclass(frozen=True, slots=True)
class Authority:
    """The test CA: its certificate and private key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


def key_path(certs: Path, party: str, use: Use) -> Path:
    """Where the private key of `party` for `use` is."""
    return certs / party / f"{use}.key"


def certificate_path(certs: Path, party: str, use: Use) -> Path:
    """Where the certificate of `party` for `use` is."""
    return certs / party / f"{use}.pem"


def authority_path(certs: Path) -> Path:
    """Where the certificate of the test CA is."""
    return certs / "ca.pem"


def ensure(certs: Path, parties: tuple[Party, ...], moment: datetime) -> list[Path]:
    """Make the CA and whatever pairs are missing below `certs`; returns the certificates that were made.

    Processes that start at the same time may all call this. Raises `UnusableKey` when pairs must be added but the CA
    that the others come from is gone.
    """
    certs.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone_in(certs):
        missing = [
            (party, use)
            for party in parties
            for use in USES
            if not (key_path(certs, party.folder, use).exists() and certificate_path(certs, party.folder, use).exists())
        ]
        if not missing:
            return []
        authority = _authority(certs, moment)
        return [_issue(certs, authority, party, use, moment) for party, use in missing]


def _authority(certs: Path, moment: datetime) -> Authority:
    key_file, certificate_file = certs / "ca.key", authority_path(certs)
    if key_file.exists() and certificate_file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise UnusableKey(f"{key_file}: not an RSA key")
        return Authority(x509.load_pem_x509_certificate(certificate_file.read_bytes()), key)
    if any(certs.glob("*/*.pem")):
        raise UnusableKey(f"{key_file} or {certificate_file} is gone: put it back, or empty {certs} to make all anew")
    key = rsa.generate_private_key(65537, 2048)
    name = _name("Ketenbroker Test CA - geen PKIoverheid", None)
    certificate = (
        _builder(name, name, key.public_key(), moment, _AUTHORITY_LIFE)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(sign_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(key_file, certificate_file, key, certificate)
    return Authority(certificate, key)


def _issue(certs: Path, authority: Authority, party: Party, use: Use, moment: datetime) -> Path:
    key = rsa.generate_private_key(65537, 2048)
    authority_identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    builder = _builder(_name(party.name, party.oin), authority.certificate.subject, key.public_key(), moment, _LIFE)
    builder = builder.add_extension(authority_identifier, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_key_usage(sign=use != "encryption", encrypt=use != "signing"), critical=True)
    if use == "tls":
        purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        builder = builder.add_extension(x509.SubjectAlternativeName(_LOOPBACK), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    certificate_file = certificate_path(certs, party.folder, use)
    certificate_file.parent.mkdir(mode=0o700, exist_ok=True)
    certificate = builder.sign(authority.key, hashes.SHA256())
    _write(key_path(certs, party.folder, use), certificate_file, key, certificate)
    return certificate_file


def _name(common_name: str, oin: Oin | None) -> x509.Name:
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "NL"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Simulator - geen echte gegevens"),
        x509.NameAttribute(NameOID.COMMON_NAME, common_name),
    ]
    if oin is not None:
        attributes.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, oin))
    return x509.Name(attributes)


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: rsa.RSAPublicKey, moment: datetime, life: timedelta
) -> x509.CertificateBuilder:
    # Some way back: the clock of a network may be set to a moment before its certificates were made.
    start = moment.replace(microsecond=0) - _EARLIER
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _key_usage(*, sign: bool = False, encrypt: bool = False, sign_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=sign,
        key_encipherment=encrypt,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write(key_file: Path, certificate_file: Path, key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> None:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    # The certificate goes first and comes last: whenever it is there, the key beside it is its own.
    certificate_file.unlink(missing_ok=True)
    _replace(key_file, pem, 0o600)
    _replace(certificate_file, certificate.public_bytes(serialization.Encoding.PEM), 0o644)


def _replace(path: Path, content: bytes, mode: int) -> None:
    # Created with its final mode: there is no moment at which others can read a key, nor one with half a file.
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    fresh.replace(path)
