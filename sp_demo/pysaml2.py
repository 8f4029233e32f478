"""Imports pysaml2 without the validator that it would make meanwhile, at the cost of half a second for every start.

That validator has no use here: it does not know the scheme's statements, so `sp_demo.schema` validates in its place.
Whoever would ask it all the same gets an error, never an approval.
"""

from typing import Any, Never

import xmlschema


class _NoValidator:
    def __init__(self, *_: Any, **__: Any) -> None:
        """As pysaml2 calls it."""

    def validate(self, _document: object) -> Never:
        raise xmlschema.XMLSchemaException("pysaml2's own validator is not there; see sp_demo.schema")


_genuine = xmlschema.XMLSchema
xmlschema.XMLSchema = _NoValidator  # type: ignore[assignment]
try:
    import saml2.xml.schema  # noqa: F401
finally:
    xmlschema.XMLSchema = _genuine
