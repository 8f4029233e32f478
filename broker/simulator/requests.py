"""A service provider asks for a login."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from lxml import etree

from broker.core.errors import UntrustedMessage
from broker.core.findings import Finding
from broker.core.interface import CURRENT, InterfaceVersion
from broker.core.login import Addressed, Asked, Login, start
from broker.core.recorded import Carrier, Direction, WireMessage
from broker.rules import by_the_book
from broker.rules import request as rules
from broker.rules.deliverable import requested_attributes
from broker.rules.request import RequestContext
from broker.rules.rule import check, errors
from broker.saml import authn_request, post, redirect, signature
from broker.saml.keys import VerificationKey
from broker.saml.response import Status
from broker.simulator import answers, pending, statuses
from broker.simulator.answers import Delivery
from broker.simulator.audit import recording
from broker.simulator.audit.recording import keep, untrusted_kept
from broker.simulator.context import Simulator
from broker.simulator.control import scripting
from broker.simulator.trust import read_message, require, unknown_sender, untrusted
from broker.store import replay, sequences
from broker.store.database import Transaction
from broker.store.errors import AlreadyClaimed

# The scheme wants message ids to be unique for at least twelve months; a message older than minutes is refused anyway.
REMEMBER_IDS: Final = timedelta(days=366)
LOGINS: Final = "logins of this run"
"""Under this name logins are counted while ids follow from a seed."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A login that can go on in the browser, and what the rules noted about the request."""

    login: Login
    notes: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A request of a proven sender that cannot be: the answer that tells it so, and why."""

    delivery: Delivery
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as its binding delivered it, and how that binding proves it: root, keys, moment -> signed content.

    `query` is the raw query that carried it, if one did; `fetched` are the messages with which it was fetched.
    `version` is that of the interface whose address it came to.
    """

    data: bytes
    relay_state: str | None
    prove: Callable[[etree._Element, Sequence[VerificationKey], datetime], etree._Element]
    version: InterfaceVersion
    carrier: Carrier
    query: bytes | None = None
    fetched: tuple[WireMessage, ...] = ()


def receive_post(sim: Simulator, form: post.Form, version: InterfaceVersion = CURRENT) -> Begun | Unsupported:
    """Take an AuthnRequest from a posted form; see `receive`."""
    with untrusted():
        posted = post.read(form, "SAMLRequest")
    return receive(sim, Incoming(posted.message, posted.relay_state, signature.verify, version, Carrier.POST))


def receive_redirect(sim: Simulator, query: bytes, version: InterfaceVersion = CURRENT) -> Begun | Unsupported:
    """Take an AuthnRequest from the raw query of a redirect; see `receive`."""
    with untrusted():
        signed = redirect.decode(query)
    prove = partial(redirect.prove, signed)
    return receive(sim, Incoming(signed.message, signed.relay_state, prove, version, Carrier.REDIRECT, query))


def receive(sim: Simulator, incoming: Incoming) -> Begun | Unsupported:
    """Verify an AuthnRequest, judge it, remember its ID and begin the login.

    Raises `UntrustedMessage` when nothing may be sent back. One private-key operation when it is unsupported.
    """
    login_id, moment = sim.ids.token(), sim.clock()
    received = WireMessage(
        login_id, moment, Direction.RECEIVED, incoming.carrier, "AuthnRequest", "", incoming.data, query=incoming.query
    )
    with untrusted_kept(sim, received):
        return _receive(sim, incoming, received)


def _receive(sim: Simulator, incoming: Incoming, received: WireMessage) -> Begun | Unsupported:
    context = _verified(sim, incoming, received.at)
    strict = context.sender.entity_id in sim.strict
    of_trust = (*check(rules.TRUST, context), *by_the_book.judged(by_the_book.TRUST, context, strict=strict))
    require(of_trust)
    of_support = (*check(rules.SUPPORT, context), *by_the_book.judged(by_the_book.SUPPORT, context, strict=strict))
    findings = (*of_trust, *of_support, *check(by_the_book.NOTES, context))

    moment, sender = context.moment, context.sender.entity_id
    proven = replace(received, peer=sender, message_id=context.request.id, findings=findings)

    def transaction(tx: Transaction) -> Begun | Unsupported:
        _claim(tx, context)
        login_id = _login_id(sim, tx, received)
        for message in (*incoming.fetched, proven):
            keep(sim, tx, replace(message, login_id=login_id, peer=sender))
        if errors(findings):
            addressed = _addressed(context, incoming.version)
            delivery = answers.refuse(sim, tx, login_id, addressed, _status(sim, findings))
            recording.unsupported(sim, tx, replace(proven, login_id=login_id), errors(findings))
            return Unsupported(delivery, findings)
        asked = _asked(context, incoming.version)
        login = start(login_id, asked, moment, moment + sim.lifetimes.login, findings)
        login = replace(login, script=scripting.take(tx, sender))
        pending.create(sim, tx, login)
        return Begun(login, findings)

    return sim.store.write(transaction)


def _login_id(sim: Simulator, tx: Transaction, received: WireMessage) -> str:
    """That of the message, or, with a seed, what follows from how many logins there were before."""
    if sim.conditions().seed is None:
        return received.login_id
    return sim.ids.within("login", str(sequences.following(tx, LOGINS))).token()


def _verified(sim: Simulator, incoming: Incoming, moment: datetime) -> RequestContext:
    with untrusted():
        root, issuer = read_message(incoming.data, authn_request.TAG)
        sender = sim.store.read(lambda tx: sim.service_providers.find(tx, issuer, moment))
        if sender is None:
            raise unknown_sender(issuer)
        message = authn_request.read(incoming.prove(root, sender.verification_keys, moment))
    requested = rules.resolve_service(message, sender)
    service = sim.catalogue.find(requested.service_id) if requested and requested.service_id else None
    return RequestContext(
        request=message,
        key_hint=signature.key_hint(root),
        relay_state=incoming.relay_state,
        sender=sender,
        consumer=rules.resolve_consumer(message, sender),
        requested_service=requested,
        service=service,
        service_certificates=sim.service_certificates.get(service.service_id, ()) if service else (),
        broker=sim.entity_id,
        sso_location=sim.addresses.at(incoming.version).sso,
        moment=moment,
        tolerance=sim.tolerance,
        authentication_levels={key: item.maximum_level for key, item in sim.authentication_services.items()},
    )


def _claim(tx: Transaction, context: RequestContext) -> None:
    message = context.request
    try:
        replay.claim(tx, "request", message.issuer, message.id, context.moment + REMEMBER_IDS)
    except AlreadyClaimed as error:
        raise UntrustedMessage(tuple(rules.REPEATED.findings(rules.Repeat(message.id)))) from error


def _addressed(context: RequestContext, version: InterfaceVersion) -> Addressed:
    if context.consumer is None:
        raise AssertionError("unreachable: EH-REQ-06 rejects a request without a registered address")
    return Addressed(
        service_provider=context.sender.entity_id,
        request_id=context.request.id,
        consumer_location=context.consumer.location,
        relay_state=context.relay_state,
        version=version,
    )


def _asked(context: RequestContext, version: InterfaceVersion) -> Asked:
    level = rules.requested_level(context)
    if context.service is None or level is None:
        raise AssertionError("unreachable: EH-REQ-22 and EH-REQ-25 reject a request without service or level")
    message = context.request
    return Asked(
        addressed=_addressed(context, version),
        service_id=context.service.service_id,
        level=level,
        provider_name=message.provider_name,
        preselected=message.scoped[0] if message.scoped else None,
        force_authn=message.force_authn,
        attributes=requested_attributes(context.requested_service, context.service),
    )


def _status(sim: Simulator, findings: tuple[Finding, ...]) -> Status:
    wrong = {finding.rule for finding in errors(findings)}
    first = next(rule for rule in (*rules.SUPPORT, *by_the_book.SUPPORT) if rule.id in wrong)
    return statuses.of_request(sim.statuses, first)
