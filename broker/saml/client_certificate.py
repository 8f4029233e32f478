"""What the certificate says with which a party opened a TLS connection.

The TLS library has proven by then that it is genuine: from a known authority, valid, and in the other side's hands.
"""

import hashlib
from dataclasses import dataclass
from typing import Self

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """DER bytes, and the OIN: the one serialNumber in the subject (PKIoverheid), or None."""

    der: bytes
    oin: str | None

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """Read `der`. What cannot be read, or holds several serialNumbers, belongs to no OIN."""
        try:
            found = x509.load_der_x509_certificate(der).subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
        except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
            found = []
        return cls(der, str(found[0].value) if len(found) == 1 else None)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, lower-case hexadecimal: what KeyName usually is."""
        return hashlib.sha256(self.der).hexdigest()
