"""Logging in to the Beheermodule: it asks its own broker, as any service provider does, and verifies the answer.

The broker runs in the same process, so the question on the back channel is a call and not a connection; what comes back
is treated as bytes of another party all the same. Nothing is read but what the broker's published certificates prove.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Service
from broker.core.errors import NotFound, UntrustedMessage
from broker.core.identifiers import IdentifierType, InvalidIdentifier, KvkNumber
from broker.core.interface import CURRENT
from broker.rules import artifact_response
from broker.rules import summary as rules
from broker.rules.answer import EnvelopeContext, Expected, Repeat
from broker.rules.artifact_response import ArtifactResponseContext
from broker.rules.rule import check
from broker.rules.summary import ArtifactContext, Subjects, SummaryContext
from broker.saml import (
    artifact,
    artifact_resolution,
    authn_request,
    document,
    encryption,
    known_broker,
    levels,
    names,
    post,
    reading,
    received_summary,
    response,
    schema,
    signature,
)
from broker.saml.authn_request import AuthnRequest
from broker.saml.faults import EncryptionReason, Fault
from broker.saml.known_broker import KnownBroker
from broker.saml.received_summary import ReceivedSummary
from broker.saml.response import Response, Status
from broker.simulator import resolution
from broker.simulator.context import Simulator
from broker.simulator.requests import REMEMBER_IDS
from broker.simulator.trust import require, untrusted
from broker.store import replay
from broker.store.database import Transaction
from broker.store.errors import AlreadyClaimed

_CONSUMER_INDEX: Final = 0

BackChannel = Callable[[bytes], bytes]
"""Takes a SOAP envelope with an ArtifactResolve to the broker and gives back the envelope that answers it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A form for the browser to post to the broker; `request_id` is what the browser that asked must remember."""

    target: str
    saml_request: str
    request_id: str

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the form. RelayState brings the ID back, so that several tabs can each have a login."""
        return {"SAMLRequest": self.saml_request, "RelayState": self.request_id}


@dataclass(frozen=True, slots=True)
class ModuleLogin:
    """What a verified assertion says: which organisation, which person, how strongly; `name_id` names the login."""

    kvk_number: KvkNumber
    pseudonym: str
    level: AssuranceLevel
    name_id: str


@dataclass(frozen=True, slots=True)
class NotLoggedIn:
    """A verified answer that nobody was logged in, with the broker's reason."""

    status: Status


def is_available(sim: Simulator) -> bool:
    """Whether the service catalogue has the Beheermodule, so that somebody can log in."""
    return sim.catalogue.find(sim.module.service_id) is not None


def service(sim: Simulator) -> Service:
    """The Beheermodule as the service catalogue has it; raises `NotFound` when it does not."""
    found = sim.catalogue.find(sim.module.service_id)
    if found is None:
        raise NotFound(f"{sim.module.service_id} is not in the service catalogue: add it to one of paths.catalogues")
    return found


def ask(sim: Simulator) -> Question:
    """A signed AuthnRequest for the broker. One private-key operation. Raises `NotFound`."""
    moment, request_id = sim.clock(), sim.ids.message_id()
    asked_for = service(sim)
    with untrusted():
        broker = known_broker.read_broker(sim.metadata(CURRENT), moment)
    message = authn_request.write(
        AuthnRequest(
            id=request_id,
            version=names.VERSION,
            issue_instant=moment,
            issuer=sim.module.entity_id,
            destination=broker.sso_location,
            consumer_index=_CONSUMER_INDEX,
            service_index=asked_for.service_id.number,
            force_authn=True,
            comparison="minimum",
            levels=(levels.urn(asked_for.required_level),),
        )
    )
    signature.sign(message, sim.module.signing)
    return Question(broker.sso_location, post.encode(message), request_id)


def own_broker(sim: Simulator) -> BackChannel:
    """The back channel to the broker of this process. No connection: one thread is enough, with TLS too."""
    return lambda body: resolution.resolve(sim, body, sim.module.certificate).envelope


def receive(
    sim: Simulator, fields: post.Form, asked: Collection[str], back_channel: BackChannel
) -> ModuleLogin | NotLoggedIn:
    """Take the artifact that the browser brought, have it resolved, and verify the answer; it counts once.

    `asked` are the IDs of the requests that this browser began. Raises `UntrustedMessage` and then nothing was read.
    Private-key operations: one signs the question, one for each identifier that is decrypted.
    """
    with untrusted():
        delivered = artifact_resolution.read_delivery(fields)
        request_id = next((item for item in asked if item == delivered.relay_state), None)
        if request_id is None:
            raise UntrustedMessage(tuple(rules.UNASKED.findings(delivered.relay_state)))
        broker = known_broker.read_broker(sim.metadata(CURRENT), sim.clock())
        found = _fetched(sim, broker, delivered.artifact, back_channel)
        moment = sim.clock()
        message = response.read(signature.verify(found, broker.verification_keys, moment))
        expected = _expected(sim, broker, request_id, moment)
        require(check(rules.ENVELOPE, EnvelopeContext(message, expected)))
        login = _login(sim, broker, message.assertions[0], expected) if message.assertions else None
    sim.store.write(lambda tx: _claim(tx, message, moment))
    return login or NotLoggedIn(message.status)


def _fetched(sim: Simulator, broker: KnownBroker, text: str, back_channel: BackChannel) -> etree._Element:
    """The Response behind the artifact, as it stands in the verified ArtifactResponse."""
    asked = artifact.decode(text)
    require(tuple(rules.SOURCE.findings(ArtifactContext(asked, broker.entity_id))))
    resolving = broker.artifact_resolution_by_index(asked.endpoint_index)
    if resolving is None:
        raise UntrustedMessage(tuple(rules.NO_SERVICE.findings(asked)))
    question_id = sim.ids.message_id()
    question = artifact_resolution.write_resolve(
        id_=question_id, issuer=sim.module.entity_id, destination=resolving.location, moment=sim.clock(), artifact_=text
    )
    signature.sign(question, sim.module.signing)
    answer = back_channel(document.write(artifact.in_envelope(question)))
    root = artifact.from_envelope(document.read(answer))
    document.expect_root(root, artifact_resolution.RESPONSE_TAG)
    schema.validate(root)
    moment = sim.clock()
    content = artifact_resolution.read_response(signature.verify(root, broker.verification_keys, moment))
    context = ArtifactResponseContext(content, question_id, broker.entity_id, moment, sim.tolerance)
    require(check(artifact_response.ANSWERED, context))
    require(tuple(rules.MESSAGE.findings(content.message)))
    if content.message is None:
        raise AssertionError("unreachable: EH-SUM-04 rejects an empty answer")
    return content.message


def _expected(sim: Simulator, broker: KnownBroker, request_id: str, moment: datetime) -> Expected:
    asked_for = service(sim)
    return Expected(
        request_id=request_id,
        sender=broker.entity_id,
        audience=sim.module.entity_id,
        consumer_location=sim.addresses.module_consumer,
        minimum_level=asked_for.required_level,
        service_uuid=asked_for.instance_uuid,
        moment=moment,
        tolerance=sim.tolerance,
    )


def _login(sim: Simulator, broker: KnownBroker, signed: etree._Element, expected: Expected) -> ModuleLogin:
    content = received_summary.read(signature.verify(signed, broker.verification_keys, expected.moment))
    require(check(rules.CONTENT, SummaryContext(content, expected)))
    subjects = _subjects(sim, content)
    require(check(rules.SUBJECTS, subjects))
    level = levels.read(content.level_urn)
    if level is None:
        raise AssertionError("unreachable: EH-SUM-26 rejects an unknown level")
    try:
        number = KvkNumber(dict(subjects.legal)[IdentifierType.KVK_NUMBER.value])
    except InvalidIdentifier as error:
        raise Fault(EncryptionReason.CONTENT, "not a KvK number") from error
    return ModuleLogin(number, subjects.acting[0][1], level, content.transient)


def _subjects(sim: Simulator, content: ReceivedSummary) -> Subjects:
    return Subjects(
        acting=tuple(_identifier(sim, item) for item in content.acting),
        legal=tuple(_identifier(sim, item) for item in content.legal),
    )


def _identifier(sim: Simulator, encrypted: etree._Element) -> tuple[str, str]:
    """Kind and value. One private-key operation."""
    name_id = encryption.decrypt(encrypted, sim.module.decryption, sim.module.entity_id)
    if name_id.tag != f"{{{names.SAML}}}NameID":
        raise Fault(EncryptionReason.CONTENT, "not a NameID")
    return reading.attribute(name_id, "NameQualifier"), reading.text(name_id)


def _claim(tx: Transaction, message: Response, moment: datetime) -> None:
    claimed = [("Response", message.id), *(("Assertion", item.get("ID", "")) for item in message.assertions)]
    for where, message_id in claimed:
        try:
            replay.claim(tx, f"module {where}", message.issuer, message_id, moment + REMEMBER_IDS)
        except AlreadyClaimed as error:
            raise UntrustedMessage(tuple(rules.REPEATED.findings(Repeat(where, message_id)))) from error
