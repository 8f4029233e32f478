"""What is looked at in every answer to a question of ours: the Response, and the bearer assertion in it.

SAML profiles 4.1.4. The broker asks an authentication service (`statement`), its Beheermodule asks a broker
(`summary`); each gives what is seen here an id, a clause and words of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from broker.core.assurance import AssuranceLevel
from broker.rules.rule import Seen
from broker.rules.timing import Tolerance, age_fault
from broker.saml import levels, names
from broker.saml.bearer import BearerAssertion
from broker.saml.response import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What whoever asked expects of the answer.

    `sender` is the EntityID of the party that was asked, `audience` our own.
    """

    request_id: str
    sender: str
    audience: str
    consumer_location: str
    minimum_level: AssuranceLevel
    service_uuid: str
    moment: datetime
    tolerance: Tolerance


@dataclass(frozen=True, slots=True)
class EnvelopeContext:
    """A verified Response, and what was expected."""

    response: Response
    expected: Expected


@dataclass(frozen=True, slots=True)
class AssertionContext:
    """A verified assertion, and what was expected."""

    statement: BearerAssertion
    expected: Expected


@dataclass(frozen=True, slots=True)
class Repeat:
    """A message or assertion whose ID its sender already used."""

    where: str
    message_id: str


def version(context: EnvelopeContext) -> Iterable[Seen]:
    """Another version than 2.0."""
    if context.response.version != names.VERSION:
        yield Seen("Response/@Version", context.response.version)


def destination(context: EnvelopeContext) -> Iterable[Seen]:
    """Another address than the one that the answer was asked at."""
    if context.response.destination != context.expected.consumer_location:
        yield Seen("Response/@Destination", repr(context.response.destination))


def in_response_to(context: EnvelopeContext) -> Iterable[Seen]:
    """Another question."""
    if context.response.in_response_to != context.expected.request_id:
        yield Seen("Response/@InResponseTo", repr(context.response.in_response_to))


def issuer(context: EnvelopeContext) -> Iterable[Seen]:
    """Another party than was asked."""
    response = context.response
    if response.issuer != context.expected.sender or not response.issuer_is_plain:
        yield Seen("Response/Issuer", f"{response.issuer!r}: another party was asked")


def age(context: EnvelopeContext) -> Iterable[Seen]:
    """Too old, or of the future."""
    fault = age_fault(context.response.issue_instant, context.expected.moment, context.expected.tolerance)
    if fault:
        yield Seen("Response/@IssueInstant", fault)


def extensions(context: EnvelopeContext) -> Iterable[Seen]:
    """Extensions, which the scheme forbids."""
    if context.response.has_extensions:
        yield Seen("Response/Extensions", "not allowed")


def assertion_count(context: EnvelopeContext) -> Iterable[Seen]:
    """Another number of assertions than goes with the status."""
    response = context.response
    wanted = 1 if response.status.is_success else 0
    if len(response.assertions) != wanted or response.encrypted_assertions:
        found = f"{len(response.assertions)} plain and {response.encrypted_assertions} encrypted"
        yield Seen("Response/Assertion", f"{found}, expected {wanted} plain")


def statement_version(context: AssertionContext) -> Iterable[Seen]:
    """An assertion of another version than 2.0."""
    if context.statement.version != names.VERSION:
        yield Seen("Assertion/@Version", context.statement.version)


def statement_issuer(context: AssertionContext) -> Iterable[Seen]:
    """An assertion of another party than was asked."""
    if context.statement.issuer != context.expected.sender:
        yield Seen("Assertion/Issuer", repr(context.statement.issuer))


def statement_age(context: AssertionContext) -> Iterable[Seen]:
    """An assertion that is too old, or of the future."""
    fault = age_fault(context.statement.issue_instant, context.expected.moment, context.expected.tolerance)
    if fault:
        yield Seen("Assertion/@IssueInstant", fault)


def confirmation(context: AssertionContext) -> Iterable[Seen]:
    """Anything but one bearer confirmation, for this question, at this address, that has not ended."""
    expected = context.expected
    where = "Assertion/Subject/SubjectConfirmation"
    if len(context.statement.confirmations) != 1:
        yield Seen(where, f"{len(context.statement.confirmations)} confirmations, expected one")
        return
    method, data = context.statement.confirmations[0]
    if method != names.BEARER:
        yield Seen(where, f"method {method}")
    if data is None:
        yield Seen(where, "InResponseTo, Recipient or NotOnOrAfter is missing")
        return
    if data.in_response_to != expected.request_id:
        yield Seen(f"{where}/@InResponseTo", repr(data.in_response_to))
    if data.recipient != expected.consumer_location:
        yield Seen(f"{where}/@Recipient", repr(data.recipient))
    if expected.moment >= data.not_on_or_after + expected.tolerance.skew:
        yield Seen(f"{where}/@NotOnOrAfter", "has passed")


def conditions(context: AssertionContext) -> Iterable[Seen]:
    """A period of validity that is missing, or not now."""
    window, expected = context.statement.window, context.expected
    if window is None:
        yield Seen("Assertion/Conditions", "NotBefore or NotOnOrAfter is missing")
        return
    if expected.moment < window.not_before - expected.tolerance.skew:
        yield Seen("Assertion/Conditions/@NotBefore", "lies in the future")
    if expected.moment >= window.not_on_or_after + expected.tolerance.skew:
        yield Seen("Assertion/Conditions/@NotOnOrAfter", "has passed")


def audience(context: AssertionContext) -> Iterable[Seen]:
    """An assertion that is not meant for us."""
    restrictions = context.statement.audience_restrictions
    if not restrictions or any(context.expected.audience not in audiences for audiences in restrictions):
        yield Seen("Assertion/Conditions/AudienceRestriction", f"does not name us: {restrictions}"[:300])


def unknown_conditions(context: AssertionContext) -> Iterable[Seen]:
    """A condition that is not understood."""
    for name in context.statement.unknown_conditions:
        yield Seen("Assertion/Conditions", f"{name} is not known")


def level(context: AssertionContext) -> Iterable[Seen]:
    """A level below the one that was asked, or of another scheme."""
    found = levels.read(context.statement.level_urn)
    if found is None or found < context.expected.minimum_level:
        asked = context.expected.minimum_level.label
        yield Seen("Assertion/AuthnContextClassRef", f"{context.statement.level_urn!r}, at least {asked} was asked")


def authentication_age(context: AssertionContext) -> Iterable[Seen]:
    """An authentication that is too old, or of the future."""
    # ForceAuthn is passed on as the service provider asked. Without it too every login is a new authentication here:
    # the authentication service keeps no session.
    fault = age_fault(context.statement.authn_instant, context.expected.moment, context.expected.tolerance)
    if fault:
        yield Seen("Assertion/AuthnStatement/@AuthnInstant", fault)


def service(context: AssertionContext) -> Iterable[Seen]:
    """Another service."""
    if context.statement.service_uuid != context.expected.service_uuid:
        yield Seen("Assertion/Attribute ServiceUUID", repr(context.statement.service_uuid))


def repeated(repeat: Repeat) -> Iterable[Seen]:
    """What was used before."""
    yield Seen(f"{repeat.where}/@ID", f"{repeat.message_id} was used before")
