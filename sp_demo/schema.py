"""Validation against the OASIS schemas, which pysaml2 carries as package data.

pysaml2 validates too, with a validator of its own, but that one does not know the XACML statement type of the
scheme's registers of mandates, nor the parameter of exclusive canonicalization that brokers in the field use, and so
refuses genuine answers. Here both are added.
"""

from functools import cache
from importlib.resources import as_file, files

from lxml import etree
from lxml.etree import _Element as Element

from sp_demo.names import DSIG, EXCLUSIVE_C14N, METADATA, SAML, SAMLP, XACML_SAML, XENC
from sp_demo.refusal import Reason, Refused

_XML = "http://www.w3.org/XML/1998/namespace"
_XSD = "http://www.w3.org/2001/XMLSchema"
_FILES = {
    _XML: ("saml2.data.schemas", "xml.xsd"),
    DSIG: ("saml2.data.schemas", "xmldsig-core-schema.xsd"),
    XENC: ("saml2.data.schemas", "xenc-schema.xsd"),
    SAML: ("saml2.data.schemas", "saml-schema-assertion-2.0.xsd"),
    SAMLP: ("saml2.data.schemas", "saml-schema-protocol-2.0.xsd"),
    METADATA: ("saml2.data.schemas", "saml-schema-metadata-2.0.xsd"),
    EXCLUSIVE_C14N: ("sp_demo", "schemas/exclusive-c14n.xsd"),
    XACML_SAML: ("sp_demo", "schemas/xacml-statement.xsd"),
}


def validate(message: Element) -> None:
    """Raises `Refused` (MALFORMED) with what the schemas do not allow."""
    try:
        _compiled().assertValid(message)
    except etree.DocumentInvalid as error:
        raise Refused(Reason.MALFORMED, f"schema: {error}") from error


@cache
def _compiled() -> etree.XMLSchema:
    # The order matters: a namespace that was imported before is not fetched again, so that the web addresses which
    # the OASIS files name for XML Signature and XML Encryption are never opened.
    root = etree.Element(f"{{{_XSD}}}schema")
    for namespace, (package, name) in _FILES.items():
        with as_file(files(package).joinpath(name)) as path:
            etree.SubElement(root, f"{{{_XSD}}}import", namespace=namespace, schemaLocation=path.as_uri())
    return etree.XMLSchema(root)
