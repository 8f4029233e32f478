"""The leg to the authentication service: whom to ask, the question, and its answer.

The answer comes in by a cross-site POST, which carries no cookie of ours. It is verified and kept under a token; it
counts only when the login's own browser brings that token back, so nobody can slip a login under somebody else's.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lxml import etree

from broker.core import login as attempt
from broker.core.catalogue import Service
from broker.core.errors import LoginUnknown, UntrustedMessage
from broker.core.identifiers import InternalPseudonym, InvalidIdentifier
from broker.core.login import Arrival, Authenticated, Login, Sent, Step
from broker.core.recorded import Carrier, Direction, WireMessage
from broker.rules import statement as rules
from broker.rules.answer import EnvelopeContext, Repeat
from broker.rules.rule import Rule, check
from broker.rules.statement import ContentContext, Expected
from broker.saml import (
    assertion,
    authentication_statement,
    authn_request,
    document,
    encryption,
    levels,
    names,
    post,
    reading,
    response,
    signature,
)
from broker.saml.authentication_statement import AuthenticationStatement
from broker.saml.authn_request import AuthnRequest
from broker.saml.faults import EncryptionReason, Fault
from broker.saml.network import AuthenticationService
from broker.saml.response import Response, Status
from broker.simulator import pending
from broker.simulator.audit.recording import keep, untrusted_kept
from broker.simulator.context import Simulator
from broker.simulator.requests import REMEMBER_IDS
from broker.simulator.trust import read_message, require, unknown_sender, untrusted
from broker.store import replay
from broker.store.database import Transaction
from broker.store.errors import AlreadyClaimed

CONSUMER_INDEX = 0
MOST_WORDS: Final = 200
"""Characters of what an authentication service said that are passed on."""


@dataclass(frozen=True, slots=True)
class Question:
    """A form for the browser to post: where to, and its two fields."""

    authentication_service: AuthenticationService
    saml_request: str
    relay_state: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A verified answer waits for the login's browser; `token` fetches it."""

    login_id: str
    token: str


def options(sim: Simulator, login: Login) -> tuple[AuthenticationService, ...]:
    """The authentication services that this login may use: the preselected one, or all that reach the level."""
    if login.asked.preselected is not None:
        return (sim.authentication_services[login.asked.preselected],)
    return tuple(item for item in sim.authentication_services.values() if item.maximum_level >= login.asked.level)


def ask(sim: Simulator, login_id: str, browser: str | None, entity_id: str) -> Question:
    """Sign the question for the chosen authentication service. One private-key operation.

    Raises `LoginUnknown` when `entity_id` is not one of the `options`.
    """
    moment = sim.clock()

    def step(tx: Transaction, login: Login) -> tuple[Login, Question]:
        if entity_id not in {item.entity_id for item in options(sim, login)}:
            raise LoginUnknown("this authentication service cannot be used here")
        request_id = sim.ids.within(login.id, "question", str(len(login.history))).message_id()
        sent = attempt.send(login, Sent(entity_id, request_id), moment)
        chosen = sim.authentication_services[entity_id]
        message = _question(sim, sent, chosen, request_id, moment)
        keep(
            sim,
            tx,
            WireMessage(
                login_id=login.id,
                at=moment,
                direction=Direction.SENT,
                carrier=Carrier.POST,
                kind="AuthnRequest",
                peer=entity_id,
                octets=document.write(message),
                message_id=request_id,
            ),
        )
        return sent, Question(chosen, post.encode(message), login.id)

    return pending.change_owned(sim, login_id, browser, step)


def _question(
    sim: Simulator, login: Login, chosen: AuthenticationService, request_id: str, moment: datetime
) -> etree._Element:
    service = _service(sim, login)
    message = authn_request.write(
        AuthnRequest(
            id=request_id,
            version=names.VERSION,
            issue_instant=moment,
            issuer=sim.entity_id,
            destination=chosen.sso_location,
            consumer_index=CONSUMER_INDEX,
            provider_name=login.asked.provider_name or service.provider_name.nl,
            force_authn=login.asked.force_authn,
            comparison="minimum",
            levels=(levels.urn(login.asked.level),),
            intended_audience=login.asked.addressed.service_provider,
            service_uuid=service.instance_uuid,
        )
    )
    signature.sign(message, sim.signing)
    return message


def _service(sim: Simulator, login: Login) -> Service:
    service = sim.catalogue.find(login.asked.service_id)
    if service is None:
        raise LoginUnknown("the service was withdrawn from the catalogue")
    return service


def receive(sim: Simulator, form: post.Form) -> Answered:
    """Take the posted answer of an authentication service: verify it, judge it, and keep it for the login's browser.

    Raises `UntrustedMessage`. One private-key operation (the register reads the acting subject) unless cancelled.
    """
    with untrusted():
        posted = post.read(form, "SAMLResponse")
    received = WireMessage(
        sim.ids.token(), sim.clock(), Direction.RECEIVED, Carrier.POST, "Response", "", posted.message
    )
    with untrusted_kept(sim, received):
        return _receive(sim, posted, received)


def _receive(sim: Simulator, posted: post.Posted, received: WireMessage) -> Answered:
    moment = received.at
    with untrusted():
        root, issuer = read_message(posted.message, response.TAG)
        service = sim.authentication_services.get(issuer)
        if service is None:
            raise unknown_sender(issuer)
        message = response.read(signature.verify(root, service.verification_keys, moment))
        login = _pending(sim, message, posted.relay_state)
        expected = _expected(sim, login, moment)
        require(check(rules.ENVELOPE, EnvelopeContext(message, expected)))
        authenticated = _authenticated(sim, service, message, expected) if message.assertions else None
    token = sim.ids.token()
    arrival = Arrival(attempt.digest_of(token), authenticated, _declined(message.status))
    proven = replace(
        received,
        login_id=login.id,
        peer=issuer,
        message_id=message.id,
        in_response_to=message.in_response_to or "",
    )

    def step(tx: Transaction, current: Login) -> tuple[Login, None]:
        _claim(tx, rules.REPEATED, message, moment)
        if current.sent != login.sent:
            raise UntrustedMessage(tuple(rules.UNSOLICITED.findings(message.in_response_to)))
        keep(sim, tx, proven)
        return attempt.arrive(current, arrival, moment), None

    pending.change(sim, login.id, step)
    return Answered(login.id, token)


def _declined(status: Status) -> str | None:
    """What was said of a failure that is no cancel; None when there is none (etd Error handling)."""
    if status.is_success or status.second == names.STATUS_AUTHN_FAILED:
        return None
    return " ".join((status.message or "").split())[:MOST_WORDS]


def _pending(sim: Simulator, message: Response, relay_state: str | None) -> Login:
    login = pending.find_by_request(sim, message.in_response_to) if message.in_response_to else None
    if login is None or login.step is not Step.AUTHENTICATE or relay_state != login.id:
        raise UntrustedMessage(tuple(rules.UNSOLICITED.findings(message.in_response_to)))
    return login


def _expected(sim: Simulator, login: Login, moment: datetime) -> Expected:
    if login.sent is None:
        raise AssertionError("unreachable: the login was found by what it sent")
    service = _service(sim, login)
    return Expected(
        request_id=login.sent.request_id,
        sender=login.sent.authentication_service,
        audience=sim.entity_id,
        consumer_location=sim.addresses.consumer,
        minimum_level=login.asked.level,
        service_uuid=service.instance_uuid,
        register=sim.intermediary_register.entity_id,
        moment=moment,
        tolerance=sim.tolerance,
    )


def _authenticated(
    sim: Simulator, service: AuthenticationService, message: Response, expected: Expected
) -> Authenticated:
    signed = message.assertions[0]
    content = authentication_statement.read(signature.verify(signed, service.verification_keys, expected.moment))
    require(check(rules.CONTENT, ContentContext(content, expected)))
    level = levels.read(content.level_urn)
    if level is None:
        raise AssertionError("unreachable: EH-STM-26 rejects an unknown level")
    return Authenticated(
        authentication_service=service.entity_id,
        transient=content.transient,
        level=level,
        internal_pseudonym=_internal_pseudonym(sim, content),
        statement=signature.self_contained(signed).decode(),
    )


def _internal_pseudonym(sim: Simulator, content: AuthenticationStatement) -> InternalPseudonym:
    """Read as the register, for which it was encrypted. One private-key operation."""
    register = sim.intermediary_register
    name_id = encryption.decrypt(content.acting_subject, register.decryption, register.entity_id)
    if name_id.tag != f"{{{names.SAML}}}NameID" or name_id.get("NameQualifier") != content.issuer:
        raise Fault(EncryptionReason.CONTENT, "not a NameID of the authentication service")
    try:
        return InternalPseudonym(reading.text(name_id))
    except InvalidIdentifier as error:
        raise Fault(EncryptionReason.CONTENT, "not an internal pseudonym") from error


def _claim(tx: Transaction, rule: Rule[Repeat], message: Response, moment: datetime) -> None:
    claimed = [("Response", message.id), *(("Assertion", item.get("ID", "")) for item in message.assertions)]
    for where, message_id in claimed:
        try:
            replay.claim(tx, where.lower(), message.issuer, message_id, moment + REMEMBER_IDS)
        except AlreadyClaimed as error:
            raise UntrustedMessage(tuple(rule.findings(Repeat(where, message_id)))) from error


def accept(sim: Simulator, login_id: str, browser: str | None, token: str, renewed: str) -> Login:
    """The login's browser brings the token of an authenticated answer; raises `FlowError` for any other token.

    `renewed` is the reference under which that browser goes on, and no other does.
    """
    moment = sim.clock()

    def step(_tx: Transaction, login: Login) -> tuple[Login, Login]:
        accepted = attempt.accept(login, token, renewed, moment)
        return accepted, accepted

    return pending.change_owned(sim, login_id, browser, step)


def restart(sim: Simulator, login_id: str, browser: str | None) -> Login:
    """The person wants to log in with other means; raises `FlowError` once the login was answered."""
    moment = sim.clock()

    def step(_tx: Transaction, login: Login) -> tuple[Login, Login]:
        again = attempt.restart(login, moment)
        return again, again

    return pending.change_owned(sim, login_id, browser, step)


def was_refused(login: Login, token: str) -> bool:
    """Whether the answer under `token` says that nobody was authenticated."""
    arrival = login.arrival
    return arrival is not None and arrival.token_digest == attempt.digest_of(token) and arrival.authenticated is None


def received_statement(authenticated: Authenticated) -> assertion.Statement:
    """The authentication service's statement as it came, for Advice."""
    return assertion.received(authenticated.statement.encode())
