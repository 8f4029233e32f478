"""The way back from logging out: the authentication service's answer, passed on to the service provider."""

from dataclasses import replace

from lxml import etree

from broker.core.errors import UntrustedMessage
from broker.core.recorded import Carrier
from broker.rules import logout as rules
from broker.rules.logout import ReturnContext
from broker.rules.rule import check
from broker.saml import logout, names, post, signature
from broker.saml.logout import LogoutResponse
from broker.saml.response import SUCCESS, Status
from broker.simulator.audit.recording import logging_out
from broker.simulator.context import Simulator
from broker.simulator.logout import WAITING, Onward, Waiting, onward, received_message, sent_message
from broker.simulator.trust import read_message, require, unknown_sender, untrusted
from broker.store import logouts
from broker.store.database import Transaction

_FAILED = Status(names.STATUS_RESPONDER)


def receive(sim: Simulator, form: post.Form) -> Onward:
    """Take the posted LogoutResponse of an authentication service; it counts once.

    Gives the LogoutResponse for the service provider: Success, or Responder when the authentication service did not
    succeed. Raises `UntrustedMessage`. One private-key operation.
    """
    moment = sim.clock()
    with untrusted():
        posted = post.read(form, "SAMLResponse")
        root, issuer = read_message(posted.message, logout.RESPONSE_TAG)
        service = sim.authentication_services.get(issuer)
        if service is None:
            raise unknown_sender(issuer)
        answer = logout.read_response(signature.verify(root, service.verification_keys, moment))
    token = posted.relay_state or ""
    kept = sim.store.read(lambda tx: logouts.find(tx, token, moment))
    if kept is None:
        raise _unsolicited(posted.relay_state)
    waiting = WAITING.validate_json(kept)
    expected = (waiting.own_request_id, waiting.authentication_service, sim.addresses.logout, moment, sim.tolerance)
    require(check(rules.RETURN, ReturnContext(answer, *expected)))

    def transaction(tx: Transaction) -> Onward:
        if not logouts.take(tx, token):
            raise _unsolicited(posted.relay_state)
        message, onwards = _answer(sim, tx, waiting, SUCCESS if answer.status.is_success else _FAILED)
        received = received_message(moment, Carrier.POST, "LogoutResponse", issuer, posted.message)
        answered = replace(received, message_id=answer.id, in_response_to=waiting.own_request_id)
        sent = sent_message(moment, waiting.service_provider, message)
        logging_out(sim, tx, waiting.login_id, waiting.service_provider, (answered, sent))
        return onwards

    return sim.store.write(transaction)


def _unsolicited(relay_state: str | None) -> UntrustedMessage:
    return UntrustedMessage(tuple(rules.UNSOLICITED.findings(relay_state)))


def _answer(sim: Simulator, tx: Transaction, waiting: Waiting, status: Status) -> tuple[etree._Element, Onward]:
    moment = sim.clock()
    known = sim.service_providers.find(tx, waiting.service_provider, moment)
    if known is None or known.logout_response_location is None:
        raise UntrustedMessage(tuple(rules.UNSOLICITED.findings(None)))
    message = logout.write_response(
        LogoutResponse(
            id=sim.ids.within("logout answer", waiting.service_provider, waiting.request_id).message_id(),
            version=names.VERSION,
            issue_instant=moment,
            issuer=sim.entity_id,
            in_response_to=waiting.request_id,
            destination=known.logout_response_location,
            status=status,
        )
    )
    signature.sign(message, sim.signing)
    return message, onward("SAMLResponse", message, known.display_name, waiting.relay_state)
