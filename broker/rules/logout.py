"""Rules for logging out: the LogoutRequest of a service provider, and what the authentication service answers to ours.

etd Single log-out; SAML core 3.7, profiles 4.4. The scheme's own table of these messages could not be read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from broker.core.findings import Severity
from broker.core.text import Text
from broker.rules.rule import Rule, Seen
from broker.rules.timing import Tolerance, age_fault
from broker.saml import names
from broker.saml.logout import LogoutRequest, LogoutResponse
from broker.saml.post import MAX_RELAY_STATE_BYTES


@dataclass(frozen=True, slots=True)
class LogoutContext:
    """A verified LogoutRequest of a service provider, and where the broker takes them."""

    request: LogoutRequest
    relay_state: str | None
    logout_location: str
    moment: datetime
    tolerance: Tolerance


@dataclass(frozen=True, slots=True)
class ReturnContext:
    """A verified LogoutResponse of an authentication service, and the request of ours that it must answer."""

    response: LogoutResponse
    request_id: str
    authentication_service: str
    logout_location: str
    moment: datetime
    tolerance: Tolerance


@dataclass(frozen=True, slots=True)
class Repeat:
    """A message whose ID its sender already used."""

    message_id: str


def _version(context: LogoutContext) -> Iterable[Seen]:
    if context.request.version != names.VERSION:
        yield Seen("LogoutRequest/@Version", context.request.version)


def _destination(context: LogoutContext) -> Iterable[Seen]:
    if context.request.destination != context.logout_location:
        found = context.request.destination
        yield Seen("LogoutRequest/@Destination", f"{found!r}, expected {context.logout_location!r}")


def _age(context: LogoutContext) -> Iterable[Seen]:
    fault = age_fault(context.request.issue_instant, context.moment, context.tolerance)
    if fault:
        yield Seen("LogoutRequest/@IssueInstant", fault)


def _issuer(context: LogoutContext) -> Iterable[Seen]:
    if not context.request.issuer_is_plain:
        yield Seen("LogoutRequest/Issuer", "attributes are not allowed")


def _relay_state(context: LogoutContext) -> Iterable[Seen]:
    size = len((context.relay_state or "").encode())
    if size > MAX_RELAY_STATE_BYTES:
        yield Seen("RelayState", f"{size} bytes, at most {MAX_RELAY_STATE_BYTES}")


def _expired(context: LogoutContext) -> Iterable[Seen]:
    end = context.request.not_on_or_after
    if end is not None and context.moment >= end + context.tolerance.skew:
        yield Seen("LogoutRequest/@NotOnOrAfter", "has passed")


def _name_id(context: LogoutContext) -> Iterable[Seen]:
    if not context.request.name_id:
        yield Seen("LogoutRequest/NameID", "is missing or empty; BaseID and EncryptedID are not used by the scheme")


def _repeated(repeat: Repeat) -> Iterable[Seen]:
    yield Seen("LogoutRequest/@ID", f"{repeat.message_id} was used before")


def _unknown_login(request: LogoutRequest) -> Iterable[Seen]:
    yield Seen("LogoutRequest/NameID", f"no login of {request.issuer} with this NameID is known, or it is long ago")


def _return_version(context: ReturnContext) -> Iterable[Seen]:
    if context.response.version != names.VERSION:
        yield Seen("LogoutResponse/@Version", context.response.version)


def _return_destination(context: ReturnContext) -> Iterable[Seen]:
    if context.response.destination != context.logout_location:
        yield Seen("LogoutResponse/@Destination", repr(context.response.destination))


def _return_request(context: ReturnContext) -> Iterable[Seen]:
    if context.response.in_response_to != context.request_id:
        yield Seen("LogoutResponse/@InResponseTo", repr(context.response.in_response_to))


def _return_issuer(context: ReturnContext) -> Iterable[Seen]:
    response = context.response
    if response.issuer != context.authentication_service or not response.issuer_is_plain:
        yield Seen("LogoutResponse/Issuer", f"{response.issuer!r}: the request was sent to another party")


def _return_age(context: ReturnContext) -> Iterable[Seen]:
    fault = age_fault(context.response.issue_instant, context.moment, context.tolerance)
    if fault:
        yield Seen("LogoutResponse/@IssueInstant", fault)


def _unsolicited(relay_state: str | None) -> Iterable[Seen]:
    yield Seen("RelayState", f"{(relay_state or '')[:100]!r} is not a logout that waits for an answer")


REPEATED: Final = Rule(
    "EH-LGO-08",
    Severity.ERROR,
    "etd DV-HM: ID unique for 12 months",
    Text("Dit verzoek om uit te loggen is al eens gebruikt.", "This logout request was used before."),
    _repeated,
)
UNKNOWN_LOGIN: Final = Rule(
    "EH-LGO-09",
    Severity.WARNING,
    "etd Single log-out: no authentication service known",
    Text(
        "Van deze login is niet meer bekend bij welke authenticatiedienst die was.",
        "It is no longer known at which authentication service this login was.",
    ),
    _unknown_login,
)
UNSOLICITED: Final = Rule(
    "EH-LGO-25",
    Severity.ERROR,
    "SAML profiles 4.4.4.2: InResponseTo",
    Text("Dit antwoord hoort bij geen verzoek om uit te loggen.", "This answer belongs to no logout request."),
    _unsolicited,
)

LOGOUT: Final[tuple[Rule[LogoutContext], ...]] = (
    Rule(
        "EH-LGO-01",
        Severity.ERROR,
        "SAML core 3.2.1",
        Text("De versie is niet 2.0.", "The version is not 2.0."),
        _version,
    ),
    Rule(
        "EH-LGO-02",
        Severity.ERROR,
        "SAML core 3.2.1: Destination; etd Single log-out",
        Text(
            "Het verzoek om uit te loggen is voor een ander adres bestemd.",
            "The logout request is meant for another address.",
        ),
        _destination,
    ),
    Rule(
        "EH-LGO-03",
        Severity.ERROR,
        "SAML core 3.2.1: IssueInstant",
        Text(
            "Het verzoek om uit te loggen is te oud of komt uit de toekomst.",
            "The logout request is too old or comes from the future.",
        ),
        _age,
    ),
    Rule(
        "EH-LGO-04",
        Severity.ERROR,
        "etd DV-HM: Issuer",
        Text("Issuer mag geen attributen hebben.", "Issuer may not have attributes."),
        _issuer,
    ),
    Rule(
        "EH-LGO-05",
        Severity.ERROR,
        "SAML bindings 3.5.3; etd Interface specifications web",
        Text("RelayState is langer dan 80 bytes.", "RelayState is longer than 80 bytes."),
        _relay_state,
    ),
    Rule(
        "EH-LGO-06",
        Severity.ERROR,
        "SAML core 3.7.1: NotOnOrAfter",
        Text("Het verzoek om uit te loggen geldt niet meer.", "The logout request no longer counts."),
        _expired,
    ),
    Rule(
        "EH-LGO-07",
        Severity.ERROR,
        "SAML core 3.7.1: NameID; etd Single log-out",
        Text("Het verzoek noemt geen NameID.", "The request names no NameID."),
        _name_id,
    ),
)

RETURN: Final[tuple[Rule[ReturnContext], ...]] = (
    Rule(
        "EH-LGO-20",
        Severity.ERROR,
        "SAML core 3.2.2",
        Text("De versie van het antwoord is niet 2.0.", "The version of the answer is not 2.0."),
        _return_version,
    ),
    Rule(
        "EH-LGO-21",
        Severity.ERROR,
        "SAML core 3.2.2: Destination",
        Text("Het antwoord is voor een ander adres bestemd.", "The answer is meant for another address."),
        _return_destination,
    ),
    Rule(
        "EH-LGO-22",
        Severity.ERROR,
        "SAML core 3.2.2: InResponseTo",
        Text("Het antwoord hoort bij een ander verzoek.", "The answer belongs to another request."),
        _return_request,
    ),
    Rule(
        "EH-LGO-23",
        Severity.ERROR,
        "SAML profiles 4.4.4.2: Issuer",
        Text(
            "Het antwoord komt van een andere authenticatiedienst dan gevraagd.",
            "The answer is from another authentication service than was asked.",
        ),
        _return_issuer,
    ),
    Rule(
        "EH-LGO-24",
        Severity.ERROR,
        "SAML core 3.2.2: IssueInstant",
        Text("Het antwoord is te oud of komt uit de toekomst.", "The answer is too old or comes from the future."),
        _return_age,
    ),
)

RULES: Final[tuple[Rule[Any], ...]] = (*LOGOUT, REPEATED, UNKNOWN_LOGIN, *RETURN, UNSOLICITED)
