"""The schemas that the library ships: an authority on form that this project has no hand in."""

from pathlib import Path

import digid_eherkenning.settings
import onelogin.saml2
from lxml import etree

OASIS = Path(onelogin.saml2.__file__).parent / "schemas"
METADATA = OASIS / "saml-schema-metadata-2.0.xsd"
PROTOCOL = OASIS / "saml-schema-protocol-2.0.xsd"
CATALOGUE = Path(digid_eherkenning.settings.EHERKENNING_DS_XSD)


def assert_valid(document: etree._Element, schema: Path) -> None:
    """Raises lxml's DocumentInvalid with what is wrong."""
    etree.XMLSchema(etree.parse(schema)).assertValid(document)
