"""Rules for the AuthnRequest of a broker to an authentication service (etd HM-AD AuthnRequest).

The broker makes these; the rules are for whoever has to judge one, as an authentication service should.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from broker.core.findings import Severity
from broker.core.identifiers import InvalidIdentifier, ServiceUuid
from broker.core.text import Text
from broker.rules.rule import Rule, Seen
from broker.saml import levels, names
from broker.saml.authn_request import AuthnRequest


@dataclass(frozen=True, slots=True)
class QuestionContext:
    """A verified request of a broker, and where its authentication service takes them."""

    request: AuthnRequest
    sso_location: str


Look = Callable[[QuestionContext], Iterable[Seen]]
_FIRST_WARNING: Final = 11


def _version(context: QuestionContext) -> Iterable[Seen]:
    if context.request.version != names.VERSION:
        yield Seen("AuthnRequest/@Version", repr(context.request.version))


def _destination(context: QuestionContext) -> Iterable[Seen]:
    if context.request.destination != context.sso_location:
        yield Seen("AuthnRequest/@Destination", f"{context.request.destination!r}, expected {context.sso_location!r}")


def _issuer(context: QuestionContext) -> Iterable[Seen]:
    if not context.request.issuer_is_plain:
        yield Seen("AuthnRequest/Issuer", "has attributes")


def _consent(context: QuestionContext) -> Iterable[Seen]:
    if context.request.consent is not None:
        yield Seen("AuthnRequest/@Consent", f"{context.request.consent!r:.200}")


def _passive(context: QuestionContext) -> Iterable[Seen]:
    if context.request.is_passive:
        yield Seen("AuthnRequest/@IsPassive", "true")


def _by_address(context: QuestionContext) -> Iterable[Seen]:
    if context.request.consumer_url is not None or context.request.protocol_binding is not None:
        yield Seen("AuthnRequest/@AssertionConsumerServiceURL", "an address or binding is given; the index says it")


def _no_index(context: QuestionContext) -> Iterable[Seen]:
    if context.request.consumer_index is None:
        yield Seen("AuthnRequest/@AssertionConsumerServiceIndex", "is missing")


def _audience(context: QuestionContext) -> Iterable[Seen]:
    if not context.request.intended_audience:
        yield Seen("AuthnRequest/Extensions/Attribute IntendedAudience", "is missing")


def _service(context: QuestionContext) -> Iterable[Seen]:
    try:
        ServiceUuid(context.request.service_uuid or "")
    except InvalidIdentifier as error:
        yield Seen("AuthnRequest/Extensions/Attribute ServiceUUID", str(error))


def _level(context: QuestionContext) -> Iterable[Seen]:
    asked = context.request.levels
    if context.request.comparison != "minimum" or len(asked) != 1 or levels.read(asked[0]) is None:
        found = f"{context.request.comparison}: {', '.join(asked) or 'nothing'}"
        yield Seen("AuthnRequest/RequestedAuthnContext", f"{found:.200}, expected one known level as minimum")


def _unused(context: QuestionContext) -> Iterable[Seen]:
    for name in (*context.request.extra, *(("Scoping",) if context.request.scoped else ())):
        yield Seen(f"AuthnRequest/{name}", "is not used by the scheme")


def _rule(number: int, what: str, nl: str, en: str, look: Look) -> Rule[QuestionContext]:
    # Numbers from 11 on are what an authentication service can do without.
    severity = Severity.ERROR if number < _FIRST_WARNING else Severity.WARNING
    return Rule(f"EH-ASK-{number:02}", severity, f"etd HM-AD AuthnRequest: {what}", Text(nl, en), look)


RULES: Final[tuple[Rule[QuestionContext], ...]] = (
    _rule(1, "Version", "De versie is niet 2.0.", "The version is not 2.0.", _version),
    _rule(
        2,
        "Destination",
        "De vraag is voor een ander adres bestemd.",
        "The question is meant for another address.",
        _destination,
    ),
    _rule(
        3,
        "IsPassive",
        "Inloggen zonder schermen (IsPassive) wordt gevraagd.",
        "Login without screens (IsPassive) is asked for.",
        _passive,
    ),
    _rule(
        4,
        "AssertionConsumerServiceIndex",
        "De index van het antwoordadres ontbreekt.",
        "The index of the address for the answer is missing.",
        _no_index,
    ),
    _rule(
        5,
        "Extensions: IntendedAudience",
        "Voor welke dienstverlener het is, staat er niet bij.",
        "It is not said for which service provider it is.",
        _audience,
    ),
    _rule(
        6,
        "Extensions: ServiceUUID",
        "Voor welke dienst het is, staat er niet bij.",
        "It is not said for which service it is.",
        _service,
    ),
    _rule(
        7,
        "RequestedAuthnContext",
        "Er is niet één bekend minimumniveau gevraagd.",
        "Not one known minimum level is asked for.",
        _level,
    ),
    _rule(
        11,
        "Issuer",
        "Issuer van de makelaar heeft attributen.",
        "Issuer of the broker has attributes.",
        _issuer,
    ),
    _rule(12, "Consent", "Consent is niet toegestaan.", "Consent is not allowed.", _consent),
    _rule(
        13,
        "AssertionConsumerServiceURL, ProtocolBinding",
        "Het antwoordadres of de binding is zelf gegeven.",
        "The address for the answer or its binding is given itself.",
        _by_address,
    ),
    _rule(
        14,
        "Scoping, Subject, NameIDPolicy, Conditions",
        "De vraag bevat onderdelen die het stelsel niet gebruikt.",
        "The question holds parts that the scheme does not use.",
        _unused,
    ),
)
