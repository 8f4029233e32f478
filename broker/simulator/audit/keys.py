"""The key that an installation signs its audit log and its evidence with (Ed25519): one pair, of no party.

Strangers need the public half, and get it some other way than from the database or a bundle: whoever can write those
could make a pair of his own.
"""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from broker.core.errors import ConfigError

_OTHERS: Final = 0o077


@dataclass(frozen=True, slots=True)
class AuditVerificationKey:
    """The public half."""

    key: Ed25519PublicKey

    @classmethod
    def load(cls, path: Path) -> Self:
        """The public key in `path` (PEM); raises `ConfigError`."""
        try:
            found = load_pem_public_key(path.read_bytes())
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read; 'ketenbroker init' makes what is missing") from error
        except (ValueError, UnsupportedAlgorithm) as error:
            raise ConfigError(f"{path}: holds no public key in PEM") from error
        if not isinstance(found, Ed25519PublicKey):
            raise ConfigError(f"{path}: not an Ed25519 key")
        return cls(found)

    @property
    def pem(self) -> bytes:
        """The key as a file has it."""
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the key (SubjectPublicKeyInfo, DER), in lower-case hexadecimal."""
        return sha256(self.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()

    def verify(self, signature: bytes, octets: bytes) -> bytes:
        """`octets`, of which `signature` is; raises `cryptography.exceptions.InvalidSignature`."""
        try:
            self.key.verify(signature, octets)
        except ValueError as error:  # a signature of another length
            raise InvalidSignature from error
        return octets


@dataclass(frozen=True, slots=True)
class AuditKey:
    """The private half."""

    key: Ed25519PrivateKey

    @classmethod
    def load(cls, path: Path) -> Self:
        """The private key in `path` (PEM); raises `ConfigError`, also when others can read it."""
        try:
            if path.stat().st_mode & _OTHERS:
                raise ConfigError(f"{path}: readable by others; make it mode 0600")
            found = load_pem_private_key(path.read_bytes(), password=None)
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read; run 'ketenbroker init'") from error
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise ConfigError(f"{path}: holds no private key in PEM without a password") from error
        if not isinstance(found, Ed25519PrivateKey):
            raise ConfigError(f"{path}: not an Ed25519 key")
        return cls(found)

    @property
    def public(self) -> AuditVerificationKey:
        """The other half."""
        return AuditVerificationKey(self.key.public_key())

    def sign(self, octets: bytes) -> bytes:
        """The signature of `octets`, 64 bytes."""
        return self.key.sign(octets)


def ensure(private: Path, public: Path) -> list[Path]:
    """Make the pair if there is none, and the public file anew if that is gone; gives the files that were made."""
    made = []
    private.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "wb") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        made.append(private)
    if not public.exists():
        public.write_bytes(AuditKey.load(private).public.pem)
        made.append(public)
    return made
