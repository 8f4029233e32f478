"""Rules for an AuthnRequest of a service provider (etd DV-HM interface, AuthnRequest; SAML core 3.4.1).

`TRUST` come first: when one of them fails there is no proven sender or no safe address, and nothing is sent back.
When one of `SUPPORT` fails, the service provider gets a signed answer with status Requester/RequestUnsupported.
What depends on how strict the broker is stands in `by_the_book`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Service
from broker.core.findings import Severity
from broker.core.identifiers import oin_of_entity
from broker.core.text import Text
from broker.rules import deliverable
from broker.rules.registration import NO_CERTIFICATE, encryption_certificates
from broker.rules.rule import Rule, Seen
from broker.rules.timing import Tolerance, age_fault
from broker.saml import levels, names
from broker.saml.authn_request import AuthnRequest
from broker.saml.keys import Certificate
from broker.saml.metadata import Endpoint, RequestedService, ServiceProviderMetadata

MAX_ID_LENGTH: Final = 128
# An answer by redirect carries RelayState in its address.
MAX_TOLERATED_RELAY_STATE_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class RequestContext:
    """A verified request, and what it refers to as far as it could be found.

    `service_certificates` are those that the catalogue gives for the service.
    `key_hint` is what the KeyInfo of its signature holds, by name; None without KeyInfo. `broker` is our EntityID.
    """

    request: AuthnRequest
    key_hint: str | None
    relay_state: str | None
    sender: ServiceProviderMetadata
    consumer: Endpoint | None
    requested_service: RequestedService | None
    service: Service | None
    service_certificates: tuple[Certificate, ...]
    broker: str
    sso_location: str
    moment: datetime
    tolerance: Tolerance
    authentication_levels: dict[str, AssuranceLevel]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A message whose ID its sender already used."""

    message_id: str


def resolve_consumer(request: AuthnRequest, sender: ServiceProviderMetadata) -> Endpoint | None:
    """The registered AssertionConsumerService that the request means; None when it names none of them.

    By the book the request gives an index; real service providers give the URL, which must equal a registered one.
    """
    if request.consumer_index is not None:
        return sender.assertion_consumer_by_index(request.consumer_index)
    if request.consumer_url is not None:
        return sender.assertion_consumer_by_location(request.consumer_url)
    return sender.default_assertion_consumer()


def resolve_service(request: AuthnRequest, sender: ServiceProviderMetadata) -> RequestedService | None:
    """The service of the metadata that the request means: that of the index, or else the default."""
    if request.service_index is None:
        return sender.default_service()
    return sender.service_by_index(request.service_index)


def requested_level(context: RequestContext) -> AssuranceLevel | None:
    """The level asked for, or that of the catalogue when none is asked for."""
    if context.request.levels:
        return levels.read(context.request.levels[0])
    return context.service.required_level if context.service else None


def _version(context: RequestContext) -> Iterable[Seen]:
    if context.request.version != names.VERSION:
        yield Seen("AuthnRequest/@Version", context.request.version)


def _destination(context: RequestContext) -> Iterable[Seen]:
    if context.request.destination != context.sso_location:
        yield Seen("AuthnRequest/@Destination", f"{context.request.destination!r}, expected {context.sso_location!r}")


def _age(context: RequestContext) -> Iterable[Seen]:
    fault = age_fault(context.request.issue_instant, context.moment, context.tolerance)
    if fault:
        yield Seen("AuthnRequest/@IssueInstant", fault)


def _id_length(context: RequestContext) -> Iterable[Seen]:
    if len(context.request.id) > MAX_ID_LENGTH:
        yield Seen("AuthnRequest/@ID", f"{len(context.request.id)} characters, at most {MAX_ID_LENGTH}")


def _consumer(context: RequestContext) -> Iterable[Seen]:
    request = context.request
    if request.consumer_index is not None and request.consumer_url is not None:
        yield Seen("AuthnRequest", "both AssertionConsumerServiceIndex and AssertionConsumerServiceURL")
    elif context.consumer is None:
        given = request.consumer_url if request.consumer_index is None else request.consumer_index
        yield Seen("AuthnRequest/@AssertionConsumerService*", f"{given!r} is not in the metadata of the sender")
    elif context.consumer.binding != names.BINDING_ARTIFACT:
        yield Seen("AuthnRequest/@AssertionConsumerService*", f"registered for {context.consumer.binding}")
    if request.protocol_binding not in (None, names.BINDING_ARTIFACT):
        yield Seen("AuthnRequest/@ProtocolBinding", str(request.protocol_binding))


def _relay_state_limit(context: RequestContext) -> Iterable[Seen]:
    size = relay_state_size(context)
    if size > MAX_TOLERATED_RELAY_STATE_BYTES:
        yield Seen("RelayState", f"{size} bytes, at most {MAX_TOLERATED_RELAY_STATE_BYTES}")


def relay_state_size(context: RequestContext) -> int:
    """RelayState in bytes."""
    return len((context.relay_state or "").encode())


def _repeated(repeat: Repeat) -> Iterable[Seen]:
    yield Seen("AuthnRequest/@ID", f"{repeat.message_id} was used before")


def _passive(context: RequestContext) -> Iterable[Seen]:
    if context.request.is_passive:
        yield Seen("AuthnRequest/@IsPassive", "true")


def _service_index(context: RequestContext) -> Iterable[Seen]:
    if context.requested_service is None:
        yield Seen(
            "AuthnRequest/@AttributeConsumingServiceIndex",
            f"{context.request.service_index} is not in the metadata of the sender",
        )


def _catalogue(context: RequestContext) -> Iterable[Seen]:
    requested = context.requested_service
    if requested is not None and context.service is None:
        yield Seen("AttributeConsumingService", f"{requested.service_id} is not in the service catalogue")


def _provider(context: RequestContext) -> Iterable[Seen]:
    oin = oin_of_entity(context.sender.entity_id)
    if context.service is not None and oin is not None and oin != context.service.provider_oin:
        yield Seen("AttributeConsumingService", f"{context.service.service_id} belongs to another provider")


def _comparison(context: RequestContext) -> Iterable[Seen]:
    if context.request.comparison not in (None, "minimum"):
        yield Seen("RequestedAuthnContext/@Comparison", str(context.request.comparison))


def _level(context: RequestContext) -> Iterable[Seen]:
    asked = context.request.levels
    if context.request.comparison is not None and (len(asked) != 1 or levels.read(asked[0]) is None):
        yield Seen("RequestedAuthnContext", f"{len(asked)} classes: {', '.join(asked)[:200]}")


def _level_in_catalogue(context: RequestContext) -> Iterable[Seen]:
    level = requested_level(context)
    if context.service is not None and level is not None and level > context.service.required_level:
        yield Seen("RequestedAuthnContext", f"{level.label} asked, {context.service.required_level.label} in catalogue")


def _scoping(context: RequestContext) -> Iterable[Seen]:
    unknown = [item for item in context.request.scoped if item not in context.authentication_levels]
    if len(context.request.scoped) > 1 or unknown:
        yield Seen("Scoping/IDPList", ", ".join(context.request.scoped)[:200])


def _deliverable_level(context: RequestContext) -> Iterable[Seen]:
    level = requested_level(context)
    chosen = context.request.scoped or tuple(context.authentication_levels)
    able = [context.authentication_levels[item] for item in chosen if item in context.authentication_levels]
    if level is not None and able and max(able) < level:
        yield Seen("RequestedAuthnContext", f"no authentication service can deliver {level.label}")


def _no_certificate(context: RequestContext) -> Iterable[Seen]:
    if context.service is not None and not encryption_certificates(context.service_certificates, context.sender):
        yield Seen("KeyDescriptor", f"neither metadata nor catalogue has one for {context.service.service_id}")


REPEATED: Final = Rule(
    "EH-REQ-08",
    Severity.ERROR,
    "etd DV-HM AuthnRequest: ID unique for 12 months",
    Text("Deze aanvraag is al eens gebruikt.", "This request was used before."),
    _repeated,
)

TRUST: Final[tuple[Rule[RequestContext], ...]] = (
    Rule(
        "EH-REQ-01",
        Severity.ERROR,
        "SAML core 3.2.1",
        Text("De versie is niet 2.0.", "The version is not 2.0."),
        _version,
    ),
    Rule(
        "EH-REQ-02",
        Severity.ERROR,
        "etd DV-HM AuthnRequest: Destination",
        Text("De aanvraag is voor een ander adres bestemd.", "The request is meant for another address."),
        _destination,
    ),
    Rule(
        "EH-REQ-03",
        Severity.ERROR,
        "SAML core 3.2.1: IssueInstant",
        Text("De aanvraag is te oud of komt uit de toekomst.", "The request is too old or comes from the future."),
        _age,
    ),
    Rule(
        "EH-REQ-04",
        Severity.ERROR,
        "limit: 128 characters",
        Text("Het ID van de aanvraag is te lang.", "The ID of the request is too long."),
        _id_length,
    ),
    Rule(
        "EH-REQ-06",
        Severity.ERROR,
        "etd DV-HM AuthnRequest: AssertionConsumerServiceIndex; etd Bindings",
        Text(
            "Het antwoordadres is niet geregistreerd voor HTTP-Artifact.",
            "The answer address is not registered for HTTP-Artifact.",
        ),
        _consumer,
    ),
    Rule(
        "EH-REQ-09",
        Severity.ERROR,
        "limit: 1,024 bytes",
        Text("RelayState is te lang om terug te sturen.", "RelayState is too long to send back."),
        _relay_state_limit,
    ),
)

SUPPORT: Final[tuple[Rule[RequestContext], ...]] = (
    Rule(
        "EH-REQ-20",
        Severity.ERROR,
        "etd HM-AD AuthnRequest: IsPassive",
        Text("Inloggen zonder schermen (IsPassive) kan niet.", "Login without screens (IsPassive) is not possible."),
        _passive,
    ),
    Rule(
        "EH-REQ-21",
        Severity.ERROR,
        "etd DV-HM AuthnRequest: AttributeConsumingServiceIndex",
        Text(
            "De gevraagde dienst staat niet in de metadata van de dienstverlener.",
            "The requested service is not in the metadata of the service provider.",
        ),
        _service_index,
    ),
    Rule(
        "EH-REQ-22",
        Severity.ERROR,
        "etd Service catalogue",
        Text(
            "De gevraagde dienst staat niet in de dienstencatalogus.",
            "The requested service is not in the service catalogue.",
        ),
        _catalogue,
    ),
    Rule(
        "EH-REQ-23",
        Severity.ERROR,
        "etd ServiceID",
        Text("De dienst hoort bij een andere dienstverlener.", "The service belongs to another service provider."),
        _provider,
    ),
    Rule(
        "EH-REQ-24",
        Severity.ERROR,
        "etd DV-HM AuthnRequest: RequestedAuthnContext",
        Text("Alleen een minimumniveau kan worden gevraagd.", "Only a minimum level can be asked for."),
        _comparison,
    ),
    Rule(
        "EH-REQ-25",
        Severity.ERROR,
        "etd Levels of assurance",
        Text(
            "Er is niet precies één bekend betrouwbaarheidsniveau gevraagd.",
            "Not exactly one known level of assurance is asked for.",
        ),
        _level,
    ),
    Rule(
        "EH-REQ-26",
        Severity.ERROR,
        "etd Interface specifications: level of assurance",
        Text(
            "Het gevraagde niveau is hoger dan dat van de dienstencatalogus.",
            "The level asked for is higher than that of the service catalogue.",
        ),
        _level_in_catalogue,
    ),
    Rule(
        "EH-REQ-27",
        Severity.ERROR,
        "etd GUC1: preselection",
        Text("De gevraagde authenticatiedienst is onbekend.", "The authentication service asked for is unknown."),
        _scoping,
    ),
    Rule(
        "EH-REQ-28",
        Severity.ERROR,
        "etd Levels of assurance",
        Text(
            "Geen authenticatiedienst kan het gevraagde niveau leveren.",
            "No authentication service can deliver the level asked for.",
        ),
        _deliverable_level,
    ),
    *deliverable.NEEDED,
    Rule("EH-REQ-30", Severity.ERROR, NO_CERTIFICATE.clause, NO_CERTIFICATE.text, _no_certificate),
)

RULES: Final[tuple[Rule[Any], ...]] = (*TRUST, REPEATED, *SUPPORT)
