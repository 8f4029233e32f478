"""Logging out: a service provider's LogoutRequest goes on to the authentication service where the login was.

The broker has no session of its own to end (etd Single sign-on and user sessions). The authentication service ends
its session and says so; that is the last page, unless the service provider takes answers to its logout requests.
Then the authentication service is given a RelayState, which asks it to send the browser back.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from lxml import etree
from pydantic import TypeAdapter

from broker.core.errors import UntrustedMessage
from broker.core.findings import Finding
from broker.core.interface import CURRENT, InterfaceVersion
from broker.core.recorded import Carrier, Direction, WireMessage
from broker.core.text import Text
from broker.rules import logout as rules
from broker.rules.logout import LogoutContext
from broker.rules.rule import check
from broker.saml import document, logout, names, post, redirect, signature
from broker.saml.logout import LogoutRequest
from broker.simulator.audit.recording import logging_out
from broker.simulator.context import Simulator
from broker.simulator.requests import REMEMBER_IDS, Incoming
from broker.simulator.trust import read_message, require, unknown_sender, untrusted
from broker.store import logouts, replay, sessions
from broker.store.database import Transaction
from broker.store.errors import AlreadyClaimed


@dataclass(frozen=True, slots=True)
class Waiting:
    """A logout that an authentication service still answers: what to tell whom, and what we asked it."""

    service_provider: str
    request_id: str
    relay_state: str | None
    authentication_service: str
    own_request_id: str
    login_id: str = ""


@dataclass(frozen=True, slots=True)
class Onward:
    """A form for the browser to post: to whom, where, and its fields."""

    name: Text
    target: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class NowhereToGo:
    """It is not known where the login was, so nothing can be ended; the finding says why."""

    findings: tuple[Finding, ...]


WAITING: Final = TypeAdapter(Waiting)


def receive_post(sim: Simulator, form: post.Form, version: InterfaceVersion = CURRENT) -> Onward | NowhereToGo:
    """Take a LogoutRequest from a posted form; see `_receive`."""
    with untrusted():
        posted = post.read(form, "SAMLRequest")
    return _receive(sim, Incoming(posted.message, posted.relay_state, signature.verify, version, Carrier.POST))


def receive_redirect(sim: Simulator, query: bytes, version: InterfaceVersion = CURRENT) -> Onward | NowhereToGo:
    """Take a LogoutRequest from the raw query of a redirect; see `_receive`."""
    with untrusted():
        signed = redirect.decode(query)
    prove = partial(redirect.prove, signed)
    return _receive(sim, Incoming(signed.message, signed.relay_state, prove, version, Carrier.REDIRECT, query))


def _receive(sim: Simulator, incoming: Incoming) -> Onward | NowhereToGo:
    """Verify a LogoutRequest, judge it, remember its ID, and sign the one for the authentication service.

    Raises `UntrustedMessage`. One private-key operation.
    """
    moment = sim.clock()
    with untrusted():
        root, issuer = read_message(incoming.data, logout.REQUEST_TAG)
        sender = sim.store.read(lambda tx: sim.service_providers.find(tx, issuer, moment))
        if sender is None:
            raise unknown_sender(issuer)
        request = logout.read_request(incoming.prove(root, sender.verification_keys, moment))
    expected = sim.addresses.at(incoming.version).logout
    require(check(rules.LOGOUT, LogoutContext(request, incoming.relay_state, expected, moment, sim.tolerance)))
    own_id, token = sim.ids.within("logout", request.issuer, request.id).message_id(), sim.ids.token()
    wants_answer = sender.logout_response_location is not None

    def transaction(tx: Transaction) -> Onward | None:
        _claim(tx, request, moment)
        known = sessions.find(tx, request.issuer, request.name_id or "", moment)
        service = sim.authentication_services.get(known.authentication_service) if known else None
        if known is None or service is None or service.logout_location is None:
            return None
        if wants_answer:
            relay_state, login_id = incoming.relay_state, known.login_id
            waiting = Waiting(request.issuer, request.id, relay_state, service.entity_id, own_id, login_id)
            logouts.put(tx, token, WAITING.dump_json(waiting).decode(), moment + sim.lifetimes.login)
        message = logout.write_request(
            LogoutRequest(
                id=own_id,
                version=names.VERSION,
                issue_instant=moment,
                issuer=sim.entity_id,
                destination=service.logout_location,
                name_id=known.transient,
                name_qualifier=service.entity_id,
            )
        )
        signature.sign(message, sim.signing)
        received = received_message(moment, incoming.carrier, "LogoutRequest", request.issuer, incoming.data)
        asked = replace(received, message_id=request.id, query=incoming.query)
        logging_out(sim, tx, known.login_id, request.issuer, (asked, sent_message(moment, service.entity_id, message)))
        return onward("SAMLRequest", message, service.names, token if wants_answer else None)

    found = sim.store.write(transaction)
    return found or NowhereToGo(tuple(rules.UNKNOWN_LOGIN.findings(request)))


def received_message(moment: datetime, carrier: Carrier, kind: str, sender: str, octets: bytes) -> WireMessage:
    """A message about logging out that came in; of which login is told when it is kept."""
    return WireMessage("", moment, Direction.RECEIVED, carrier, kind, sender, octets)


def sent_message(moment: datetime, to: str, message: etree._Element) -> WireMessage:
    """One that goes out, by HTTP-POST."""
    kind, octets = etree.QName(message).localname, document.write(message)
    ids = (message.get("ID", ""), message.get("InResponseTo", ""))
    return WireMessage("", moment, Direction.SENT, Carrier.POST, kind, to, octets, *ids)


def onward(field: str, message: etree._Element, name: Text, relay_state: str | None) -> Onward:
    """The form that takes `message`, which has a Destination, to the party of this name."""
    fields = {field: post.encode(message)}
    if relay_state is not None:
        fields["RelayState"] = relay_state
    return Onward(name, message.get("Destination", ""), fields)


def _claim(tx: Transaction, request: LogoutRequest, moment: datetime) -> None:
    try:
        replay.claim(tx, "logout", request.issuer, request.id, moment + REMEMBER_IDS)
    except AlreadyClaimed as error:
        raise UntrustedMessage(tuple(rules.REPEATED.findings(rules.Repeat(request.id)))) from error
