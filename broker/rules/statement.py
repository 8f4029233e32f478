"""Rules for the answer of an authentication service to the broker (etd HM-AD interface; SAML profiles 4.1.4).

`ENVELOPE` looks at the Response, `CONTENT` at the assertion in it; every one of them is a matter of trust, so none is
answered with more than a page. An answer that says that the user cancelled passes `ENVELOPE` and has no content.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from broker.core.findings import Severity
from broker.core.identifiers import oin_of_entity
from broker.core.text import Text
from broker.rules import answer
from broker.rules.answer import AssertionContext, EnvelopeContext
from broker.rules.rule import Rule, Seen
from broker.saml.authentication_statement import AuthenticationStatement

MAX_TRANSIENT_LENGTH: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected(answer.Expected):
    """What the pending login expects of the answer; `register` is the one that knows the person."""

    register: str


@dataclass(frozen=True, slots=True)
class ContentContext(AssertionContext):
    """A verified assertion, and what was expected."""

    statement: AuthenticationStatement
    expected: Expected


def _authority(context: ContentContext) -> Iterable[Seen]:
    if context.statement.authenticating_authority != oin_of_entity(context.expected.sender):
        yield Seen("Assertion/AuthenticatingAuthority", repr(context.statement.authenticating_authority))


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


def _unknown_login(in_response_to: str | None) -> Iterable[Seen]:
    yield Seen("Response/@InResponseTo", f"{in_response_to!r} is not a pending login")


REPEATED: Final = Rule(
    "EH-STM-08",
    Severity.ERROR,
    "SAML profiles 4.1.4.5",
    Text("Dit antwoord is al eens gebruikt.", "This answer was used before."),
    answer.repeated,
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
        answer.version,
    ),
    Rule(
        "EH-STM-02",
        Severity.ERROR,
        "etd HM-AD Response: Destination",
        Text("Het antwoord is voor een ander adres bestemd.", "The answer is meant for another address."),
        answer.destination,
    ),
    Rule(
        "EH-STM-03",
        Severity.ERROR,
        "SAML profiles 4.1.4.3: InResponseTo",
        Text("Het antwoord hoort bij een andere aanvraag.", "The answer belongs to another request."),
        answer.in_response_to,
    ),
    Rule(
        "EH-STM-04",
        Severity.ERROR,
        "etd HM-AD Response: Issuer",
        Text(
            "Het antwoord komt van een andere authenticatiedienst dan gevraagd.",
            "The answer is from another authentication service than was asked.",
        ),
        answer.issuer,
    ),
    Rule(
        "EH-STM-05",
        Severity.ERROR,
        "SAML core 3.2.2: IssueInstant",
        Text("Het antwoord is te oud of komt uit de toekomst.", "The answer is too old or comes from the future."),
        answer.age,
    ),
    Rule(
        "EH-STM-06",
        Severity.ERROR,
        "etd HM-AD Response: Extensions",
        Text("Extensions zijn niet toegestaan.", "Extensions are not allowed."),
        answer.extensions,
    ),
    Rule(
        "EH-STM-07",
        Severity.ERROR,
        "etd HM-AD Response: Assertion",
        Text(
            "Bij succes hoort precies één verklaring, anders geen.",
            "Success comes with exactly one assertion, anything else with none.",
        ),
        answer.assertion_count,
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
        answer.statement_issuer,
    ),
    Rule(
        "EH-STM-21",
        Severity.ERROR,
        "SAML core 2.3.3: IssueInstant",
        Text("De verklaring is te oud of komt uit de toekomst.", "The assertion is too old or comes from the future."),
        answer.statement_age,
    ),
    Rule(
        "EH-STM-22",
        Severity.ERROR,
        "SAML profiles 4.1.4.2: SubjectConfirmation",
        Text(
            "De bevestiging van het onderwerp past niet bij deze aanvraag.",
            "The subject confirmation does not fit this request.",
        ),
        answer.confirmation,
    ),
    Rule(
        "EH-STM-23",
        Severity.ERROR,
        "SAML core 2.5.1.2: Conditions",
        Text("De verklaring geldt nu niet.", "The assertion is not valid now."),
        answer.conditions,
    ),
    Rule(
        "EH-STM-24",
        Severity.ERROR,
        "SAML core 2.5.1.4: AudienceRestriction",
        Text("De verklaring is niet voor deze makelaar bedoeld.", "The assertion is not meant for this broker."),
        answer.audience,
    ),
    Rule(
        "EH-STM-25",
        Severity.ERROR,
        "SAML core 2.5.1: Conditions",
        Text("De verklaring stelt een onbekende voorwaarde.", "The assertion makes a condition that is not known."),
        answer.unknown_conditions,
    ),
    Rule(
        "EH-STM-26",
        Severity.ERROR,
        "etd Levels of assurance",
        Text(
            "Het betrouwbaarheidsniveau is lager dan gevraagd of onbekend.",
            "The level of assurance is lower than asked, or unknown.",
        ),
        answer.level,
    ),
    Rule(
        "EH-STM-27",
        Severity.ERROR,
        "SAML core 2.7.2: AuthnInstant",
        Text(
            "De authenticatie is te oud of komt uit de toekomst.",
            "The authentication is too old or comes from the future.",
        ),
        answer.authentication_age,
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
        answer.service,
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
        answer.statement_version,
    ),
)

RULES: Final[tuple[Rule[Any], ...]] = (*ENVELOPE, REPEATED, UNSOLICITED, *CONTENT)
