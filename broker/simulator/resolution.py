"""The back channel: a service provider resolves an artifact over SOAP."""

from dataclasses import dataclass

from lxml import etree

from broker.core.errors import UntrustedMessage
from broker.core.findings import Finding
from broker.core.interface import CURRENT, InterfaceVersion
from broker.rules import resolve as rules
from broker.rules.resolve import PeerContext, ResolveContext
from broker.rules.rule import check, errors
from broker.saml import artifact, assertion, document, schema, signature
from broker.saml.client_certificate import ClientCertificate
from broker.simulator.answers import handle_digest
from broker.simulator.context import Simulator
from broker.simulator.requests import REMEMBER_IDS
from broker.simulator.trust import claimed_issuer, require, unknown_sender, untrusted
from broker.store import artifacts, replay
from broker.store.database import Transaction
from broker.store.errors import AlreadyClaimed


@dataclass(frozen=True, slots=True)
class Resolved:
    """The SOAP envelope to answer with, who asked, whether a message was in it, and if not for the connection, why."""

    envelope: bytes
    service_provider: str
    found: bool
    findings: tuple[Finding, ...] = ()


def resolve(
    sim: Simulator, body: bytes, certificate: ClientCertificate | None, version: InterfaceVersion = CURRENT
) -> Resolved:
    """Answer an ArtifactResolve that came to the address of this version, over a connection with this certificate.

    The status is always Success; an artifact that is unknown, used, expired or somebody else's simply gives no message,
    and is burnt. So is one that is asked for without a client certificate of the sender, where that is required.
    Raises `UntrustedMessage`. One private-key operation.
    """
    moment = sim.clock()
    with untrusted():
        root = artifact.from_envelope(document.read(body))
        document.expect_root(root, artifact.RESOLVE_TAG)
        schema.validate(root)
        issuer = claimed_issuer(root)
        sender = sim.store.read(lambda tx: sim.service_providers.find(tx, issuer, moment))
        if sender is None:
            raise unknown_sender(issuer)
        question = artifact.read_resolve(signature.verify(root, sender.verification_keys, moment))
        asked_for = artifact.decode(question.artifact)
    expected = sim.addresses.at(version).resolution
    context = ResolveContext(question, asked_for, sim.entity_id, expected, moment, sim.tolerance)
    require(check(rules.RESOLVE, context))

    required = sim.addresses.back_channel is not None
    findings = errors(check(rules.PEER, PeerContext(sender, certificate))) if required else ()

    def transaction(tx: Transaction) -> bytes | None:
        try:
            replay.claim(tx, "resolve", question.issuer, question.id, moment + REMEMBER_IDS)
        except AlreadyClaimed as error:
            raise UntrustedMessage(tuple(rules.REPEATED.findings(rules.Repeat(question.id)))) from error
        payload = artifacts.claim(tx, handle_digest(asked_for.handle), question.issuer, moment)
        return None if findings else payload

    payload = sim.store.write(transaction)
    return Resolved(_envelope(sim, question.id, payload), question.issuer, payload is not None, findings)


def _envelope(sim: Simulator, question_id: str, payload: bytes | None) -> bytes:
    message: etree._Element | None = None if payload is None else document.reread(payload)
    answer = artifact.write_response(
        id_=sim.ids.message_id(),
        issuer=sim.entity_id,
        in_response_to=question_id,
        moment=sim.clock(),
        message=message,
    )
    signature.sign(answer, sim.signing, prefixes=assertion.VALUE_PREFIXES if message is not None else ())
    return document.write(artifact.in_envelope(answer))
