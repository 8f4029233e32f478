"""TLS, of the programs that serve and of the broker when it asks another party.

TLS 1.2 or newer; for TLS 1.2 only suites with forward secrecy and authenticated encryption. TLS 1.3 has no others.
"""

import ssl
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_SUITES: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files of one party: its own pair, and the certificates that those of other parties must be or come from.

    A server without `authorities` asks no client for a certificate; with them it takes none without.
    """

    certificate: Path
    key: Path
    authorities: Path | None = None


@cache
def server_context(files: TlsFiles) -> ssl.SSLContext:
    """The context of a server, read from its files once. Raises OSError (`ssl.SSLError` is one)."""
    context = _context(ssl.PROTOCOL_TLS_SERVER, files)
    if files.authorities:
        context.verify_mode = ssl.CERT_REQUIRED
    return context


@cache
def client_context(files: TlsFiles) -> ssl.SSLContext:
    """The context of a client that shows its certificate; otherwise as `server_context`.

    Besides `authorities` it trusts those of the system.
    """
    context = _context(ssl.PROTOCOL_TLS_CLIENT, files)
    context.load_default_certs()
    return context


def _context(protocol: int, files: TlsFiles) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_SUITES)
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    context.load_cert_chain(files.certificate, files.key)
    if files.authorities:
        context.load_verify_locations(files.authorities)
        # A certificate that the operator names is trusted by itself, whoever issued it.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
