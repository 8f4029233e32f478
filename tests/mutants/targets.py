"""Each kind of message that the broker receives: how its mutants are made, who reads them, what they may lead to."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from random import Random
from typing import Any
from unittest.mock import patch

import xmlsec

from broker.core.errors import FlowError, MessageRejected
from broker.saml import artifact as artifacts
from broker.saml import document, metadata, network, signature
from broker.saml.faults import MetadataRejected
from broker.saml.keys import VerificationKey
from broker.simulator import artifact_requests, authentication, back_channel, requests, resolution
from broker.simulator.context import Simulator
from broker.simulator.requests import Begun, Unsupported
from broker.simulator.resolution import Resolved
from tests.mutants import bindings
from tests.mutants.donors import Donors, enveloped, signed_query
from tests.mutants.spoiler import Spoiler
from tests.mutants.world import World
from tests.simulator.journey import Form

# What a reader may raise; anything else is a crash.
REFUSALS = (MessageRejected, FlowError, MetadataRejected)
SPOIL_FORM = 0.03


@dataclass(frozen=True, slots=True)
class Mutant:
    """What is delivered, and what was done to it. `xml` is the document in it, where that is what was spoilt."""

    delivered: Any
    done: Sequence[str]
    xml: bytes | None = None


class Unproven(Exception):
    """Accepted, but nothing was proven: metadata without a signature, for which the operator vouches."""


@dataclass(frozen=True, slots=True)
class Target:
    """`make` gives a mutant. `read` is what the web layer calls, or a command; it gives the result and what the store
    would then hold, or raises one of `REFUSALS` or `Unproven`. `is_genuine` tells whether that outcome may be.

    `seeds` are genuine messages as bytes, and `deliver` makes of any bytes what `read` takes.
    """

    name: str
    make: Callable[[Random], Mutant]
    read: Callable[[Any], Any]
    is_genuine: Callable[[Any, Any], bool]
    seeds: Sequence[bytes]
    deliver: Callable[[bytes], Any] = bytes


def all_targets(world: World, donors: Donors) -> dict[str, Target]:
    """All of them, by name."""
    made = (
        _response(world, donors),
        _request(world, donors),
        _query(world, donors),
        _resolve(world, donors),
        _answer(world, donors),
        _artifact(world),
        _metadata(world, donors),
        _network(world, donors),
    )
    return {target.name: target for target in made}


def _as_a_genuine_one(read: Callable[[Any], Any], genuine: Sequence[Any]) -> Callable[[Any, Any], bool]:
    """Whether an outcome is that of one of the `genuine` messages, of which the first is accepted."""
    allowed = [read(genuine[0])]
    for delivered in genuine[1:]:
        try:
            allowed.append(read(delivered))
        except REFUSALS:
            continue
    return lambda _delivered, outcome: outcome in allowed


def _told(world: World, use: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """A reader that gives what a use case answers, and what the store would then hold.

    But for what the broker notes about KeyInfo, which no signature covers: any mutant may have another one.
    """

    def read(delivered: Any) -> Any:
        world.told.clear()
        with patch.object(signature, "key_hint", lambda _element: None):
            return use(world.simulator, delivered), tuple(world.told)

    return read


def _posted(field: str, data: bytes, relay_state: str) -> Form:
    return {field: [base64.b64encode(data).decode()], "RelayState": [relay_state]}


def _response(world: World, donors: Donors) -> Target:
    """An authentication service's answer to one of two waiting logins."""
    spoiler = Spoiler(
        donors.responses, donors.lenders, (world.attacker, world.second_stub.signing, world.simulator.signing)
    )
    states = (world.first.login.id, world.second.login.id)

    def make(random: Random) -> Mutant:
        data, done = spoiler.make(random)
        form = _posted("SAMLResponse", data, states[random.random() < 0.1])
        if random.random() < SPOIL_FORM:
            return Mutant(bindings.fields(random, form, "SAMLResponse", "PHg+"), [*done, "fields"])
        return Mutant(form, done, data)

    read = _told(world, authentication.receive)
    genuine = [_posted("SAMLResponse", data, state) for data in donors.responses for state in states]
    return Target(
        "response",
        make,
        read,
        _as_a_genuine_one(read, genuine),
        donors.responses,
        lambda data: _posted("SAMLResponse", data, states[0]),
    )


def _request(world: World, donors: Donors) -> Target:
    """A service provider's request in a form. RelayState has no signature here, so it stays as it is."""
    spoiler = Spoiler(donors.requests, donors.lenders, (world.attacker, world.stub.issuer.signing, world.authority))

    def make(random: Random) -> Mutant:
        data, done = spoiler.make(random)
        form = _posted("SAMLRequest", data, "state")
        if random.random() < SPOIL_FORM:
            spoilt = bindings.fields(random, form, "SAMLRequest", "PHg+")
            if len(spoilt["RelayState"]) == 1:
                spoilt["RelayState"] = form["RelayState"]
            return Mutant(spoilt, [*done, "fields"])
        return Mutant(form, done, data)

    read = _told(world, requests.receive_post)
    genuine = [_posted("SAMLRequest", data, "state") for data in donors.requests]
    return Target(
        "request",
        make,
        read,
        _as_a_genuine_one(read, genuine),
        donors.requests,
        lambda data: _posted("SAMLRequest", data, "state"),
    )


def _query(world: World, donors: Donors) -> Target:
    """A service provider's request in a query, which is signed with its RelayState."""
    genuine = [
        signed_query(data, party.signing, state)
        for data, party in zip(donors.bare_requests, (world.asker, world.other_asker), strict=True)
        for state in ("state", "other state")
    ]

    def make(random: Random) -> Mutant:
        raw, done = bindings.query(random, random.choice(genuine), genuine)
        return Mutant(raw, done)

    read = _told(world, requests.receive_redirect)
    return Target("query", make, read, _as_a_genuine_one(read, genuine), genuine)


def _resolved(simulator: Simulator, body: bytes) -> Resolved:
    """Without TLS, as the broker runs unless it is told otherwise: the signature alone proves who asks."""
    return resolution.resolve(simulator, body, None)


def _resolve(world: World, donors: Donors) -> Target:
    """A service provider's question over SOAP."""
    spoiler = Spoiler(donors.resolves, donors.lenders, (world.attacker, world.stub.issuer.signing, world.authority))

    def make(random: Random) -> Mutant:
        data, done = spoiler.make(random)
        return Mutant(data, done, data)

    read = _told(world, _resolved)
    return Target("soap", make, read, _as_a_genuine_one(read, donors.resolves), donors.resolves)


def _answer(world: World, donors: Donors) -> Target:
    """A service provider's answer to the broker, with the request behind its artifact. It comes without a network."""
    strangers = (world.attacker, world.stub.issuer.signing, world.authority)
    spoiler = Spoiler(donors.answers, donors.lenders, strangers)
    handle = b"7" * artifacts.HANDLE_BYTES
    delivery = {"SAMLart": [artifacts.encode(world.asker.entity_id, handle)], "RelayState": ["state"]}

    def make(random: Random) -> Mutant:
        data, done = spoiler.make(random)
        return Mutant(data, done, data)

    def received(simulator: Simulator, answer: bytes) -> Begun | Unsupported:
        with patch.object(back_channel, "ask", lambda *_: answer):
            return artifact_requests.receive_artifact(simulator, delivery)

    read = _told(world, received)
    return Target("answer", make, read, _as_a_genuine_one(read, donors.answers), donors.answers)


def _artifact(world: World) -> Target:
    """A question, well signed by whom the artifact is for, about an artifact that is another one."""
    moment = world.moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def question(artifact: str) -> bytes:
        root = world.asker.resolve(artifact, ID="_artifact", IssueInstant=moment)
        signature.sign(root, world.asker_key)
        return enveloped(document.write(root))

    def make(random: Random) -> Mutant:
        spoilt = bindings.artifact(random, world.artifact)
        return Mutant(spoilt, ["artifact"])

    read_question = _told(world, _resolved)

    def read(artifact: str) -> Any:
        return read_question(question(artifact))

    genuine = read(world.artifact)
    nothing = read(artifacts.encode(world.simulator.entity_id, b"6" * artifacts.HANDLE_BYTES))

    def is_genuine(delivered: str, outcome: Any) -> bool:
        same = artifacts.decode(delivered).handle == artifacts.decode(world.artifact).handle
        return bool(outcome == (genuine if same else nothing))

    return Target("artifact", make, read, is_genuine, (world.artifact.encode(),), bindings.text_of_xml)


def _metadata(world: World, donors: Donors) -> Target:
    """Metadata of a service provider."""
    spoiler = Spoiler(donors.metadata, donors.lenders, (world.attacker, world.authority), position=signature.FIRST)

    def make(random: Random) -> Mutant:
        data, done = spoiler.make(random)
        return Mutant(data, done, data)

    def read(data: bytes) -> Any:
        found = metadata.read_service_provider(data, world.moment)
        if not found.signed:
            raise Unproven
        return _comparable(found)

    return Target("metadata", make, read, _as_a_genuine_one(read, donors.metadata), donors.metadata)


def _network(world: World, donors: Donors) -> Target:
    """The scheme's network metadata."""
    strangers = (world.attacker, world.simulator.signing)
    spoiler = Spoiler(donors.networks, donors.lenders, strangers, position=signature.FIRST)
    authority = (VerificationKey.of(world.authority.certificate),)

    def make(random: Random) -> Mutant:
        data, done = spoiler.make(random)
        return Mutant(data, done, data)

    def read(data: bytes) -> Any:
        return _comparable(network.read_network(data, authority, world.moment))

    return Target("network", make, read, _as_a_genuine_one(read, donors.networks), donors.networks)


def _comparable(value: Any) -> Any:
    """`value` in plain tuples, without the keys of libxmlsec, which equal nothing; their certificates stay."""
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, *(_comparable(getattr(value, item.name)) for item in fields(value))
    if isinstance(value, tuple | list):
        return tuple(_comparable(item) for item in value)
    if isinstance(value, dict):
        return tuple((key, _comparable(item)) for key, item in value.items())
    return None if isinstance(value, xmlsec.Key) else value
