"""Answers to a service provider: a signed Response behind a one-time artifact."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from lxml import etree

from broker.core.login import Addressed
from broker.core.recorded import Carrier, Direction, WireMessage
from broker.saml import artifact, assertion, document, names, response, signature
from broker.saml.response import Response, Status
from broker.simulator.audit.recording import keep
from broker.simulator.context import Simulator
from broker.store import artifacts
from broker.store.artifacts import WaitingAnswer
from broker.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the browser must go, and what it brings: the artifact, and RelayState if there was one.

    `posted` tells that it goes in a form; otherwise the browser is redirected to `location`.
    """

    target: str
    fields: Mapping[str, str]
    posted: bool = False

    @property
    def location(self) -> str:
        """The target with the fields in its query, behind what stood there."""
        separator = "&" if urlsplit(self.target).query else "?"
        return self.target + separator + urlencode(self.fields)


def handle_digest(handle: bytes) -> bytes:
    """What the store knows of an artifact: who reads the store cannot resolve it."""
    return hashlib.sha256(handle).digest()


def refuse(sim: Simulator, tx: Transaction, login_id: str, to: Addressed, status: Status) -> Delivery:
    """Answer with `status` and no assertion. One private-key operation."""
    return deliver(sim, tx, login_id, to, status)


def deliver(
    sim: Simulator,
    tx: Transaction,
    login_id: str,
    to: Addressed,
    status: Status,
    assertions: tuple[etree._Element, ...] = (),
) -> Delivery:
    """Sign the Response, put it behind a new artifact, and say where the browser goes. One private-key operation."""
    moment, ids = sim.clock(), sim.ids.within(login_id, "answer")
    message = response.write(
        Response(
            id=ids.message_id(),
            version=names.VERSION,
            issue_instant=moment,
            issuer=sim.entity_id,
            in_response_to=to.request_id,
            destination=to.consumer_location,
            status=status,
            assertions=assertions,
        )
    )
    signature.sign(message, sim.signing, prefixes=assertion.VALUE_PREFIXES if assertions else ())
    handle, octets = ids.handle(), document.write(message)
    waiting = WaitingAnswer(to.service_provider, octets, moment + sim.lifetimes.artifact, login_id)
    artifacts.put(tx, handle_digest(handle), waiting)
    keep(
        sim,
        tx,
        WireMessage(
            login_id=login_id,
            at=moment,
            direction=Direction.SENT,
            carrier=Carrier.ARTIFACT,
            kind="Response",
            peer=to.service_provider,
            octets=octets,
            message_id=message.get("ID", ""),
            in_response_to=to.request_id,
        ),
    )
    fields = {"SAMLart": artifact.encode(sim.entity_id, handle)}
    if to.relay_state is not None:
        fields["RelayState"] = to.relay_state
    posted = sim.dialects.of(to.service_provider, to.version).artifact_delivery == "post"
    return Delivery(to.consumer_location, fields, posted)
