"""The back channel: a service provider resolves an artifact over SOAP."""

from dataclasses import dataclass, replace
from datetime import timedelta

from lxml import etree

from broker.core.errors import UntrustedMessage
from broker.core.findings import Finding
from broker.core.interface import CURRENT, InterfaceVersion
from broker.core.recorded import Carrier, Direction, WireMessage
from broker.rules import resolve as rules
from broker.rules.resolve import PeerContext, ResolveContext
from broker.rules.rule import check, errors
from broker.saml import artifact, assertion, document, schema, signature
from broker.saml.client_certificate import ClientCertificate
from broker.simulator import pending
from broker.simulator.answers import handle_digest
from broker.simulator.audit import recording
from broker.simulator.audit.recording import keep, untrusted_kept
from broker.simulator.context import Simulator
from broker.simulator.requests import REMEMBER_IDS
from broker.simulator.trust import claimed_issuer, require, unknown_sender, untrusted
from broker.store import artifacts, replay
from broker.store.database import Transaction
from broker.store.errors import AlreadyClaimed


@dataclass(frozen=True, slots=True)
class Resolved:
    """The SOAP envelope to answer with, who asked, whether a message was in it, and if not for the connection, why.

    `delay` is how long the answer shall take, by the script of its login.
    """

    envelope: bytes
    service_provider: str
    found: bool
    findings: tuple[Finding, ...] = ()
    delay: timedelta = timedelta()


def resolve(
    sim: Simulator, body: bytes, certificate: ClientCertificate | None, version: InterfaceVersion = CURRENT
) -> Resolved:
    """Answer an ArtifactResolve that came to the address of this version, over a connection with this certificate.

    The status is always Success; an artifact that is unknown, used, expired or somebody else's simply gives no message,
    and is burnt. So is one that is asked for without a client certificate of the sender, where that is required.
    Raises `UntrustedMessage`. One private-key operation.
    """
    received = WireMessage(sim.ids.token(), sim.clock(), Direction.RECEIVED, Carrier.SOAP, "ArtifactResolve", "", body)
    with untrusted_kept(sim, received):
        return _resolve(sim, received, certificate, version)


def _resolve(
    sim: Simulator, received: WireMessage, certificate: ClientCertificate | None, version: InterfaceVersion
) -> Resolved:
    moment, body = received.at, received.octets
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

    proven = replace(received, peer=question.issuer, message_id=question.id, findings=findings)

    def transaction(tx: Transaction) -> Resolved:
        try:
            replay.claim(tx, "resolve", question.issuer, question.id, moment + REMEMBER_IDS)
        except AlreadyClaimed as error:
            raise UntrustedMessage(tuple(rules.REPEATED.findings(rules.Repeat(question.id)))) from error
        waiting = artifacts.claim(tx, handle_digest(asked_for.handle), question.issuer, moment)
        payload = None if findings or waiting is None else waiting.payload
        answer = _answer(sim, proven, payload)
        script = pending.script_of(tx, waiting.login_id) if waiting is not None else None
        if waiting is not None:
            for message in (proven, answer):
                keep(sim, tx, replace(message, login_id=waiting.login_id))
            if payload is not None:
                recording.delivered(sim, tx, waiting.login_id, moment, question.issuer)
        delay = script.answer_delay if script else timedelta()
        return Resolved(answer.octets, question.issuer, payload is not None, findings, delay)

    return sim.store.write(transaction)


def _answer(sim: Simulator, question: WireMessage, payload: bytes | None) -> WireMessage:
    message: etree._Element | None = None if payload is None else document.reread(payload)
    answer = artifact.write_response(
        id_=sim.ids.within("resolution", question.peer, question.message_id).message_id(),
        issuer=sim.entity_id,
        in_response_to=question.message_id,
        moment=sim.clock(),
        message=message,
    )
    signature.sign(answer, sim.signing, prefixes=assertion.VALUE_PREFIXES if message is not None else ())
    return replace(
        question,
        direction=Direction.SENT,
        kind="ArtifactResponse",
        octets=document.write(artifact.in_envelope(answer)),
        message_id=answer.get("ID", ""),
        in_response_to=question.message_id,
    )
