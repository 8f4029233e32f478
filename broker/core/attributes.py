"""Attributes of an organisation that a service may ask for besides its identifiers.

Names are those of the scheme's catalogue of attributes of non-natural persons (attributencatalogus). Attributes of the
person are the authentication service's to give, and are not here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from broker.core.catalogue import RequestedAttribute
from broker.core.organisations import Organisation
from broker.core.refusals import DenialReason, Denied

_REPRESENTED: Final = "urn:etoegang:1.11:attribute-represented:"
# Identifiers and facts of the login have ways of their own: a service asks for those in the catalogue, or always
# gets them.
_NOT_ATTRIBUTES: Final = (":EntityConcernedID:", ":ServiceRestriction:", ":attribute-intermediate:", ":core:")


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """An attribute of the organisation acted for."""

    name: str
    value: str


def _vat_number(organisation: Organisation) -> str | None:
    # The scheme derives it from the RSIN; B01 is the first, and for almost all the only, VAT number of an RSIN.
    return None if organisation.rsin is None else f"NL{organisation.rsin}B01"


KNOWN: Final[Mapping[str, Callable[[Organisation], str | None]]] = {
    f"{_REPRESENTED}CompanyName": lambda organisation: organisation.statutory_name,
    f"{_REPRESENTED}KvKnr": lambda organisation: organisation.kvk_number,
    f"{_REPRESENTED}TaxReferenceNumber": lambda organisation: organisation.rsin,
    f"{_REPRESENTED}VATRegistrationNumber": _vat_number,
}
"""What the register can deliver, by name; None where an organisation has no such thing."""


def is_attribute(name: str) -> bool:
    """Whether `name` can be asked for as an attribute at all."""
    return not any(part in name for part in _NOT_ATTRIBUTES)


def choose_attributes(
    organisation: Organisation, requested: Iterable[RequestedAttribute]
) -> tuple[AttributeValue, ...] | Denied:
    """Those of `requested` that the organisation has; ATTRIBUTE_NOT_AVAILABLE when a required one is not among them."""
    found = []
    for attribute in requested:
        read = KNOWN.get(attribute.name)
        value = None if read is None else read(organisation)
        if value is not None:
            found.append(AttributeValue(attribute.name, value))
        elif attribute.is_required:
            return Denied(DenialReason.ATTRIBUTE_NOT_AVAILABLE)
    return tuple(found)
