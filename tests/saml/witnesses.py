"""Verifiers that share nothing with ours but the standards: signxml, and the xmlsec1 program where it is installed."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from lxml import etree
from signxml import DigestAlgorithm, SignatureConfiguration, SignatureMethod, XMLVerifier

from broker.saml import document

from .donors import XMLSEC1
from .keyring import Keys

_ONLY = SignatureConfiguration(
    signature_methods=frozenset({SignatureMethod.RSA_SHA256}),
    digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
    location="./",
)


def signxml_verifies(element: etree._Element, keys: Keys, _folder: Path) -> None:
    """Raises unless signxml accepts the signature of `element` and says that it covers all of it."""
    alone = document.write(element)
    result = XMLVerifier().verify(
        alone, x509_cert=keys.certificate_pem.decode(), id_attribute="ID", expect_config=_ONLY
    )
    assert result.signed_xml.get("ID") == element.get("ID")


def xmlsec1_verifies(element: etree._Element, keys: Keys, folder: Path) -> None:
    """Raises unless the program accepts the signature of `element`."""
    name = etree.QName(element)
    message = folder / "message.xml"
    message.write_bytes(document.write(element))
    subprocess.run(
        [
            XMLSEC1,
            "--verify",
            "--pubkey-cert-pem",
            keys.certificate_file,
            "--id-attr:ID",
            f"{name.namespace}:{name.localname}",
            message,
        ],
        capture_output=True,
        check=True,
    )


Witness = Callable[[etree._Element, Keys, Path], None]
WITNESSES: tuple[Witness, ...] = (signxml_verifies, xmlsec1_verifies) if XMLSEC1 else (signxml_verifies,)
