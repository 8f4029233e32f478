"""Messages and logins as they are kept for whoever has to judge a login afterwards."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from broker.core.findings import Finding


class Direction(Enum):
    """Seen from the broker."""

    RECEIVED = "received"
    SENT = "sent"


class Carrier(Enum):
    """How a message travelled: the bindings of SAML 2.0 by their own names."""

    POST = "HTTP-POST"
    REDIRECT = "HTTP-Redirect"
    SOAP = "SOAP"
    ARTIFACT = "HTTP-Artifact"
    CALL = "in-process"
    """No binding: the registers of the simulator are asked in the broker's process."""


@dataclass(frozen=True, slots=True)
class WireMessage:
    """One message of one login, byte for byte.

    `octets` are the XML as it was received or sent; `query` is the raw query that carried it, for HTTP-Redirect, whose
    signature covers that and not the XML. `peer` is the EntityID of the other party, as far as it is proven; `kind` the
    local name of the root. `findings` are what the rules said about it.
    """

    login_id: str
    at: datetime
    direction: Direction
    carrier: Carrier
    kind: str
    peer: str
    octets: bytes
    message_id: str = ""
    in_response_to: str = ""
    query: bytes | None = None
    findings: tuple[Finding, ...] = ()


class Outcome(Enum):
    """How a login stands: under way, or how it ended."""

    UNDER_WAY = "under_way"
    GRANTED = "granted"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True, slots=True)
class LoginRecord:
    """One login, for searching. Organisations and the person are named by their ids in the register.

    `reason` is the last refusal's code, or the rule that the request broke. `document` is JSON: its history and facts.
    """

    id: str
    started_at: datetime
    service_provider: str
    service_id: str
    outcome: Outcome
    reason: str = ""
    person_id: str = ""
    client_id: str = ""
    intermediary_id: str = ""
    ended_at: datetime | None = None
    document: str = "{}"
