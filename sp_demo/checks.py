"""Is this answer for us, to this request, now? One small function per rule; each raises `Refused` or says nothing.

pysaml2 lets pass a wrong or missing Recipient, Destination and Conditions, a second audience, another trusted
issuer and a lifetime that never ends; here nothing is optional.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml.etree import _Element as Element

from sp_demo import xml
from sp_demo.names import BEARER, LEVELS, SERVICE_ID, saml
from sp_demo.receive import Answer
from sp_demo.refusal import Reason, Refused
from sp_demo.values import attribute_values

SKEW = timedelta(seconds=60)
MAX_AGE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the answer must agree with; `level` is that of the service, `now` an aware moment in UTC."""

    broker: str
    entity_id: str
    acs_url: str
    resolve_id: str
    request_id: str
    service_id: str
    level: str
    now: datetime


def run(answer: Answer, expected: Expected) -> tuple[str, ...]:
    """Apply every rule that fits the answer; gives the names of the rules that were applied."""
    for check in _MESSAGE_CHECKS:
        check(answer, expected)
    if answer.assertion is None:
        return _names(_MESSAGE_CHECKS)
    for assertion_check in _ASSERTION_CHECKS:
        assertion_check(answer.assertion, expected)
    return _names(_MESSAGE_CHECKS) + _names(_ASSERTION_CHECKS)


def issuer(answer: Answer, expected: Expected) -> None:
    """Every level is issued by the broker this login was sent to, in exactly the scheme's form."""
    for element in (answer.artifact_response, answer.response, answer.assertion):
        if element is None:
            continue
        said = xml.only_child(element, saml("Issuer"))
        if said.text != expected.broker or said.attrib:
            raise Refused(Reason.NOT_FOR_US, f"{element.tag} issued by {said.text!r} {said.keys()}")


def answers_our_request(answer: Answer, expected: Expected) -> None:
    """InResponseTo is our ArtifactResolve, and the AuthnRequest of this very browser."""
    for element, own in ((answer.artifact_response, expected.resolve_id), (answer.response, expected.request_id)):
        if element.get("InResponseTo") != own:
            raise Refused(Reason.OTHER_REQUEST, f"{element.tag} answers {element.get('InResponseTo')}, not {own}")


def destination(answer: Answer, expected: Expected) -> None:
    """The Response was sent to our assertion consumer service."""
    if answer.response.get("Destination") != expected.acs_url:
        raise Refused(Reason.NOT_FOR_US, f"Destination {answer.response.get('Destination')!r}")


def issued_now(answer: Answer, expected: Expected) -> None:
    """Every level was issued in the last minutes."""
    for element in (answer.artifact_response, answer.response, answer.assertion):
        if element is None:
            continue
        issued = _moment(element, "IssueInstant")
        if not expected.now - MAX_AGE - SKEW <= issued <= expected.now + SKEW:
            raise Refused(Reason.NOT_NOW, f"{element.tag} issued at {issued}")


def confirmation(assertion: Element, expected: Expected) -> None:
    """The bearer may show it here, in answer to this request, and not for ever."""
    subject = xml.only_child(assertion, saml("Subject"))
    confirmed = xml.only_child(subject, saml("SubjectConfirmation"))
    if confirmed.get("Method") != BEARER:
        raise Refused(Reason.NOT_FOR_US, f"confirmation method {confirmed.get('Method')}")
    data = xml.only_child(confirmed, saml("SubjectConfirmationData"))
    if data.get("Recipient") != expected.acs_url:
        raise Refused(Reason.NOT_FOR_US, f"Recipient {data.get('Recipient')!r}")
    if data.get("InResponseTo") != expected.request_id:
        raise Refused(Reason.OTHER_REQUEST, f"confirmation answers {data.get('InResponseTo')}")
    if data.get("NotBefore") is not None:
        raise Refused(Reason.MALFORMED, "NotBefore in the confirmation of a bearer")
    _expect_before_end(data, expected.now)


def validity(assertion: Element, expected: Expected) -> None:
    """Conditions are there, with a beginning and an end, and it is now."""
    conditions = xml.only_child(assertion, saml("Conditions"))
    if _moment(conditions, "NotBefore") > expected.now + SKEW:
        raise Refused(Reason.NOT_NOW, f"not valid before {conditions.get('NotBefore')}")
    _expect_before_end(conditions, expected.now)


def audience(assertion: Element, expected: Expected) -> None:
    """The only condition is one audience, us."""
    conditions = xml.only_child(assertion, saml("Conditions"))
    if xml.children(conditions) != [saml("AudienceRestriction")]:
        raise Refused(Reason.NOT_FOR_US, f"conditions {xml.children(conditions)}")
    named = [xml.text_of(part) for part in conditions[0]]
    if named != [expected.entity_id]:
        raise Refused(Reason.NOT_FOR_US, f"audience {named}")


def level_of_assurance(assertion: Element, expected: Expected) -> None:
    """The level is known and at least that of the service."""
    statement = xml.only_child(assertion, saml("AuthnStatement"))
    context = xml.only_child(statement, saml("AuthnContext"))
    reached = LEVELS.get(xml.text_of(xml.only_child(context, saml("AuthnContextClassRef"))))
    order = list(LEVELS.values())
    if reached is None or order.index(reached) < order.index(expected.level):
        raise Refused(Reason.NOT_ENOUGH, f"level {reached}, expected {expected.level}")


def service(assertion: Element, expected: Expected) -> None:
    """The login is for the service that was asked for."""
    named = attribute_values(assertion, SERVICE_ID)
    if expected.service_id not in named:
        raise Refused(Reason.NOT_ENOUGH, f"service {named}, expected {expected.service_id}")


_MESSAGE_CHECKS: tuple[Callable[[Answer, Expected], None], ...] = (
    issuer,
    answers_our_request,
    destination,
    issued_now,
)
_ASSERTION_CHECKS: tuple[Callable[[Element, Expected], None], ...] = (
    confirmation,
    validity,
    audience,
    level_of_assurance,
    service,
)


def _names(checks: Iterable[Callable[..., None]]) -> tuple[str, ...]:
    return tuple(check.__name__ for check in checks)


def _expect_before_end(element: Element, now: datetime) -> None:
    end = _moment(element, "NotOnOrAfter")
    if now >= end + SKEW:
        raise Refused(Reason.NOT_NOW, f"{element.tag} not valid on or after {end}")


def _moment(element: Element, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(element.get(name, ""))
    except ValueError as error:
        raise Refused(Reason.NOT_NOW, f"{element.tag}/@{name} is {element.get(name)!r}") from error
    if moment.tzinfo is None:
        raise Refused(Reason.NOT_NOW, f"{element.tag}/@{name} without time zone")
    return moment
