"""A service provider asks for a login by artifact: we fetch its request where its metadata says (etd Bindings)."""

from dataclasses import replace

from lxml import etree

from broker.core.errors import UntrustedMessage
from broker.core.interface import CURRENT, InterfaceVersion
from broker.core.recorded import Carrier, Direction, WireMessage
from broker.rules import artifact_response as rules
from broker.rules.artifact_response import ArtifactResponseContext
from broker.rules.rule import check
from broker.saml import artifact, artifact_resolution, document, names, post, reading, schema, signature
from broker.saml.artifact import Artifact
from broker.saml.metadata import ServiceProviderMetadata
from broker.simulator import back_channel
from broker.simulator.context import Simulator
from broker.simulator.requests import Begun, Incoming, Unsupported, receive
from broker.simulator.trust import require, untrusted


def receive_artifact(sim: Simulator, fields: post.Form, version: InterfaceVersion = CURRENT) -> Begun | Unsupported:
    """Take an AuthnRequest of which a form or an address brought the artifact; see `requests.receive`.

    Both the ArtifactResponse and the request in it must be signed by the service provider that the artifact names.
    Two private-key operations at most: one asks for the request.
    """
    with untrusted():
        delivered = artifact_resolution.read_delivery(fields)
        asked = artifact.decode(delivered.artifact)
        sender, location = _whom_to_ask(sim, asked)
        request, fetched = _fetched(sim, sender, location, delivered.artifact)
    # Written with every namespace that it stood under: its own signature may depend on them.
    octets = document.write(request)
    incoming = Incoming(octets, delivered.relay_state, signature.verify, version, Carrier.ARTIFACT, fetched=fetched)
    return receive(sim, incoming)


def _whom_to_ask(sim: Simulator, asked: Artifact) -> tuple[ServiceProviderMetadata, str]:
    moment = sim.clock()
    sender = sim.store.read(lambda tx: sim.service_providers.find_by_source(tx, asked.source_id, moment))
    if sender is None:
        raise UntrustedMessage(tuple(rules.UNKNOWN_SOURCE.findings(asked)))
    service = sender.artifact_resolution_by_index(asked.endpoint_index)
    if service is None:
        raise UntrustedMessage(tuple(rules.NO_SERVICE.findings(asked)))
    require(tuple(rules.ELSEWHERE.findings(service.location)))
    return sender, service.location


def _fetched(
    sim: Simulator, sender: ServiceProviderMetadata, location: str, text: str
) -> tuple[etree._Element, tuple[WireMessage, ...]]:
    """The AuthnRequest as it stands in the answer that was verified, and the messages that fetched it."""
    question_id, asked_at = sim.ids.message_id(), sim.clock()
    question = _question(sim, question_id, location, text)
    answer = back_channel.ask(location, question, sim.lifetimes.resolution, sim.tls)
    root = artifact.from_envelope(document.read(answer))
    document.expect_root(root, artifact_resolution.RESPONSE_TAG)
    schema.validate(root)
    moment = sim.clock()
    content = artifact_resolution.read_response(signature.verify(root, sender.verification_keys, moment))
    context = ArtifactResponseContext(content, question_id, sender.entity_id, moment, sim.tolerance)
    require(check(rules.RESPONSE, context))
    sent = WireMessage(
        "", asked_at, Direction.SENT, Carrier.SOAP, "ArtifactResolve", sender.entity_id, question, question_id
    )
    got = replace(
        sent,
        at=moment,
        direction=Direction.RECEIVED,
        kind="ArtifactResponse",
        octets=answer,
        message_id=root.get("ID", ""),
        in_response_to=question_id,
    )
    return reading.one(root, names.SAMLP, "AuthnRequest"), (sent, got)


def _question(sim: Simulator, question_id: str, location: str, text: str) -> bytes:
    question = artifact_resolution.write_resolve(
        id_=question_id, issuer=sim.entity_id, destination=location, moment=sim.clock(), artifact_=text
    )
    signature.sign(question, sim.signing)
    return document.write(artifact.in_envelope(question))
