"""Keys and certificates, loaded once and held by role; a key that may sign cannot be used to decrypt by mistake.

The KeyName of a certificate is the lower-case hexadecimal SHA-256 of its DER bytes, here and in the metadata that
we publish. KeyNames of others are taken from their metadata and treated as opaque.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

import xmlsec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from xmlsec import constants

MIN_RSA_BITS: Final = 2048
MIN_EXPONENT: Final = 65537
_UNREADABLE: Final = (
    ValueError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


class UnusableKey(ValueError):
    """A certificate or private key that the scheme does not allow; the message says why."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """An RSA certificate: DER bytes, names, validity and use. Weak keys cannot become one.

    `may_sign` is false when the certificate says what its key is for and signing is not among it.
    """

    der: bytes
    key_name: str
    not_before: datetime
    not_after: datetime
    public_key: rsa.RSAPublicKey
    may_sign: bool

    @classmethod
    def from_der(cls, der: bytes, key_name: str | None = None) -> Self:
        """Read `der`; raises `UnusableKey` unless it is RSA of at least 2048 bits with exponent 65537 or more."""
        try:
            parsed = x509.load_der_x509_certificate(der)
            public = parsed.public_key()
            may_sign = _may_sign(parsed)
        except _UNREADABLE as error:
            raise UnusableKey(f"not a usable X.509 certificate: {error}") from error
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
            may_sign=may_sign,
        )

    @classmethod
    def from_pem_file(cls, path: Path) -> Self:
        """Read the certificate in `path`; raises `UnusableKey`."""
        try:
            parsed = x509.load_pem_x509_certificate(path.read_bytes())
            return cls.from_der(parsed.public_bytes(serialization.Encoding.DER))
        except _UNREADABLE as error:
            raise UnusableKey(f"{path}: {error}") from error

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
        # Not the whole certificate: libxmlsec copies the key for every signature, and a certificate is slow to copy.
        octets = certificate.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return cls(certificate, xmlsec.Key.from_memory(octets, constants.KeyDataFormatDer))


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key that signs for one party."""

    certificate: Certificate
    key: xmlsec.Key

    @classmethod
    def load(cls, key_file: Path, certificate_file: Path) -> Self:
        """Load a PEM pair; raises `UnusableKey`."""
        certificate = Certificate.from_pem_file(certificate_file)
        if not certificate.may_sign:
            raise UnusableKey(f"{certificate_file}: not meant for signing, says its key usage")
        _private_key(key_file, certificate)
        return cls(certificate, xmlsec.Key.from_memory(key_file.read_bytes(), constants.KeyDataFormatPem))


@dataclass(frozen=True, slots=True)
class DecryptionKey:
    """A private key that opens what was encrypted for one party."""

    certificate: Certificate
    key: rsa.RSAPrivateKey

    @classmethod
    def load(cls, key_file: Path, certificate_file: Path) -> Self:
        """Load a PEM pair; raises `UnusableKey`."""
        certificate = Certificate.from_pem_file(certificate_file)
        return cls(certificate, _private_key(key_file, certificate))


@dataclass(frozen=True, slots=True)
class Recipient:
    """For whom to encrypt: the EntityID and the certificate of its encryption key."""

    entity_id: str
    certificate: Certificate


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


@lru_cache(maxsize=64)
def _loaded(pem: bytes) -> PrivateKeyTypes:
    """The key in `pem`, checked. That takes a while, and tenants all have the same keys."""
    return serialization.load_pem_private_key(pem, password=None)


def _private_key(key_file: Path, certificate: Certificate) -> rsa.RSAPrivateKey:
    try:
        key = _loaded(key_file.read_bytes())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnusableKey(f"{key_file}: not a private key without a password: {error}") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise UnusableKey(f"{key_file}: not an RSA key")
    if key.public_key() != certificate.public_key:
        raise UnusableKey(f"{key_file}: does not belong to the certificate beside it")
    return key
