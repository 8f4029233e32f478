"""TLS of the programs that serve.

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
    """PEM files of a program that serves https. With `client_authorities` it takes no connection without a client
    certificate that is in that file, or comes from an authority in it.
    """

    certificate: Path
    key: Path
    client_authorities: Path | None = None


@cache
def server_context(files: TlsFiles) -> ssl.SSLContext:
    """The context of a server, read from its files once. Raises OSError (`ssl.SSLError` is one)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_SUITES)
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    context.load_cert_chain(files.certificate, files.key)
    if files.client_authorities:
        context.load_verify_locations(files.client_authorities)
        context.verify_mode = ssl.CERT_REQUIRED
        # A certificate that the operator names is trusted by itself, whoever issued it.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
