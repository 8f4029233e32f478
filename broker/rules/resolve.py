"""Rules for an ArtifactResolve of a service provider (SAML bindings 3.6.6; etd Bindings).

PEER is about the connection that a proven question came over. Its findings do not refuse the question: it is answered
without a message, and the artifact is spent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from broker.core.findings import Severity
from broker.core.identifiers import oin_of_entity
from broker.core.text import Text
from broker.rules.rule import Rule, Seen
from broker.rules.timing import Tolerance, age_fault
from broker.saml import artifact, names
from broker.saml.artifact import Artifact, ArtifactResolve
from broker.saml.client_certificate import ClientCertificate
from broker.saml.metadata import ServiceProviderMetadata


@dataclass(frozen=True, slots=True)
class ResolveContext:
    """A verified question, the artifact it asks for, and who we are."""

    resolve: ArtifactResolve
    artifact: Artifact
    broker: str
    resolution_location: str
    moment: datetime
    tolerance: Tolerance


@dataclass(frozen=True, slots=True)
class Repeat:
    """A question whose ID its sender already used."""

    message_id: str


@dataclass(frozen=True, slots=True)
class PeerContext:
    """Who signed a question, and the client certificate of the connection that it came over, if there was one."""

    sender: ServiceProviderMetadata
    certificate: ClientCertificate | None


def _version(context: ResolveContext) -> Iterable[Seen]:
    if context.resolve.version != names.VERSION:
        yield Seen("ArtifactResolve/@Version", context.resolve.version)


def _destination(context: ResolveContext) -> Iterable[Seen]:
    if context.resolve.destination not in (None, context.resolution_location):
        yield Seen("ArtifactResolve/@Destination", repr(context.resolve.destination))


def _age(context: ResolveContext) -> Iterable[Seen]:
    fault = age_fault(context.resolve.issue_instant, context.moment, context.tolerance)
    if fault:
        yield Seen("ArtifactResolve/@IssueInstant", fault)


def _source(context: ResolveContext) -> Iterable[Seen]:
    if context.artifact.source_id != artifact.source_id(context.broker):
        yield Seen("ArtifactResolve/Artifact", "the SourceID is not that of this broker")
    if context.artifact.endpoint_index != artifact.ENDPOINT_INDEX:
        yield Seen("ArtifactResolve/Artifact", f"endpoint index {context.artifact.endpoint_index}")


def _repeated(repeat: Repeat) -> Iterable[Seen]:
    yield Seen("ArtifactResolve/@ID", f"{repeat.message_id} was used before")


def _no_certificate(context: PeerContext) -> Iterable[Seen]:
    if context.certificate is None:
        yield Seen("TLS", "no client certificate was presented at this address")


def _certificate_of_another(context: PeerContext) -> Iterable[Seen]:
    certificate, sender = context.certificate, context.sender
    if certificate is None or certificate.der in (key.certificate.der for key in sender.verification_keys):
        return
    oin = oin_of_entity(sender.entity_id)
    if oin is None or certificate.oin != oin:
        whose = f"OIN {certificate.oin}" if certificate.oin else "no OIN"
        yield Seen("TLS", f"client certificate {certificate.fingerprint}, {whose}, is not of {sender.entity_id}")


REPEATED: Final = Rule(
    "EH-RES-05",
    Severity.ERROR,
    "etd DV-HM: ID unique for 12 months",
    Text("Deze vraag is al eens gesteld.", "This question was asked before."),
    _repeated,
)

RESOLVE: Final[tuple[Rule[ResolveContext], ...]] = (
    Rule(
        "EH-RES-01",
        Severity.ERROR,
        "SAML core 3.2.1",
        Text("De versie is niet 2.0.", "The version is not 2.0."),
        _version,
    ),
    Rule(
        "EH-RES-02",
        Severity.ERROR,
        "SAML core 3.2.1: Destination",
        Text("De vraag is voor een ander adres bestemd.", "The question is meant for another address."),
        _destination,
    ),
    Rule(
        "EH-RES-03",
        Severity.ERROR,
        "SAML core 3.2.1: IssueInstant",
        Text("De vraag is te oud of komt uit de toekomst.", "The question is too old or comes from the future."),
        _age,
    ),
    Rule(
        "EH-RES-04",
        Severity.ERROR,
        "SAML bindings 3.6.4: SourceID, EndpointIndex",
        Text("Het artifact is niet van deze makelaar.", "The artifact is not of this broker."),
        _source,
    ),
)

PEER: Final[tuple[Rule[PeerContext], ...]] = (
    Rule(
        "EH-RES-06",
        Severity.ERROR,
        "etd Bindings: back channel",
        Text(
            "De verbinding heeft geen certificaat van de dienstverlener.",
            "The connection has no certificate of the service provider.",
        ),
        _no_certificate,
    ),
    Rule(
        "EH-RES-07",
        Severity.ERROR,
        "SAML bindings 3.6.5.2; etd DV metadata for HM: KeyDescriptor",
        Text(
            "Het certificaat van de verbinding is niet van de dienstverlener die de vraag ondertekende.",
            "The certificate of the connection is not of the service provider that signed the question.",
        ),
        _certificate_of_another,
    ),
)

RULES: Final[tuple[Rule[Any], ...]] = (*RESOLVE, REPEATED, *PEER)
