"""Keys and certificates, loaded once and held by role; a key that may sign cannot be used to decrypt by mistake.

The KeyName of a certificate is the lower-case hexadecimal SHA-256 of its DER bytes, here and in the metadata that
we publish. KeyNames of others are taken from their metadata and treated as opaque.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from xmlsec import constants

MIN_RSA_BITS: Final = 2048
MIN_EXPONENT: Final = 65537


class UnusableKey(ValueError):
    """A certificate or private key that the scheme does not allow; the message says why."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """An RSA certificate: DER bytes, names and validity. Weak keys cannot become one."""

    der: bytes
    key_name: str
    not_before: datetime
    not_after: datetime
    public_key: rsa.RSAPublicKey

    @classmethod
    def from_der(cls, der: bytes, key_name: str | None = None) -> Self:
        """Read `der`; raises `UnusableKey` unless it is RSA of at least 2048 bits with exponent 65537 or more."""
        try:
            parsed = x509.load_der_x509_certificate(der)
            public = parsed.public_key()
        except ValueError as error:
            raise UnusableKey(f"not an X.509 certificate: {error}") from error
        if not isinstance(public, rsa.RSAPublicKey):
            raise UnusableKey("not an RSA key")
        if public.key_size < MIN_RSA_BITS or public.public_numbers().e < MIN_EXPONENT:
            raise UnusableKey(f"RSA of {public.key_size} bits: at least {MIN_RSA_BITS} with exponent {MIN_EXPONENT}")
        return cls(
            der=der,
            key_name=key_name or hashlib.sha256(der).hexdigest(),
            not_before=parsed.not_valid_before_utc,
            not_after=parsed.not_valid_after_utc,
            public_key=public,
        )

    @classmethod
    def from_pem_file(cls, path: Path) -> Self:
        """Read the certificate in `path`."""
        return cls.from_der(x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(serialization.Encoding.DER))

    def valid_at(self, moment: datetime) -> bool:
        """Whether `moment` lies in the certificate's validity, both ends included."""
        return self.not_before <= moment <= self.not_after


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A key that signatures of one party are checked against, taken from trusted metadata only."""

    certificate: Certificate
    key: xmlsec.Key

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        """The key of `certificate`."""
        return cls(certificate, xmlsec.Key.from_memory(certificate.der, constants.KeyDataFormatCertDer))


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key that signs for one party."""

    certificate: Certificate
    key: xmlsec.Key

    @classmethod
    def load(cls, key_file: Path, certificate_file: Path) -> Self:
        """Load a PEM pair."""
        key = xmlsec.Key.from_memory(key_file.read_bytes(), constants.KeyDataFormatPem)
        return cls(Certificate.from_pem_file(certificate_file), key)


@dataclass(frozen=True, slots=True)
class DecryptionKey:
    """A private key that opens what was encrypted for one party."""

    certificate: Certificate
    key: rsa.RSAPrivateKey

    @classmethod
    def load(cls, key_file: Path, certificate_file: Path) -> Self:
        """Load a PEM pair."""
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise UnusableKey(f"{key_file}: not an RSA key")
        return cls(Certificate.from_pem_file(certificate_file), key)


@dataclass(frozen=True, slots=True)
class Recipient:
    """For whom to encrypt: the EntityID and the certificate of its encryption key."""

    entity_id: str
    certificate: Certificate
