"""The broker's summary assertion as a service provider reads it (etd DV-HM response; dialect 1.13)."""

from dataclasses import dataclass

from lxml import etree

from broker.saml import attributes, bearer, names, reading
from broker.saml.bearer import BearerAssertion


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedSummary(BearerAssertion):
    """The verified content of the broker's assertion; several values may still be wrong.

    `acting` and `legal` are the EncryptedIDs of the acting person and of the organisation acted for, one for each
    identifier. `intermediaries` are the names of the attributes that tell of a chain.
    """

    acting: tuple[etree._Element, ...]
    legal: tuple[etree._Element, ...]
    intermediaries: tuple[str, ...]


def read(root: etree._Element) -> ReceivedSummary:
    """Read verified content of a `saml:Assertion`; raises `Fault`. Advice is not looked at."""
    found = attributes.by_name(reading.one(root, names.SAML, "AttributeStatement"))
    of_chains = (names.INTERMEDIATE_KVK_NUMBER, names.INTERMEDIATE_RSIN, names.INTERMEDIATE_SUBJECT_ID)
    return ReceivedSummary(
        **bearer.read(root),
        service_uuid=attributes.single(found, names.SERVICE_UUID),
        acting=_encrypted(found, names.ACTING_SUBJECT_ID),
        legal=_encrypted(found, names.LEGAL_SUBJECT_ID),
        intermediaries=tuple(name for name in of_chains if name in found),
    )


def _encrypted(found: dict[str, etree._Element], name: str) -> tuple[etree._Element, ...]:
    values = attributes.values(attributes.required(found, name))
    return tuple(reading.one(value, names.SAML, "EncryptedID") for value in values)
