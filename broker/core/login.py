"""One login attempt, as one immutable value with its history inside.

Each function below is one thing that can happen to a login; it checks that the login is at the step where that may
happen, and returns the next value. Nothing else changes a login, so the steps cannot be taken in another order:

    start -> bind -> send -> arrive -> accept -> answer
                      ^                  |
                      +---- restart -----+      answer may also follow an earlier step: the person cancels
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from hashlib import sha256
from typing import Any

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import RequestedAttribute
from broker.core.errors import LoginExpired, LoginUnknown, StepOutOfOrder
from broker.core.findings import Finding
from broker.core.interface import CURRENT, InterfaceVersion
from broker.core.script import Script


class Step(Enum):
    """Where a login is."""

    AUTHENTICATE = "authenticate"
    REPRESENT = "represent"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom to answer, on which request, at which registered address, with which RelayState of theirs.

    `version` is that of the interface whose address the request came to.
    """

    service_provider: str
    request_id: str
    consumer_location: str
    relay_state: str | None
    version: InterfaceVersion = CURRENT


@dataclass(frozen=True, slots=True)
class Asked:
    """What the service provider asked, as far as the rest of the login needs it.

    `level` is the minimum level: that of the request, or else of the catalogue. `preselected` is the authentication
    service that the service provider chose, if it did. `attributes` are those that the service may get besides
    identifiers.
    """

    addressed: Addressed
    service_id: str
    level: AssuranceLevel
    provider_name: str | None = None
    preselected: str | None = None
    force_authn: bool = True
    attributes: tuple[RequestedAttribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """The question that was sent to an authentication service."""

    authentication_service: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Authenticated:
    """What the authentication service proved, and its signed statement as it goes into Advice."""

    authentication_service: str
    transient: str
    level: AssuranceLevel
    internal_pseudonym: str
    statement: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A verified answer that waits for the browser it belongs to.

    It is fetched with a token of which only the digest is kept, so nobody who reads the store can fetch it.
    `authenticated` is None when nobody was: the user cancelled, or the authentication service could not do it and then
    `declined` is what it said about that, which may be nothing.
    """

    token_digest: str
    authenticated: Authenticated | None
    declined: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the history: when, what, and a short detail without secrets.

    `facts` are what it rests on, as JSON has it: ids and versions in the register, levels, never what messages say.
    """

    at: datetime
    what: str
    detail: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Login:
    """A login attempt. `browser` is the reference of the one browser that may go on with it, once it has come.

    A reference is the digest of what the browser holds: reading it is not enough to go on with the login (I11).
    It is another one from `accept` on: what a browser had before somebody was authenticated no longer counts. `script`
    is what was written down beforehand for the person to choose, if it was.
    """

    id: str
    step: Step
    started_at: datetime
    expires_at: datetime
    asked: Asked
    history: tuple[Event, ...]
    browser: str | None = None
    sent: Sent | None = None
    arrival: Arrival | None = None
    authenticated: Authenticated | None = None
    script: Script | None = None


def start(id_: str, asked: Asked, moment: datetime, expires_at: datetime, noted: tuple[Finding, ...] = ()) -> Login:
    """A new login for a request that was accepted; `noted` is what the rules had to say about it all the same."""
    began = Event(moment, "started", f"{asked.addressed.service_provider} {asked.service_id}")
    notes = (Event(moment, "noted", f"{item.rule} {item.where}: {item.detail}") for item in noted)
    return Login(id_, Step.AUTHENTICATE, moment, expires_at, asked, (began, *notes))


def require_alive(login: Login, moment: datetime) -> None:
    """Raises `LoginExpired` when the login took too long."""
    if moment >= login.expires_at:
        raise LoginExpired(f"started at {login.started_at.isoformat()}")


def require_browser(login: Login, browser: str | None) -> None:
    """Raises `LoginUnknown` unless `browser` is the one that the login belongs to."""
    if browser is None or login.browser != browser:
        raise LoginUnknown("the login belongs to another browser")


def require_step(login: Login, *steps: Step) -> None:
    """Raises `StepOutOfOrder` unless the login is at one of `steps`."""
    if login.step not in steps:
        raise StepOutOfOrder(f"the login is at {login.step.value}")


def bind(login: Login, browser: str, moment: datetime) -> Login:
    """The first browser that comes is the one that the login belongs to."""
    if login.browser is not None:
        raise LoginUnknown("the login belongs to another browser")
    return replace(login, browser=browser, history=_and(login, Event(moment, "bound")))


def send(login: Login, sent: Sent, moment: datetime) -> Login:
    """A question goes to an authentication service; an earlier one can no longer be answered."""
    require_step(login, Step.AUTHENTICATE)
    event = Event(moment, "sent", f"{sent.authentication_service} {sent.request_id}")
    return replace(login, sent=sent, arrival=None, history=_and(login, event))


def arrive(login: Login, arrival: Arrival, moment: datetime) -> Login:
    """A verified answer came in; it counts only once the login's own browser brings the token."""
    require_step(login, Step.AUTHENTICATE)
    refused = "cancelled" if arrival.declined is None else "declined"
    event = Event(moment, "arrived", "authenticated" if arrival.authenticated else refused)
    return replace(login, arrival=arrival, history=_and(login, event))


def digest_of(token: str) -> str:
    """What is kept of a secret that a browser holds: SHA-256, in hexadecimal."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def accept(login: Login, token: str, renewed: str, moment: datetime) -> Login:
    """The login's own browser brought the token of an authenticated answer.

    `renewed` is its reference from now on: whoever had it come with a known one knows it no longer (session fixation).
    """
    require_step(login, Step.AUTHENTICATE)
    arrival = login.arrival
    if arrival is None or arrival.token_digest != digest_of(token) or arrival.authenticated is None:
        raise StepOutOfOrder("this answer of the authentication service was already used")
    return replace(
        login,
        step=Step.REPRESENT,
        browser=renewed,
        arrival=None,
        authenticated=arrival.authenticated,
        history=_and(login, Event(moment, "accepted", arrival.authenticated.level.label)),
    )


def restart(login: Login, moment: datetime) -> Login:
    """The person wants to authenticate again, with other means; what was proven no longer counts."""
    require_step(login, Step.REPRESENT)
    return replace(
        login,
        step=Step.AUTHENTICATE,
        sent=None,
        authenticated=None,
        history=_and(login, Event(moment, "restarted")),
    )


def note(login: Login, what: str, detail: str, moment: datetime, facts: dict[str, Any] | None = None) -> Login:
    """Something worth remembering happened that does not move the login, a denial for instance."""
    return replace(login, history=_and(login, Event(moment, what, detail, facts or {})))


def answer(login: Login, what: str, detail: str, moment: datetime, facts: dict[str, Any] | None = None) -> Login:
    """The service provider got its answer; nothing can follow."""
    require_step(login, Step.AUTHENTICATE, Step.REPRESENT)
    event = Event(moment, what, detail, facts or {})
    return replace(login, step=Step.ANSWERED, arrival=None, history=_and(login, event))


def _and(login: Login, event: Event) -> tuple[Event, ...]:
    return (*login.history, event)
