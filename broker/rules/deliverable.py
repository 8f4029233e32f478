"""Rules for what a service asks for, by catalogue and metadata, against what the simulator can deliver."""

from collections.abc import Iterator
from functools import partial
from typing import Final, Protocol

from broker.core.attributes import KNOWN, is_attribute
from broker.core.catalogue import RequestedAttribute, Service
from broker.core.findings import Severity
from broker.core.identifiers import NEEDS_BSNK, IdentifierType
from broker.core.text import Text
from broker.rules.rule import Rule, Seen
from broker.saml.metadata import RequestedService

_LEGAL: Final = frozenset({IdentifierType.KVK_NUMBER, IdentifierType.RSIN})
_ACTING: Final = frozenset({IdentifierType.PSEUDO})
_WHERE: Final = "AttributeConsumingService/RequestedAttribute"


class Asking(Protocol):
    """A service as metadata and catalogue have it, as far as either has it."""

    @property
    def requested_service(self) -> RequestedService | None:
        """That of the metadata."""

    @property
    def service(self) -> Service | None:
        """That of the catalogue."""


def requested_attributes(requested: RequestedService | None, service: Service | None) -> tuple[RequestedAttribute, ...]:
    """The attributes that the service may get: asked for in the metadata and declared in the catalogue.

    One is required when either says so.
    """
    if requested is None or service is None:
        return ()
    declared = {item.name: item.is_required for item in service.requested_attributes}
    return tuple(
        RequestedAttribute(item.name, item.is_required or declared[item.name])
        for item in requested.requested_attributes
        if item.name in declared and is_attribute(item.name)
    )


def _identifiers(asking: Asking, *, of_bsnk: bool) -> Iterator[Seen]:
    for where, kinds in _undeliverable(asking.service) if asking.service else ():
        if bool(kinds & NEEDS_BSNK) == of_bsnk:
            yield Seen(where, f"only {', '.join(sorted(kind.value for kind in kinds))}")


def _undeliverable(service: Service) -> Iterator[tuple[str, frozenset[IdentifierType]]]:
    """Where the catalogue asks for nothing but what cannot be delivered, and all kinds that it names there."""
    if not any(wanted & _LEGAL and wanted <= _LEGAL | _ACTING for wanted in service.identifier_sets):
        yield "EntityConcernedTypesAllowed", frozenset().union(*service.identifier_sets)
    if service.acting_sets and not any(wanted <= _ACTING for wanted in service.acting_sets):
        yield "ActingSubjectTypesAllowed", frozenset().union(*service.acting_sets)


def _attributes(asking: Asking, *, required: bool) -> Iterator[Seen]:
    """Attributes of the metadata that will not be delivered, and why: those that are `required`, or the others."""
    requested, service = asking.requested_service, asking.service
    if requested is None or service is None:
        return
    allowed = {item.name: item for item in requested_attributes(requested, service)}
    for item in requested.requested_attributes:
        why = _why_not(item.name, item.name in allowed)
        needed = is_attribute(item.name) and allowed.get(item.name, item).is_required
        if why and needed == required:
            yield Seen(_WHERE, f"{item.name} {why}")


def _why_not(name: str, is_declared: bool) -> str | None:
    if not is_attribute(name):
        return "is no attribute: the catalogue governs identifiers, and the rest is always given"
    if not is_declared:
        return "is not declared in the service catalogue"
    return None if name in KNOWN else "is not in the register"


NEEDED: Final[tuple[Rule[Asking], ...]] = (
    Rule(
        "EH-REQ-29",
        Severity.ERROR,
        "etd Service catalogue: EntityConcernedTypesAllowed",
        Text(
            "De dienst vraagt een soort identificatie die de simulator niet levert.",
            "The service asks for a kind of identifier that the simulator does not deliver.",
        ),
        partial(_identifiers, of_bsnk=False),
    ),
    Rule(
        "EH-REQ-31",
        Severity.ERROR,
        "etd Service catalogue: EntityConcernedTypesAllowed, ActingSubjectTypesAllowed; etd BSN, PseudoID",
        Text(
            "De dienst vraagt een BSN of PseudoID. Die maakt alleen BSNk, en daarmee is de simulator niet verbonden.",
            "The service asks for a BSN or PseudoID. Only BSNk makes those, and the simulator is not connected to it.",
        ),
        partial(_identifiers, of_bsnk=True),
    ),
    Rule(
        "EH-REQ-32",
        Severity.ERROR,
        "etd Attributes that cannot be delivered or are not allowed",
        Text(
            "De dienst kan niet zonder een gegeven dat de simulator niet levert of de dienstencatalogus niet noemt.",
            "The service cannot do without an attribute that the simulator does not deliver or the service catalogue "
            "does not declare.",
        ),
        partial(_attributes, required=True),
    ),
)
LEFT_OUT: Final[Rule[Asking]] = Rule(
    "EH-REQ-49",
    Severity.WARNING,
    "etd Attributes that cannot be delivered or are not allowed",
    Text("Een gevraagd gegeven wordt niet geleverd.", "A requested attribute is not delivered."),
    partial(_attributes, required=False),
)
