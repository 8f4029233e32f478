"""Rules for the broker's answer to a login, as its own Beheermodule judges it: what every service provider should.

etd DV-HM response; SAML profiles 4.1.4. The Beheermodule is a service provider in the same process, but believes
nothing of the broker that it did not verify. `ENVELOPE` looks at the Response, `CONTENT` at the assertion in it,
`SUBJECTS` at the identifiers that were encrypted for it. An answer without success passes `ENVELOPE` and that is all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from broker.core.findings import Severity
from broker.core.identifiers import IdentifierType
from broker.core.text import Text
from broker.rules import answer
from broker.rules.answer import AssertionContext, EnvelopeContext
from broker.rules.rule import Rule, Seen
from broker.saml import artifact, response
from broker.saml.artifact import Artifact
from broker.saml.received_summary import ReceivedSummary


@dataclass(frozen=True, slots=True)
class ArtifactContext:
    """An artifact that a browser brought, and the EntityID of the broker that the login was asked of."""

    artifact: Artifact
    broker: str


@dataclass(frozen=True, slots=True)
class SummaryContext(AssertionContext):
    """A verified summary assertion, and what was expected."""

    statement: ReceivedSummary
    expected: answer.Expected


@dataclass(frozen=True, slots=True)
class Subjects:
    """What was decrypted: kind (NameQualifier) and value of each identifier of the person and of the organisation."""

    acting: tuple[tuple[str, str], ...]
    legal: tuple[tuple[str, str], ...]


def _source(context: ArtifactContext) -> Iterable[Seen]:
    if context.artifact.source_id != artifact.source_id(context.broker):
        yield Seen("SAMLart", f"SourceID {context.artifact.source_id.hex()} is not that of {context.broker}")


def _no_service(asked: Artifact) -> Iterable[Seen]:
    yield Seen("SAMLart", f"the broker's metadata has no ArtifactResolutionService with index {asked.endpoint_index}")


def _unasked(relay_state: str | None) -> Iterable[Seen]:
    yield Seen("RelayState", f"{relay_state!r:.100} is no login that this browser began")


def _nothing(message: etree._Element | None) -> Iterable[Seen]:
    if message is None:
        yield Seen("ArtifactResponse", "is empty: the artifact was unknown, used or too old")
    elif message.tag != response.TAG:
        yield Seen("ArtifactResponse", f"holds {message.tag!s:.200}")


def _chain(context: SummaryContext) -> Iterable[Seen]:
    for name in context.statement.intermediaries:
        yield Seen(f"Assertion/Attribute {name}", "nobody acts here for a client")


def _acting(subjects: Subjects) -> Iterable[Seen]:
    kinds = [kind for kind, _ in subjects.acting]
    if kinds != [IdentifierType.PSEUDO.value]:
        yield Seen("Assertion/Attribute ActingSubjectID", f"{kinds!r:.200}, expected one specific pseudonym")


def _legal(subjects: Subjects) -> Iterable[Seen]:
    kinds = [kind for kind, _ in subjects.legal]
    if kinds.count(IdentifierType.KVK_NUMBER.value) != 1:
        yield Seen("Assertion/Attribute LegalSubjectID", f"{kinds!r:.200}, expected one KvK number")


UNASKED: Final = Rule(
    "EH-SUM-01",
    Severity.ERROR,
    "SAML profiles 4.1.5: unsolicited responses",
    Text(
        "Dit antwoord hoort bij geen inlogpoging van deze browser.", "This answer belongs to no login of this browser."
    ),
    _unasked,
)
SOURCE: Final = Rule(
    "EH-SUM-02",
    Severity.ERROR,
    "SAML bindings 3.6.4: SourceID",
    Text("Het artifact is niet van de gevraagde makelaar.", "The artifact is not of the broker that was asked."),
    _source,
)
NO_SERVICE: Final = Rule(
    "EH-SUM-03",
    Severity.ERROR,
    "SAML bindings 3.6.4: EndpointIndex; etd HM metadata for DV",
    Text(
        "De metadata van de makelaar zegt niet waar dit artifact wordt ingewisseld.",
        "The metadata of the broker does not say where this artifact is resolved.",
    ),
    _no_service,
)
MESSAGE: Final = Rule(
    "EH-SUM-04",
    Severity.ERROR,
    "SAML core 3.5.2; etd DV-HM ArtifactResponse",
    Text("Achter het artifact staat geen antwoord.", "There is no answer behind the artifact."),
    _nothing,
)
REPEATED: Final = Rule(
    "EH-SUM-05",
    Severity.ERROR,
    "SAML profiles 4.1.4.5",
    Text("Dit antwoord van de makelaar is al eens gebruikt.", "This answer of the broker was used before."),
    answer.repeated,
)

ENVELOPE: Final[tuple[Rule[EnvelopeContext], ...]] = (
    Rule(
        "EH-SUM-10",
        Severity.ERROR,
        "SAML core 3.2.2",
        Text("De versie van het antwoord is niet 2.0.", "The version of the answer is not 2.0."),
        answer.version,
    ),
    Rule(
        "EH-SUM-11",
        Severity.ERROR,
        "etd DV-HM response: Destination",
        Text(
            "Het antwoord is voor een andere dienstverlener bestemd.",
            "The answer is meant for another service provider.",
        ),
        answer.destination,
    ),
    Rule(
        "EH-SUM-12",
        Severity.ERROR,
        "SAML profiles 4.1.4.3: InResponseTo",
        Text("Het antwoord hoort bij een andere inlogpoging.", "The answer belongs to another login."),
        answer.in_response_to,
    ),
    Rule(
        "EH-SUM-13",
        Severity.ERROR,
        "etd DV-HM response: Issuer",
        Text("Het antwoord komt niet van de gevraagde makelaar.", "The answer is not of the broker that was asked."),
        answer.issuer,
    ),
    Rule(
        "EH-SUM-14",
        Severity.ERROR,
        "SAML core 3.2.2: IssueInstant",
        Text(
            "Het antwoord van de makelaar is te oud of komt uit de toekomst.",
            "The answer of the broker is too old or comes from the future.",
        ),
        answer.age,
    ),
    Rule(
        "EH-SUM-15",
        Severity.ERROR,
        "etd DV-HM response: Extensions",
        Text("Het antwoord heeft Extensions.", "The answer has Extensions."),
        answer.extensions,
    ),
    Rule(
        "EH-SUM-16",
        Severity.ERROR,
        "etd DV-HM response: Assertion",
        Text(
            "Bij een gelukte inlogpoging hoort precies één verklaring, anders geen.",
            "A login that succeeded comes with exactly one assertion, any other with none.",
        ),
        answer.assertion_count,
    ),
)

CONTENT: Final[tuple[Rule[SummaryContext], ...]] = (
    Rule(
        "EH-SUM-20",
        Severity.ERROR,
        "etd DV-HM response: Assertion/Issuer",
        Text("De verklaring is niet van de gevraagde makelaar.", "The assertion is not of the broker that was asked."),
        answer.statement_issuer,
    ),
    Rule(
        "EH-SUM-21",
        Severity.ERROR,
        "SAML core 2.3.3: IssueInstant",
        Text(
            "De verklaring van de makelaar is te oud of komt uit de toekomst.",
            "The assertion of the broker is too old or comes from the future.",
        ),
        answer.statement_age,
    ),
    Rule(
        "EH-SUM-22",
        Severity.ERROR,
        "SAML profiles 4.1.4.2: SubjectConfirmation",
        Text(
            "De bevestiging van het onderwerp past niet bij deze inlogpoging.",
            "The subject confirmation does not fit this login.",
        ),
        answer.confirmation,
    ),
    Rule(
        "EH-SUM-23",
        Severity.ERROR,
        "SAML core 2.5.1.2: Conditions",
        Text("De verklaring van de makelaar geldt nu niet.", "The assertion of the broker is not valid now."),
        answer.conditions,
    ),
    Rule(
        "EH-SUM-24",
        Severity.ERROR,
        "SAML core 2.5.1.4: AudienceRestriction",
        Text(
            "De verklaring is voor een andere dienstverlener bedoeld.",
            "The assertion is meant for another service provider.",
        ),
        answer.audience,
    ),
    Rule(
        "EH-SUM-25",
        Severity.ERROR,
        "SAML core 2.5.1: Conditions",
        Text(
            "De verklaring van de makelaar stelt een onbekende voorwaarde.",
            "The assertion of the broker makes a condition that is not known.",
        ),
        answer.unknown_conditions,
    ),
    Rule(
        "EH-SUM-26",
        Severity.ERROR,
        "etd Levels of assurance",
        Text(
            "Het betrouwbaarheidsniveau is lager dan de dienst vraagt of onbekend.",
            "The level of assurance is lower than the service asks, or unknown.",
        ),
        answer.level,
    ),
    Rule(
        "EH-SUM-27",
        Severity.ERROR,
        "SAML core 2.7.2: AuthnInstant",
        Text(
            "Het inloggen is te lang geleden of in de toekomst.",
            "The authentication is too long ago, or in the future.",
        ),
        answer.authentication_age,
    ),
    Rule(
        "EH-SUM-28",
        Severity.ERROR,
        "etd DV-HM response: ServiceUUID",
        Text("De verklaring is voor een andere dienst gegeven.", "The assertion was given for another service."),
        answer.service,
    ),
    Rule(
        "EH-SUM-29",
        Severity.ERROR,
        "SAML core 2.3.3: Version",
        Text(
            "De versie van de verklaring van de makelaar is niet 2.0.",
            "The version of the broker's assertion is not 2.0.",
        ),
        answer.statement_version,
    ),
    Rule(
        "EH-SUM-30",
        Severity.ERROR,
        "limit: nobody manages a register for somebody else",
        Text("De verklaring noemt een intermediair.", "The assertion names an intermediary."),
        _chain,
    ),
)

SUBJECTS: Final[tuple[Rule[Subjects], ...]] = (
    Rule(
        "EH-SUM-40",
        Severity.ERROR,
        "etd DV-HM response: ActingSubjectID",
        Text("De handelende persoon heeft niet één pseudoniem.", "The acting person has not got one pseudonym."),
        _acting,
    ),
    Rule(
        "EH-SUM-41",
        Severity.ERROR,
        "etd DV-HM response: LegalSubjectID",
        Text("De organisatie heeft niet één KvK-nummer.", "The organisation has not got one KvK number."),
        _legal,
    ),
)

RULES: Final[tuple[Rule[Any], ...]] = (
    UNASKED,
    SOURCE,
    NO_SERVICE,
    MESSAGE,
    REPEATED,
    *ENVELOPE,
    *CONTENT,
    *SUBJECTS,
)
