"""Rules for what is fetched with an artifact: where it is asked for, and the answer to that.

SAML bindings 3.6; etd Bindings. A service provider may send its request as an artifact; what stands behind that is an
AuthnRequest like any other: see `request`. `ANSWERED` holds for every ArtifactResponse.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from broker.core.findings import Severity
from broker.core.loopback import is_loopback
from broker.core.text import Text
from broker.rules.rule import Rule, Seen
from broker.rules.timing import Tolerance, age_fault
from broker.saml import authn_request, names
from broker.saml.artifact import Artifact
from broker.saml.artifact_resolution import ArtifactResponse


@dataclass(frozen=True, slots=True)
class ArtifactResponseContext:
    """A verified ArtifactResponse: what it answers, and the EntityID of the party that the artifact is of."""

    response: ArtifactResponse
    question_id: str
    sender: str
    moment: datetime
    tolerance: Tolerance


def _unknown_source(asked: Artifact) -> Iterable[Seen]:
    yield Seen("SAMLart", f"SourceID {asked.source_id.hex()} is of no registered service provider")


def _no_service(asked: Artifact) -> Iterable[Seen]:
    yield Seen("SAMLart", f"the metadata has no ArtifactResolutionService (SOAP) with index {asked.endpoint_index}")


def _elsewhere(location: str) -> Iterable[Seen]:
    host = urlsplit(location).hostname or ""
    if not is_loopback(host):
        yield Seen("ArtifactResolutionService/@Location", f"{location[:200]!r} is not on this machine")


def _version(context: ArtifactResponseContext) -> Iterable[Seen]:
    if context.response.version != names.VERSION:
        yield Seen("ArtifactResponse/@Version", context.response.version)


def _issuer(context: ArtifactResponseContext) -> Iterable[Seen]:
    if context.response.issuer != context.sender:
        yield Seen("ArtifactResponse/Issuer", f"{context.response.issuer!r:.200}: the artifact is of another")


def _in_response_to(context: ArtifactResponseContext) -> Iterable[Seen]:
    if context.response.in_response_to != context.question_id:
        yield Seen("ArtifactResponse/@InResponseTo", repr(context.response.in_response_to))


def _age(context: ArtifactResponseContext) -> Iterable[Seen]:
    fault = age_fault(context.response.issue_instant, context.moment, context.tolerance)
    if fault:
        yield Seen("ArtifactResponse/@IssueInstant", fault)


def _status(context: ArtifactResponseContext) -> Iterable[Seen]:
    if not context.response.status.is_success:
        yield Seen("ArtifactResponse/Status", context.response.status.code[:200])


def _message(context: ArtifactResponseContext) -> Iterable[Seen]:
    message = context.response.message
    if message is None:
        yield Seen("ArtifactResponse", "is empty: the artifact was unknown, used or too old")
    elif message.tag != authn_request.TAG:
        yield Seen("ArtifactResponse", f"holds {message.tag!s:.200}")


def _same_sender(context: ArtifactResponseContext) -> Iterable[Seen]:
    message = context.response.message
    issuer = None if message is None else message.findtext(f"{{{names.SAML}}}Issuer")
    if message is not None and message.tag == authn_request.TAG and issuer != context.sender:
        yield Seen("ArtifactResponse/AuthnRequest/Issuer", f"{issuer!r:.200}: the artifact is of another")


UNKNOWN_SOURCE: Final = Rule(
    "EH-ART-01",
    Severity.ERROR,
    "SAML bindings 3.6.4: SourceID",
    Text(
        "Het artifact is niet van een geregistreerde dienstverlener.", "The artifact is of nobody that is registered."
    ),
    _unknown_source,
)
NO_SERVICE: Final = Rule(
    "EH-ART-02",
    Severity.ERROR,
    "SAML bindings 3.6.4: EndpointIndex; etd DV metadata for HM: ArtifactResolutionService",
    Text(
        "De metadata van de dienstverlener zegt niet waar dit artifact wordt ingewisseld.",
        "The metadata of the service provider does not say where this artifact is resolved.",
    ),
    _no_service,
)
ELSEWHERE: Final = Rule(
    "EH-ART-03",
    Severity.ERROR,
    "limit: artifacts are resolved on loopback only",
    Text(
        "Het adres om het artifact in te wisselen is niet op deze machine.",
        "The address to resolve the artifact at is not on this machine.",
    ),
    _elsewhere,
)

ANSWERED: Final[tuple[Rule[ArtifactResponseContext], ...]] = (
    Rule(
        "EH-ART-10",
        Severity.ERROR,
        "SAML core 3.2.2",
        Text("De versie is niet 2.0.", "The version is not 2.0."),
        _version,
    ),
    Rule(
        "EH-ART-11",
        Severity.ERROR,
        "SAML core 3.2.2: Issuer",
        Text("Het antwoord komt van een ander dan het artifact.", "The answer is of another than the artifact."),
        _issuer,
    ),
    Rule(
        "EH-ART-12",
        Severity.ERROR,
        "SAML core 3.2.2: InResponseTo",
        Text("Het antwoord hoort bij een andere vraag.", "The answer belongs to another question."),
        _in_response_to,
    ),
    Rule(
        "EH-ART-13",
        Severity.ERROR,
        "SAML core 3.2.2: IssueInstant",
        Text("Het antwoord is te oud of komt uit de toekomst.", "The answer is too old or comes from the future."),
        _age,
    ),
    Rule(
        "EH-ART-14",
        Severity.ERROR,
        "etd Bindings: ArtifactResponse; SAML core 3.2.2.1",
        Text("De status is niet Success.", "The status is not Success."),
        _status,
    ),
)
RESPONSE: Final[tuple[Rule[ArtifactResponseContext], ...]] = (
    *ANSWERED,
    Rule(
        "EH-ART-15",
        Severity.ERROR,
        "SAML core 3.5.2",
        Text("Achter het artifact staat geen AuthnRequest.", "There is no AuthnRequest behind the artifact."),
        _message,
    ),
    Rule(
        "EH-ART-16",
        Severity.ERROR,
        "etd DV-HM AuthnRequest: Issuer",
        Text("De aanvraag is van een ander dan het artifact.", "The request is of another than the artifact."),
        _same_sender,
    ),
)

RULES: Final[tuple[Rule[Any], ...]] = (UNKNOWN_SOURCE, NO_SERVICE, ELSEWHERE, *RESPONSE)
