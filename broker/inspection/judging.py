"""Which rules apply to a message, by its kind: the same rules by which the broker takes or refuses it.

A rule whose context is not known is not applied, and that is told. Answers and assertions are in `answers`.
"""

from collections.abc import Callable, Mapping
from typing import Final

from lxml import etree

from broker.core.text import Text
from broker.inspection import answers
from broker.inspection.circumstances import (
    NO_CATALOGUE,
    NO_MEMORY,
    NO_METADATA,
    NO_RECEIVER,
    NO_REQUEST,
    Circumstances,
    Judgement,
    asked,
)
from broker.inspection.parts import Kind, Part
from broker.rules import artifact_response, by_the_book, logout, question, reception, request, resolve
from broker.rules.artifact_response import ArtifactResponseContext
from broker.rules.logout import LogoutContext, ReturnContext
from broker.rules.question import QuestionContext
from broker.rules.request import RequestContext
from broker.rules.resolve import ResolveContext
from broker.saml import artifact, artifact_resolution, authn_request
from broker.saml import logout as logout_messages
from broker.saml.authn_request import AuthnRequest
from broker.saml.faults import Fault
from broker.saml.metadata import ServiceProviderMetadata

_OF_METADATA: Final = ("EH-REQ-06", "EH-REQ-21", "EH-REQ-30", "EH-REQ-42", "EH-REQ-49")
_OF_CATALOGUE: Final = (
    *("EH-REQ-22", "EH-REQ-23", "EH-REQ-26", "EH-REQ-29", "EH-REQ-30", "EH-REQ-31", "EH-REQ-32"),
    *("EH-REQ-42", "EH-REQ-46", "EH-REQ-49"),
)
_OF_BROKER: Final = ("EH-REQ-27", "EH-REQ-28", "EH-REQ-46")
_WHICH_BROKER: Final = Text(
    "Dat hangt af van de makelaar die het ontvangt.", "That depends on the broker that receives it."
)


def judge(part: Part, content: etree._Element, known: Circumstances) -> Judgement:
    """What the rules for this kind of message say about `content`, as far as they can be asked."""
    look = _LOOKS.get(part.kind)
    if look is None:
        return Judgement()
    try:
        return look(content, known)
    except Fault as fault:
        return Judgement((reception.finding(fault),))


def _request(content: etree._Element, known: Circumstances) -> Judgement:
    message = authn_request.read_of_broker(content)
    if message.issuer.startswith("urn:etoegang:HM:") or message.service_uuid is not None:
        return _question(message, known)
    sender = known.known.service_provider(message.issuer)
    takes = known.takes_requests(message.destination)
    requested = request.resolve_service(message, sender) if sender else None
    service_id = requested.service_id if requested else None
    service = known.catalogue.find(service_id) if known.catalogue and service_id else None
    context = RequestContext(
        request=message,
        key_hint=known.key_hint,
        relay_state=known.relay_state,
        sender=sender or _nobody(message.issuer),
        consumer=request.resolve_consumer(message, sender) if sender else None,
        requested_service=requested,
        service=service,
        service_certificates=(),
        broker=takes or "",
        sso_location=message.destination or "",
        moment=known.moment,
        tolerance=known.tolerance,
        authentication_levels={},
    )
    withheld = {
        **dict.fromkeys(_OF_BROKER, _WHICH_BROKER),
        **(dict.fromkeys(_OF_CATALOGUE, NO_CATALOGUE) if known.catalogue is None or service is None else {}),
        **({} if sender else dict.fromkeys(_OF_METADATA, NO_METADATA)),
        **({} if takes else {"EH-REQ-02": NO_RECEIVER}),
        **known.without_moment("EH-REQ-03"),
        request.REPEATED.id: NO_MEMORY,
    }
    if sender and known.catalogue and service is None and requested is not None:
        del withheld["EH-REQ-22"]
    rules = (*request.TRUST, *request.SUPPORT, *by_the_book.RULES)
    return asked(rules, context, withheld) + asked((request.REPEATED,), request.Repeat(message.id), withheld)


def _nobody(entity_id: str) -> ServiceProviderMetadata:
    """A service provider of which nothing is known: every rule that looks at it is withheld."""
    return ServiceProviderMetadata(
        entity_id=entity_id,
        display_name=Text(entity_id, entity_id),
        verification_keys=(),
        encryption_certificates=(),
        assertion_consumers=(),
        services=(),
        signed=False,
        valid_until=None,
    )


def _question(message: AuthnRequest, known: Circumstances) -> Judgement:
    takes = known.takes_requests(message.destination)
    context = QuestionContext(message, message.destination or "")
    return asked(question.RULES, context, {} if takes else {"EH-ASK-02": NO_RECEIVER})


def _resolve(content: etree._Element, known: Circumstances) -> Judgement:
    message = artifact.read_resolve(content)
    asked_for = artifact.decode(message.artifact)
    sources = {artifact.source_id(entity_id): entity_id for entity_id in known.known.parties}
    broker = sources.get(asked_for.source_id)
    context = ResolveContext(message, asked_for, broker or "", message.destination or "", known.moment, known.tolerance)
    withheld = {
        "EH-RES-02": NO_RECEIVER,
        **({} if broker else {"EH-RES-04": NO_RECEIVER}),
        **known.without_moment("EH-RES-03"),
        resolve.REPEATED.id: NO_MEMORY,
    }
    return asked(resolve.RESOLVE, context, withheld) + asked((resolve.REPEATED,), resolve.Repeat(message.id), withheld)


def _resolved(content: etree._Element, known: Circumstances) -> Judgement:
    message = artifact_resolution.read_response(content)
    context = ArtifactResponseContext(
        message, message.in_response_to or "", message.issuer, known.moment, known.tolerance
    )
    withheld = {
        "EH-ART-11": NO_REQUEST,
        **({"EH-ART-12": NO_REQUEST} if message.in_response_to else {}),
        **known.without_moment("EH-ART-13"),
    }
    return asked(artifact_response.ANSWERED, context, withheld)


def _logout(content: etree._Element, known: Circumstances) -> Judgement:
    message = logout_messages.read_request(content)
    context = LogoutContext(message, known.relay_state, message.destination or "", known.moment, known.tolerance)
    withheld = {
        **({"EH-LGO-02": NO_RECEIVER} if message.destination else {}),
        **known.without_moment("EH-LGO-03", "EH-LGO-06"),
        logout.REPEATED.id: NO_MEMORY,
    }
    return asked(logout.LOGOUT, context, withheld) + asked((logout.REPEATED,), logout.Repeat(message.id), withheld)


def _logged_out(content: etree._Element, known: Circumstances) -> Judgement:
    message = logout_messages.read_response(content)
    context = ReturnContext(
        message, message.in_response_to or "", message.issuer, message.destination or "", known.moment, known.tolerance
    )
    withheld = {
        **({"EH-LGO-21": NO_RECEIVER} if message.destination else {}),
        **({"EH-LGO-22": NO_REQUEST} if message.in_response_to else {}),
        **({"EH-LGO-23": NO_REQUEST} if message.issuer_is_plain else {}),
        **known.without_moment("EH-LGO-24"),
    }
    return asked(logout.RETURN, context, withheld)


_LOOKS: Final[Mapping[Kind, Callable[[etree._Element, Circumstances], Judgement]]] = {
    Kind.REQUEST: _request,
    Kind.RESPONSE: answers.response,
    Kind.SUMMARY: answers.summary,
    Kind.AUTHENTICATION: answers.authentication,
    Kind.RESOLVE: _resolve,
    Kind.RESOLVED: _resolved,
    Kind.LOGOUT: _logout,
    Kind.LOGGED_OUT: _logged_out,
}
