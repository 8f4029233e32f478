"""Keys and certificates: our own from files, the broker's from its metadata."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from sp_demo.settings import ConfigError

MIN_BITS = 2048


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A private key, also as XML Security wants it, and its certificate; `name` is what KeyName says."""

    key: RSAPrivateKey
    for_signing: xmlsec.Key
    certificate: x509.Certificate
    name: str

    @property
    def certificate_base64(self) -> str:
        """The certificate as X509Certificate elements hold it: DER in base64, on one line."""
        return base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode("ascii")


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key that the broker's metadata names for signing; `name` is the KeyName given there, if any."""

    key: xmlsec.Key
    name: str | None
    certificate: x509.Certificate

    def valid_at(self, moment: datetime) -> bool:
        """Whether the certificate is valid at `moment` (UTC, aware)."""
        return self.certificate.not_valid_before_utc <= moment < self.certificate.not_valid_after_utc


def key_name(certificate: x509.Certificate) -> str:
    """The scheme's habit for naming a key: SHA-256 of the certificate in DER, lower-case hex."""
    return hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


def read_own_key(key_file: Path, certificate_file: Path) -> OwnKey:
    """Read a key pair; raises `ConfigError` when a file is missing, weak, or the two do not belong together."""
    try:
        pem = key_file.read_bytes()
        # validating the primes takes 60 ms a key, against tampering that our own files do not undergo
        key = serialization.load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(f"{key_file}: {error}") from error
    try:
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError(f"{certificate_file}: {error}") from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < MIN_BITS:
        raise ConfigError(f"{key_file}: expected an RSA key of at least {MIN_BITS} bits")
    if key.public_key() != certificate.public_key():
        raise ConfigError(f"{certificate_file}: does not belong to the key in {key_file}")
    for_signing = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)
    for_signing.name = key_name(certificate)
    return OwnKey(key, for_signing, certificate, key_name(certificate))


def trusted_key(certificate_pem: bytes, name: str | None) -> TrustedKey:
    """The public key of a certificate in PEM; raises ValueError when it is no RSA key of at least 2048 bits."""
    certificate = x509.load_pem_x509_certificate(certificate_pem)
    public = certificate.public_key()
    if not isinstance(public, RSAPublicKey) or public.key_size < MIN_BITS:
        raise ValueError(f"expected an RSA key of at least {MIN_BITS} bits")
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return TrustedKey(xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem), name, certificate)
