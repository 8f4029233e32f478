"""Genuine signed messages: each kind that the broker receives, and others that lend parts to forgeries.

They are made by the parties that really send them, some by signxml and some by `broker.saml`.
"""

import base64
import zlib
from dataclasses import dataclass
from urllib.parse import quote_plus

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.ids import RandomIds
from broker.saml import document, names, signature
from broker.saml.keys import SigningKey
from broker.simulator import resolution
from idp_stub import questions, statements
from idp_stub.questions import Question
from tests.mutants.world import Waiting, World
from tests.requester import Pair, Requester

SOAP = names.SOAP.encode()


@dataclass(frozen=True, slots=True)
class Donors:
    """The messages, as XML; of each kind the first is the one that is waited for.

    `responses` of authentication services, `requests` of service providers (signed inside), `bare_requests` of the same
    (for a signed query), `resolves` and `answers` (that hold a request) in their envelopes, `metadata` of service
    providers, `networks` of the scheme, and `lenders`: all of those and more, for parts.
    """

    responses: tuple[bytes, ...]
    requests: tuple[bytes, ...]
    bare_requests: tuple[bytes, ...]
    resolves: tuple[bytes, ...]
    answers: tuple[bytes, ...]
    metadata: tuple[bytes, ...]
    networks: tuple[bytes, ...]
    lenders: tuple[bytes, ...]


def make(world: World) -> Donors:
    """One of each."""
    responses = _responses(world)
    requests = (
        _signed(_request(world, world.asker, "true"), world.asker_key),
        _signed(_request(world, world.asker, "false"), world.asker_key),
        _signed(_request(world, world.other_asker, "true"), world.other_asker_key),
        etree.tostring(world.asker.signed(_request(world, world.asker, "true"))),
    )
    bare = tuple(etree.tostring(_request(world, party, "true")) for party in (world.asker, world.other_asker))
    resolves = (
        enveloped(_signed(_resolve(world, world.asker), world.asker_key)),
        enveloped(_signed(_resolve(world, world.other_asker), world.other_asker_key)),
        enveloped(etree.tostring(world.asker.signed(_resolve(world, world.asker)))),
    )
    answers = (
        enveloped(_answer(world, world.asker, world.asker_key, requests[0])),
        enveloped(_answer(world, world.asker, world.asker_key, requests[1])),
        enveloped(_answer(world, world.other_asker, world.other_asker_key, requests[2])),
    )
    metadata = (
        signed_metadata(world.asker, world.asker_key),
        signed_metadata(world.other_asker, world.other_asker_key),
        signed_metadata(world.asker, world.asker_key, grouped=True),
    )
    networks = (world.network_metadata,)
    answer = resolution.resolve(world.simulator, resolves[0], None).envelope
    question = base64.b64decode(world.first.asked["SAMLRequest"][0])
    return Donors(
        responses=responses,
        requests=requests,
        bare_requests=bare,
        resolves=resolves,
        answers=answers,
        metadata=metadata,
        networks=networks,
        lenders=(
            *(*responses, *requests, *resolves, *answers, *metadata[:1], *networks),
            *(answer, question, world.simulator.metadata("1.13")),
        ),
    )


def _now(world: World) -> str:
    return world.moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _responses(world: World) -> tuple[bytes, ...]:
    """Two logins answered, the first also by another person, by nobody, and by another authentication service."""
    stub = world.stub
    asked = _question(world, world.first)
    made = (
        statements.authenticated(stub.issuer, asked, stub.means("fleur-eh3"), world.moment, RandomIds()),
        statements.authenticated(stub.issuer, asked, stub.means("bram-eh3"), world.moment, RandomIds()),
        statements.authenticated(
            stub.issuer, _question(world, world.second), stub.means("bram-eh3"), world.moment, RandomIds()
        ),
        statements.cancelled(stub.issuer, asked, world.moment, RandomIds()),
        statements.authenticated(world.second_stub, asked, stub.means("fleur-eh3"), world.moment, RandomIds()),
    )
    return tuple(document.write(item) for item in made)


def _question(world: World, waiting: Waiting) -> Question:
    brokers = {item.entity_id: item for item in world.stub.network.brokers}
    question = questions.receive(waiting.asked, brokers, world.stub.sso_location, world.moment)
    if question.level is not AssuranceLevel.EH3:
        raise LookupError("the sample data ask another level")
    return question


def _request(world: World, party: Requester, force: str) -> etree._Element:
    return party.request(
        world.simulator.addresses.sso,
        IssueInstant=_now(world),
        ForceAuthn=force,
        AttributeConsumingServiceIndex="9001",
    )


def _resolve(world: World, party: Requester) -> etree._Element:
    return party.resolve(world.artifact, IssueInstant=_now(world))


def _answer(world: World, party: Requester, key: SigningKey, request: bytes) -> bytes:
    """An ArtifactResponse with a request in it, to the question that the broker asks."""
    root = etree.fromstring(
        f'<samlp:ArtifactResponse xmlns:samlp="{names.SAMLP}" xmlns:saml="{names.SAML}" ID="_answer" Version="2.0"'
        f' IssueInstant="{_now(world)}" InResponseTo="{world.simulator.ids.message_id()}">'
        f"<saml:Issuer>{party.entity_id}</saml:Issuer>"
        f'<samlp:Status><samlp:StatusCode Value="{names.STATUS_SUCCESS}"/></samlp:Status></samlp:ArtifactResponse>'
    )
    root.append(etree.fromstring(request))
    return _signed(root, key)


def _signed(message: etree._Element, key: SigningKey) -> bytes:
    signature.sign(message, key)
    return document.write(message)


def enveloped(message: bytes) -> bytes:
    """`message` in a SOAP 1.1 envelope."""
    return b'<s:Envelope xmlns:s="%s"><s:Body>%s</s:Body></s:Envelope>' % (SOAP, message)


def deflated(message: bytes) -> bytes:
    """`message` as the HTTP-Redirect binding compresses it."""
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(message) + compressor.flush()


def signed_query(message: bytes, pair: Pair, relay_state: str) -> bytes:
    """`message` in a query signed by `pair`."""
    value = quote_plus(base64.b64encode(deflated(message)).decode())
    octets = f"SAMLRequest={value}&RelayState={quote_plus(relay_state)}&SigAlg={quote_plus(names.RSA_SHA256)}".encode()
    proof = pair.key.sign(octets, padding.PKCS1v15(), hashes.SHA256())
    return octets + b"&Signature=" + quote_plus(base64.b64encode(proof).decode()).encode()


def signed_metadata(party: Requester, key: SigningKey, *, grouped: bool = False) -> bytes:
    """Metadata of `party` that `key` signed: an entity, or a group of one in which both are signed."""
    root = etree.fromstring(party.metadata())
    root.set("ID", "_entity")
    signature.sign(root, key, position=signature.FIRST, with_certificate=True)
    if not grouped:
        return document.write(root)
    group = etree.Element(f"{{{names.MD}}}EntitiesDescriptor", {"ID": "_group"}, {"md": names.MD})
    group.append(root)
    signature.sign(group, key, position=signature.FIRST, with_certificate=True)
    return document.write(group)
