"""The broker's LogoutRequest, once it is proven, and the answer to it (etd Single log-out; SAML core 3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from broker.core.ids import Ids
from broker.saml import document, logout, names, post, response, schema, signature
from broker.saml.faults import Fault
from broker.saml.logout import LogoutRequest, LogoutResponse
from broker.saml.network import Broker
from idp_stub.questions import QuestionRefused
from idp_stub.statements import Issuer

_AGE: Final = timedelta(minutes=5)
_SKEW: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody logs out: the transient subject of the login, and the broker that asks.

    A broker that wants the browser back gives a RelayState and has an address for answers; otherwise `return_to` and
    `relay_state` are None, and the page that says so is the last one.
    """

    request_id: str
    broker: str
    transient: str
    return_to: str | None
    relay_state: str | None


def receive(form: post.Form, brokers: Mapping[str, Broker], destination: str, moment: datetime) -> Leaving:
    """Verify a posted LogoutRequest; raises `QuestionRefused`."""
    try:
        posted = post.read(form, "SAMLRequest")
        root = document.read(posted.message)
        document.expect_root(root, logout.REQUEST_TAG)
        schema.validate(root)
        broker = brokers.get(root.findtext(f"{{{names.SAML}}}Issuer") or "")
        if broker is None:
            raise QuestionRefused("the sender is not a broker of this network")
        request = logout.read_request(signature.verify(root, broker.verification_keys, moment))
    except Fault as fault:
        raise QuestionRefused(str(fault)) from fault
    return _leaving(request, broker, posted.relay_state, destination, moment)


def _leaving(
    request: LogoutRequest, broker: Broker, relay_state: str | None, destination: str, moment: datetime
) -> Leaving:
    if request.destination != destination:
        raise QuestionRefused(f"meant for {request.destination!r}")
    if not moment - _AGE - _SKEW <= request.issue_instant <= moment + _SKEW:
        raise QuestionRefused(f"issued at {request.issue_instant.isoformat()}")
    if not request.name_id:
        raise QuestionRefused("the request names no NameID")
    wanted = relay_state is not None and broker.logout_location is not None
    return Leaving(
        request_id=request.id,
        broker=broker.entity_id,
        transient=request.name_id,
        return_to=broker.logout_location if wanted else None,
        relay_state=relay_state if wanted else None,
    )


def answer(issuer: Issuer, leaving: Leaving, moment: datetime, ids: Ids) -> etree._Element:
    """The signed LogoutResponse: Success."""
    message = logout.write_response(
        LogoutResponse(
            id=ids.message_id(),
            version=names.VERSION,
            issue_instant=moment,
            issuer=issuer.entity_id,
            in_response_to=leaving.request_id,
            destination=leaving.return_to,
            status=response.SUCCESS,
        )
    )
    signature.sign(message, issuer.signing)
    return message
