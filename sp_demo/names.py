"""Fixed names of SAML, XML Signature, XML Encryption and the scheme that messages are made of."""

from typing import Final

SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
METADATA: Final = "urn:oasis:names:tc:SAML:2.0:metadata"
METADATA_EXTENSION: Final = "urn:etoegang:1.13:metadata-extension"
DSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
XENC: Final = "http://www.w3.org/2001/04/xmlenc#"
SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
XACML_SAML: Final = "urn:oasis:xacml:2.0:saml:assertion:schema:os"

ENVELOPED: Final = DSIG + "enveloped-signature"
EXCLUSIVE_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256: Final = XENC + "sha256"

HTTP_ARTIFACT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"
BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
PERSISTENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
STATUS: Final = "urn:oasis:names:tc:SAML:2.0:status:"

SERVICE_ID: Final = "urn:etoegang:core:ServiceID"
SERVICE_UUID: Final = "urn:etoegang:core:ServiceUUID"
ACTING_SUBJECT: Final = "urn:etoegang:core:ActingSubjectID"
LEGAL_SUBJECT: Final = "urn:etoegang:core:LegalSubjectID"
INTERMEDIARY_KVK_NUMBER: Final = "urn:etoegang:1.9:IntermediateEntityID:KvKnr"
INTERMEDIARY_NAME: Final = "urn:etoegang:1.13:attribute-intermediate:CompanyName"
BRANCH_RESTRICTION: Final = "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr"

LEVELS: Final = {
    "urn:etoegang:core:assurance-class:loa2": "EH2",
    "urn:etoegang:core:assurance-class:loa2plus": "EH2+",
    "urn:etoegang:core:assurance-class:loa3": "EH3",
    "urn:etoegang:core:assurance-class:loa4": "EH4",
}
"""Assurance class to the level that people speak of, from low to high."""


def saml(name: str) -> str:
    """The qualified name of an element of SAML assertions."""
    return f"{{{SAML}}}{name}"


def samlp(name: str) -> str:
    """The qualified name of an element of SAML protocol messages."""
    return f"{{{SAMLP}}}{name}"


def dsig(name: str) -> str:
    """The qualified name of an element of XML Signature."""
    return f"{{{DSIG}}}{name}"


def xenc(name: str) -> str:
    """The qualified name of an element of XML Encryption."""
    return f"{{{XENC}}}{name}"
