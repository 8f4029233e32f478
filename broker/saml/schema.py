"""Validation against the OASIS and W3C schemas, compiled once per process.

The files are those that pysaml2 ships as package data; none of its code is loaded. Their imports name web
addresses, which are answered from the same folder; nothing is fetched. One element that they let a signature hold, and
the type of a register's statement, are declared by none of them, so here. The schema of the service catalogue is our
own.
"""

import importlib.util
import threading
from functools import cache
from pathlib import Path
from typing import Any, Final

from lxml import etree

from broker.saml import names
from broker.saml.faults import DocumentReason, Fault

_FILES: Final = {
    names.SAMLP: "saml-schema-protocol-2.0.xsd",
    names.MD: "saml-schema-metadata-2.0.xsd",
}
_OWN: Final = {names.ESC: "service-catalogue.xsd"}
_EXCLUSIVE_FILE: Final = "exc-c14n.xsd"
# Of any type: `signature` says what may stand in it.
_EXCLUSIVE: Final = (
    f'<xs:schema xmlns:xs="{names.XS}" targetNamespace="{names.C14N_EXCLUSIVE}">'
    '<xs:element name="InclusiveNamespaces"/></xs:schema>'
)
_REGISTERS_FILE: Final = "xacml-saml.xsd"
# The statement of a register, which stands in Advice and is evidence for others: nothing of it is read here.
_REGISTERS: Final = (
    f'<xs:schema xmlns:xs="{names.XS}" xmlns:saml="{names.SAML}" targetNamespace="{names.XACML_SAML}">'
    f'<xs:import namespace="{names.SAML}" schemaLocation="saml-schema-assertion-2.0.xsd"/>'
    '<xs:complexType name="XACMLAuthzDecisionStatementType"><xs:complexContent>'
    '<xs:extension base="saml:StatementAbstractType"><xs:sequence>'
    '<xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/>'
    "</xs:sequence></xs:extension></xs:complexContent></xs:complexType></xs:schema>"
)
_ALL: Final = (
    f'<xs:schema xmlns:xs="{names.XS}"><xs:import namespace="{{namespace}}" schemaLocation="{{file}}"/>'
    f'<xs:import namespace="{names.XACML_SAML}" schemaLocation="{_REGISTERS_FILE}"/>'
    f'<xs:import namespace="{names.C14N_EXCLUSIVE}" schemaLocation="{_EXCLUSIVE_FILE}"/></xs:schema>'
)
_DECLARED_HERE: Final = {_EXCLUSIVE_FILE: _EXCLUSIVE, _REGISTERS_FILE: _REGISTERS}
# A compiled schema keeps one error log, which a validation in another thread would clear.
_VALIDATING: Final = threading.Lock()


class _LocalFiles(etree.Resolver):
    """Answers every schema location with the file of that name in the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    # lxml-stubs does not know the third argument nor the methods that make an answer from it.
    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]  # noqa: ARG002
        """The local file, or an empty document: never the network."""
        file = system_url.rsplit("/", 1)[-1]
        if file in _DECLARED_HERE:
            return self.resolve_string(_DECLARED_HERE[file], context, base_url=system_url)
        path = self._folder / file
        if path.suffix == ".xsd" and path.is_file():
            return self.resolve_filename(str(path), context)  # type: ignore[attr-defined]
        return self.resolve_empty(context)  # type: ignore[attr-defined]


@cache
def _schema(namespace: str) -> etree.XMLSchema:
    if namespace in _OWN:
        folder = Path(__file__).with_name("schemas")
        parser = etree.XMLParser(load_dtd=False, no_network=True)
        parser.resolvers.add(_LocalFiles(folder))
        return etree.XMLSchema(etree.parse(str(folder / _OWN[namespace]), parser))
    found = importlib.util.find_spec("saml2")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("the schema files of the package pysaml2 are missing")
    folder = Path(found.submodule_search_locations[0]) / "data" / "schemas"
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=True)
    parser.resolvers.add(_LocalFiles(folder))
    whole = _ALL.format(namespace=namespace, file=_FILES[namespace])
    return etree.XMLSchema(etree.fromstring(whole, parser, base_url=f"{folder}/"))


def load() -> None:
    """Compile the schemas now, so that the first message does not pay for it."""
    for namespace in _FILES:
        _schema(namespace)


def validate(element: etree._Element) -> None:
    """Check a SAML protocol message or metadata against its schema; raises `Fault` with the first violation."""
    namespace = names.MD if element.tag.startswith(f"{{{names.MD}}}") else names.SAMLP
    violation = first_violation(element, namespace)
    if violation is not None:
        line, reason = violation
        raise Fault(DocumentReason.SCHEMA, f"line {line}: {reason}")


def first_violation(element: etree._Element, namespace: str) -> tuple[int, str] | None:
    """The first violation of the schema for `namespace`, as line and reason; None when there is none."""
    schema = _schema(namespace)
    with _VALIDATING:
        if schema.validate(element):
            return None
        error = schema.error_log[0]  # type: ignore[index]  # lxml-stubs: it is a sequence
        return error.line, error.message
