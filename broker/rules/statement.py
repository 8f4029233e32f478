"""Rules for the answer of an authentication service to the broker (etd HM-AD interface; SAML profiles 4.1.4).

`ENVELOPE` looks at the Response, `CONTENT` at the assertion in it; every one of them is a matter of trust, so none is
answered with more than a page. An answer that says that the user cancelled passes `ENVELOPE` and has no content.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from broker.core.assurance import AssuranceLevel
from broker.core.findings import Severity
from broker.core.identifiers import oin_of_entity
from broker.core.text import Text
from broker.rules.rule import Rule, Seen
from broker.rules.timing import Tolerance, age_fault
from broker.saml import levels, names
from broker.saml.authentication_statement import AuthenticationStatement
from broker.saml.response import Response

MAX_TRANSIENT_LENGTH: Final = 256


@dataclass(frozen=True, slots=True)
class Expected:
    """What the pending login expects of the answer."""

    request_id: str
    authentication_service: str
    broker: str
    consumer_location: str
    minimum_level: AssuranceLevel
    service_uuid: str
    register: str
    moment: datetime
    tolerance: Tolerance


@dataclass(frozen=True, slots=True)
class EnvelopeContext:
    """A verified Response, and what was expected."""

    response: Response
    expected: Expected


@dataclass(frozen=True, slots=True)
class ContentContext:
    """A verified assertion, and what was expected."""

    statement: AuthenticationStatement
    expected: Expected


@dataclass(frozen=True, slots=True)
class Repeat:
    """A message or assertion whose ID its sender already used."""

    where: str
    message_id: str


def _version(context: EnvelopeContext) -> Iterable[Seen]:
    if context.response.version != names.VERSION:
        yield Seen("Response/@Version", context.response.version)


def _destination(context: EnvelopeContext) -> Iterable[Seen]:
    if context.response.destination != context.expected.consumer_location:
        yield Seen("Response/@Destination", repr(context.response.destination))


def _in_response_to(context: EnvelopeContext) -> Iterable[Seen]:
    if context.response.in_response_to != context.expected.request_id:
        yield Seen("Response/@InResponseTo", repr(context.response.in_response_to))


def _issuer(context: EnvelopeContext) -> Iterable[Seen]:
    response = context.response
    if response.issuer != context.expected.authentication_service or not response.issuer_is_plain:
        yield Seen("Response/Issuer", f"{response.issuer!r}: the login was sent to another authentication service")


def _age(context: EnvelopeContext) -> Iterable[Seen]:
    fault = age_fault(context.response.issue_instant, context.expected.moment, context.expected.tolerance)
    if fault:
        yield Seen("Response/@IssueInstant", fault)


def _extensions(context: EnvelopeContext) -> Iterable[Seen]:
    if context.response.has_extensions:
        yield Seen("Response/Extensions", "not allowed")


def _assertion_count(context: EnvelopeContext) -> Iterable[Seen]:
    response = context.response
    wanted = 1 if response.status.is_success else 0
    if len(response.assertions) != wanted or response.encrypted_assertions:
        found = f"{len(response.assertions)} plain and {response.encrypted_assertions} encrypted"
        yield Seen("Response/Assertion", f"{found}, expected {wanted} plain")


def _statement_version(context: ContentContext) -> Iterable[Seen]:
    if context.statement.version != names.VERSION:
        yield Seen("Assertion/@Version", context.statement.version)


def _statement_issuer(context: ContentContext) -> Iterable[Seen]:
    if context.statement.issuer != context.expected.authentication_service:
        yield Seen("Assertion/Issuer", repr(context.statement.issuer))


def _statement_age(context: ContentContext) -> Iterable[Seen]:
    fault = age_fault(context.statement.issue_instant, context.expected.moment, context.expected.tolerance)
    if fault:
        yield Seen("Assertion/@IssueInstant", fault)


def _confirmation(context: ContentContext) -> Iterable[Seen]:
    expected = context.expected
    where = "Assertion/Subject/SubjectConfirmation"
    if len(context.statement.confirmations) != 1:
        yield Seen(where, f"{len(context.statement.confirmations)} confirmations, expected one")
        return
    method, data = context.statement.confirmations[0]
    if method != names.BEARER:
        yield Seen(where, f"method {method}")
    if data is None:
        yield Seen(where, "InResponseTo, Recipient or NotOnOrAfter is missing")
        return
    if data.in_response_to != expected.request_id:
        yield Seen(f"{where}/@InResponseTo", repr(data.in_response_to))
    if data.recipient != expected.consumer_location:
        yield Seen(f"{where}/@Recipient", repr(data.recipient))
    if expected.moment >= data.not_on_or_after + expected.tolerance.skew:
        yield Seen(f"{where}/@NotOnOrAfter", "has passed")


def _conditions(context: ContentContext) -> Iterable[Seen]:
    window, expected = context.statement.window, context.expected
    if window is None:
        yield Seen("Assertion/Conditions", "NotBefore or NotOnOrAfter is missing")
        return
    if expected.moment < window.not_before - expected.tolerance.skew:
        yield Seen("Assertion/Conditions/@NotBefore", "lies in the future")
    if expected.moment >= window.not_on_or_after + expected.tolerance.skew:
        yield Seen("Assertion/Conditions/@NotOnOrAfter", "has passed")


def _audience(context: ContentContext) -> Iterable[Seen]:
    restrictions = context.statement.audience_restrictions
    if not restrictions or any(context.expected.broker not in audiences for audiences in restrictions):
        yield Seen("Assertion/Conditions/AudienceRestriction", f"does not name us: {restrictions}"[:300])


def _unknown_conditions(context: ContentContext) -> Iterable[Seen]:
    for name in context.statement.unknown_conditions:
        yield Seen("Assertion/Conditions", f"{name} is not known")


def _level(context: ContentContext) -> Iterable[Seen]:
    level = levels.read(context.statement.level_urn)
    if level is None or level < context.expected.minimum_level:
        asked = context.expected.minimum_level.label
        yield Seen("Assertion/AuthnContextClassRef", f"{context.statement.level_urn!r}, at least {asked} was asked")


def _authentication_age(context: ContentContext) -> Iterable[Seen]:
    # ForceAuthn is passed on as the service provider asked. Without it too every login is a new authentication here:
    # the authentication service keeps no session.
    fault = age_fault(context.statement.authn_instant, context.expected.moment, context.expected.tolerance)
    if fault:
        yield Seen("Assertion/AuthnStatement/@AuthnInstant", fault)


def _authority(context: ContentContext) -> Iterable[Seen]:
    if context.statement.authenticating_authority != oin_of_entity(context.expected.authentication_service):
        yield Seen("Assertion/AuthenticatingAuthority", repr(context.statement.authenticating_authority))


def _service(context: ContentContext) -> Iterable[Seen]:
    if context.statement.service_uuid != context.expected.service_uuid:
        yield Seen("Assertion/Attribute ServiceUUID", repr(context.statement.service_uuid))


def _representation(context: ContentContext) -> Iterable[Seen]:
    if not context.statement.representation:
        yield Seen("Assertion/Attribute Representation", "false: persons without a register are not supported")


def _register(context: ContentContext) -> Iterable[Seen]:
    if context.statement.register != context.expected.register:
        yield Seen("Assertion/Attribute AuthorizationRegistryID", repr(context.statement.register))


def _transient(context: ContentContext) -> Iterable[Seen]:
    value = context.statement.transient
    if not value or len(value) > MAX_TRANSIENT_LENGTH or not (value.isascii() and value.isprintable()) or " " in value:
        yield Seen("Assertion/Subject/NameID", "empty, too long, or with characters that cannot be seen")


def _repeated(repeat: Repeat) -> Iterable[Seen]:
    yield Seen(f"{repeat.where}/@ID", f"{repeat.message_id} was used before")


def _unknown_login(in_response_to: str | None) -> Iterable[Seen]:
    yield Seen("Response/@InResponseTo", f"{in_response_to!r} is not a pending login")


REPEATED: Final = Rule(
    "EH-STM-08",
    Severity.ERROR,
    "SAML profiles 4.1.4.5",
    Text("Dit antwoord is al eens gebruikt.", "This answer was used before."),
    _repeated,
)
UNSOLICITED: Final = Rule(
    "EH-STM-09",
    Severity.ERROR,
    "SAML profiles 4.1.4.3; etd HM-AD",
    Text("Dit antwoord hoort bij geen lopende inlogpoging.", "This answer belongs to no pending login."),
    _unknown_login,
)

ENVELOPE: Final[tuple[Rule[EnvelopeContext], ...]] = (
    Rule(
        "EH-STM-01",
        Severity.ERROR,
        "SAML core 3.2.2",
        Text("De versie is niet 2.0.", "The version is not 2.0."),
        _version,
    ),
    Rule(
        "EH-STM-02",
        Severity.ERROR,
        "etd HM-AD Response: Destination",
        Text("Het antwoord is voor een ander adres bestemd.", "The answer is meant for another address."),
        _destination,
    ),
    Rule(
        "EH-STM-03",
        Severity.ERROR,
        "SAML profiles 4.1.4.3: InResponseTo",
        Text("Het antwoord hoort bij een andere aanvraag.", "The answer belongs to another request."),
        _in_response_to,
    ),
    Rule(
        "EH-STM-04",
        Severity.ERROR,
        "etd HM-AD Response: Issuer",
        Text(
            "Het antwoord komt van een andere authenticatiedienst dan gevraagd.",
            "The answer is from another authentication service than was asked.",
        ),
        _issuer,
    ),
    Rule(
        "EH-STM-05",
        Severity.ERROR,
        "SAML core 3.2.2: IssueInstant",
        Text("Het antwoord is te oud of komt uit de toekomst.", "The answer is too old or comes from the future."),
        _age,
    ),
    Rule(
        "EH-STM-06",
        Severity.ERROR,
        "etd HM-AD Response: Extensions",
        Text("Extensions zijn niet toegestaan.", "Extensions are not allowed."),
        _extensions,
    ),
    Rule(
        "EH-STM-07",
        Severity.ERROR,
        "etd HM-AD Response: Assertion",
        Text(
            "Bij succes hoort precies één verklaring, anders geen.",
            "Success comes with exactly one assertion, anything else with none.",
        ),
        _assertion_count,
    ),
)

CONTENT: Final[tuple[Rule[ContentContext], ...]] = (
    Rule(
        "EH-STM-20",
        Severity.ERROR,
        "etd HM-AD Assertion: Issuer",
        Text(
            "De verklaring komt van een ander dan het antwoord.", "The assertion is from another party than the answer."
        ),
        _statement_issuer,
    ),
    Rule(
        "EH-STM-21",
        Severity.ERROR,
        "SAML core 2.3.3: IssueInstant",
        Text("De verklaring is te oud of komt uit de toekomst.", "The assertion is too old or comes from the future."),
        _statement_age,
    ),
    Rule(
        "EH-STM-22",
        Severity.ERROR,
        "SAML profiles 4.1.4.2: SubjectConfirmation",
        Text(
            "De bevestiging van het onderwerp past niet bij deze aanvraag.",
            "The subject confirmation does not fit this request.",
        ),
        _confirmation,
    ),
    Rule(
        "EH-STM-23",
        Severity.ERROR,
        "SAML core 2.5.1.2: Conditions",
        Text("De verklaring geldt nu niet.", "The assertion is not valid now."),
        _conditions,
    ),
    Rule(
        "EH-STM-24",
        Severity.ERROR,
        "SAML core 2.5.1.4: AudienceRestriction",
        Text("De verklaring is niet voor deze makelaar bedoeld.", "The assertion is not meant for this broker."),
        _audience,
    ),
    Rule(
        "EH-STM-25",
        Severity.ERROR,
        "SAML core 2.5.1: Conditions",
        Text("De verklaring stelt een onbekende voorwaarde.", "The assertion makes a condition that is not known."),
        _unknown_conditions,
    ),
    Rule(
        "EH-STM-26",
        Severity.ERROR,
        "etd Levels of assurance",
        Text(
            "Het betrouwbaarheidsniveau is lager dan gevraagd of onbekend.",
            "The level of assurance is lower than asked, or unknown.",
        ),
        _level,
    ),
    Rule(
        "EH-STM-27",
        Severity.ERROR,
        "SAML core 2.7.2: AuthnInstant",
        Text(
            "De authenticatie is te oud of komt uit de toekomst.",
            "The authentication is too old or comes from the future.",
        ),
        _authentication_age,
    ),
    Rule(
        "EH-STM-28",
        Severity.ERROR,
        "etd HM-AD Assertion: AuthenticatingAuthority",
        Text("Het OIN is niet dat van de authenticatiedienst.", "The OIN is not that of the authentication service."),
        _authority,
    ),
    Rule(
        "EH-STM-29",
        Severity.ERROR,
        "etd HM-AD Assertion: ServiceUUID",
        Text("De verklaring gaat over een andere dienst.", "The assertion is about another service."),
        _service,
    ),
    Rule(
        "EH-STM-30",
        Severity.ERROR,
        "etd HM-AD Assertion: Representation",
        Text("De persoon handelt niet namens een organisatie.", "The person does not act for an organisation."),
        _representation,
    ),
    Rule(
        "EH-STM-31",
        Severity.ERROR,
        "etd HM-AD Assertion: AuthorizationRegistryID",
        Text("Het machtigingenregister is onbekend.", "The mandate register is not known."),
        _register,
    ),
    Rule(
        "EH-STM-32",
        Severity.ERROR,
        "etd Linking of assertions: transient NameID",
        Text("Het tijdelijke kenmerk is leeg of onleesbaar.", "The transient identifier is empty or unreadable."),
        _transient,
    ),
    Rule(
        "EH-STM-33",
        Severity.ERROR,
        "SAML core 2.3.3: Version",
        Text("De versie van de verklaring is niet 2.0.", "The version of the assertion is not 2.0."),
        _statement_version,
    ),
)

RULES: Final[tuple[Rule[Any], ...]] = (*ENVELOPE, REPEATED, UNSOLICITED, *CONTENT)
