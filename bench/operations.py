"""The floor under the cost of a login: its RSA private-key operations, counted in one and then done bare."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import xmlsec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from bench.installation import Installation
from bench.journey import Traveller
from bench.parties import AuthenticationService, ServiceProvider
from bench.traffic import InProcess
from broker import log
from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.saml.keys import DecryptionKey
from broker.saml.pki import key_path
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from broker.simulator.parties import BROKER
from broker.web.app import create_app

_BITS = 2048
_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)
# As long as the canonical form of a SignedInfo, which is what a signature is made over.
_SIGNED_INFO = b"x" * 600
_CONTENT_KEY = b"k" * 32


@dataclass(slots=True)
class PrivateOperations:
    """How often a private key was used."""

    signatures: int = 0
    decryptions: int = 0

    @property
    def total(self) -> int:
        """Both kinds together."""
        return self.signatures + self.decryptions


@dataclass(frozen=True, slots=True)
class _CountingKey:
    """A private key that counts what it decrypts."""

    key: RSAPrivateKey
    counted: PrivateOperations = field(default_factory=PrivateOperations)

    def decrypt(self, ciphertext: bytes, scheme: padding.AsymmetricPadding) -> bytes:
        self.counted.decryptions += 1
        return self.key.decrypt(ciphertext, scheme)


def count(installation: Installation, parties: tuple[ServiceProvider, AuthenticationService]) -> PrivateOperations:
    """Do one login in this process and count the private-key operations of the broker's application in it."""
    counted = PrivateOperations()
    log.configure("console", io.StringIO())
    simulator = _counting(compose(installation.settings, system_clock, RandomIds()), counted)
    app, base = create_app(simulator), installation.settings.broker.url
    try:
        traveller = Traveller(*parties, dial=lambda: InProcess(app, base, lambda: _counting_signatures(counted)))
        traveller.check(traveller.travel(0))
    finally:
        simulator.store.close()
    return counted


def _counting(simulator: Simulator, counted: PrivateOperations) -> Simulator:
    """Both registers with a key that counts; the broker itself has none to decrypt with."""

    def counting(key: DecryptionKey) -> DecryptionKey:
        twin: Any = _CountingKey(key.key, counted)
        return replace(key, key=twin)

    first, second = simulator.intermediary_register, simulator.client_register
    return replace(
        simulator,
        intermediary_register=replace(first, decryption=counting(first.decryption)),
        client_register=replace(second, decryption=counting(second.decryption)),
    )


@contextmanager
def _counting_signatures(counted: PrivateOperations) -> Iterator[None]:
    class Counting(xmlsec.SignatureContext):
        def sign(self, node: Any) -> None:
            counted.signatures += 1
            super().sign(node)

        def sign_binary(self, octets: bytes, transform: Any) -> bytes:
            counted.signatures += 1
            return super().sign_binary(octets, transform)

    with patch.object(xmlsec, "SignatureContext", Counting):
        yield


@dataclass(frozen=True, slots=True)
class Floor:
    """The private-key operations of one login with `cryptography` and nothing around them."""

    operations: PrivateOperations
    key: RSAPrivateKey
    ciphertext: bytes

    @classmethod
    def of(cls, installation: Installation, operations: PrivateOperations) -> "Floor":
        """With the broker's own key. Raises ValueError when that is not RSA-2048."""
        key = _load(key_path(installation.layout.certs, BROKER.certificates.folder, "signing"))
        return cls(operations, key, key.public_key().encrypt(_CONTENT_KEY, _OAEP))

    def measure(self, logins: int) -> float:
        """Seconds of processor time for as many logins."""
        before = time.process_time()
        for _ in range(logins):
            for _ in range(self.operations.signatures):
                self.key.sign(_SIGNED_INFO, padding.PKCS1v15(), hashes.SHA256())
            for _ in range(self.operations.decryptions):
                self.key.decrypt(self.ciphertext, _OAEP)
        return time.process_time() - before


def _load(path: Path) -> RSAPrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, RSAPrivateKey) or key.key_size != _BITS:
        raise ValueError(f"{path}: expected an RSA key of {_BITS} bits")
    return key
