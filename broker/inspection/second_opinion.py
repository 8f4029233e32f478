"""What other programs say of the same signatures: signxml, and the program xmlsec1. Neither is needed to run the rest.

They are asked whether the signature is right with one certificate: the one that we used, or else the one that the
message brings. Whom to believe is not asked of them. The message goes to the program by its standard input; on disk
comes the certificate alone, which is public.
"""

import importlib
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from broker.inspection.inspected import Opinion
from broker.saml import document, names
from broker.saml.keys import Certificate

SIGNXML, XMLSEC1 = "signxml", "xmlsec1"
MOST: Final = 12
"""Signatures of one message that others are asked about: each costs a process."""
_SECONDS: Final = 10
_SAID: Final = 300
_NOT_INSTALLED: Final = "not installed"
_NO_CERTIFICATE: Final = "not asked: no certificate is known to check it with"
_ID_OWNERS: Final = (
    *((names.SAML, name) for name in ("Assertion",)),
    *((names.SAMLP, name) for name in ("AuthnRequest", "Response", "ArtifactResolve", "ArtifactResponse")),
    *((names.SAMLP, name) for name in ("LogoutRequest", "LogoutResponse")),
    *((names.MD, name) for name in ("EntityDescriptor", "EntitiesDescriptor")),
)
Ask = Callable[[etree._Element, Certificate, datetime], Opinion]


def opinions(signature: etree._Element, certificate: Certificate | None, moment: datetime) -> tuple[Opinion, ...]:
    """What each of them says of `signature` in its document; never raises."""
    if certificate is None:
        return tuple(Opinion(name, None, _NO_CERTIFICATE) for name in (SIGNXML, XMLSEC1))
    return signxml(signature, certificate, moment), xmlsec1(signature, certificate, moment)


def signxml(signature: etree._Element, certificate: Certificate, moment: datetime) -> Opinion:
    """The opinion of signxml on the element that holds the signature, by itself."""
    try:
        library: Any = importlib.import_module(SIGNXML)
        raised: Any = importlib.import_module(f"{SIGNXML}.exceptions")
    except ImportError:
        return Opinion(SIGNXML, None, _NOT_INSTALLED)
    parent = signature.getparent()
    if parent is None:
        return Opinion(SIGNXML, False, "the signature is in no message")
    wanted = library.SignatureConfiguration(location="./", verification_time=moment)
    try:
        library.XMLVerifier().verify(
            document.write(parent),
            x509_cert=x509.load_der_x509_certificate(certificate.der),
            id_attribute="ID",
            expect_config=wanted,
        )
    # TypeError and AttributeError are what it raises on parts that are missing.
    except (raised.SignXMLException, etree.LxmlError, InvalidSignature, ValueError, TypeError, AttributeError) as error:
        return Opinion(SIGNXML, False, f"{type(error).__name__}: {error}"[:_SAID])
    return Opinion(SIGNXML, True, "the signature is right")


def xmlsec1(signature: etree._Element, certificate: Certificate, _moment: datetime) -> Opinion:
    """The opinion of the program on the signature where it stands in the message. It does not look at validity."""
    program = shutil.which(XMLSEC1)
    if program is None:
        return Opinion(XMLSEC1, None, _NOT_INSTALLED)
    with TemporaryDirectory(prefix="ketenbroker-") as folder:
        file = Path(folder) / "certificate.pem"
        file.write_bytes(x509.load_der_x509_certificate(certificate.der).public_bytes(Encoding.PEM))
        command = [program, "--verify", "--enabled-key-data", "key-name", *_key(signature, file), *_where(signature)]
        for namespace, name in _ID_OWNERS:
            command += ["--id-attr:ID", f"{namespace}:{name}"]
        return _run([*command, "-"], document.write(signature.getroottree().getroot()))


def _run(command: list[str], message: bytes) -> Opinion:
    try:
        done = subprocess.run(command, input=message, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        return Opinion(XMLSEC1, None, f"not asked: {type(error).__name__}")
    if done.returncode == 0:
        return Opinion(XMLSEC1, True, "the signature is right")
    said = " ".join(done.stderr.decode("utf-8", "replace").split())
    return Opinion(XMLSEC1, False, said[:_SAID])


def _key(signature: etree._Element, file: Path) -> list[str]:
    """The certificate, under the name that the signature gives its key, if it gives one."""
    name = signature.findtext(f"{{{names.DS}}}KeyInfo/{{{names.DS}}}KeyName") or ""
    option = f"--pubkey-cert-pem:{name}" if name.isalnum() else "--pubkey-cert-pem"
    return [option, str(file)]


def _where(signature: etree._Element) -> list[str]:
    """Where the signature is, as a path of numbers: the program knows no prefixes."""
    steps, element = [], signature
    while (parent := element.getparent()) is not None:
        steps.append(f"*[{parent.index(element) + 1}]")
        element = parent
    return ["--node-xpath", "/".join(("/*", *reversed(steps)))]
