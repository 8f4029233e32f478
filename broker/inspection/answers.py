"""Rules for answers and for the assertions in them, as the one should judge who asked.

Who asked, and what, is seldom at hand. What the answer says of that itself is then taken for it, and each rule that
would compare the two is told as not applied: only that the parts of an answer agree among themselves can be seen.
"""

from dataclasses import replace
from typing import Final

from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.text import Text
from broker.inspection.circumstances import (
    NO_CATALOGUE,
    NO_KEY,
    NO_MEMORY,
    NO_METADATA,
    NO_RECEIVER,
    NO_REQUEST,
    Circumstances,
    Judgement,
    Withheld,
    asked,
)
from broker.rules import evidence, statement, summary_attributes, summary_by_the_book
from broker.rules import summary as of_summary
from broker.rules.answer import EnvelopeContext, Expected, Repeat
from broker.rules.evidence_context import EvidenceContext
from broker.rules.statement import ContentContext
from broker.rules.summary import Subjects, SummaryContext
from broker.saml import authentication_statement, bearer, levels, names, stated
from broker.saml import response as responses
from broker.saml.assertion import TAG as ASSERTION
from broker.saml.authn_request import AuthnRequest
from broker.saml.bearer import BearerAssertion
from broker.saml.received_summary import ReceivedSummary
from broker.saml.response import Response
from broker.saml.stated import Stated

# What only holds for the form of 1.13: 1.11 names the person in NameID, flat has everything in plain text.
_OF_1_13: Final = (
    *("EH-SUM-52", "EH-SUM-53", "EH-SUM-59", "EH-SUM-60", "EH-SUM-63", "EH-SUM-64"),
    *("EH-SUM-65", "EH-SUM-66", "EH-ADV-01", "EH-ADV-15"),
)
_OTHER_FORM: Final = Text(
    "De verklaring heeft de vorm van een andere versie dan 1.13.",
    "The assertion has the form of another version than 1.13.",
)
_ONLY_MODULE: Final = "EH-SUM-30"


def is_of_1_13(content: etree._Element) -> bool:
    """Whether an assertion for a service provider has the form of version 1.13: a passing name for the person."""
    subject = content.find(f"{{{names.SAML}}}Subject/{{{names.SAML}}}NameID")
    others = (names.NAMEID_PERSISTENT, names.NAMEID_UNSPECIFIED)
    return subject is None or subject.get("Format") not in others


def response(content: etree._Element, known: Circumstances) -> Judgement:
    """A Response: of an authentication service to a broker, or of a broker to a service provider."""
    message = responses.read(content)
    of_service = message.issuer.startswith("urn:etoegang:AD:")
    rules = statement.ENVELOPE if of_service else of_summary.ENVELOPE
    repeated = statement.REPEATED if of_service else of_summary.REPEATED
    numbers = ("01", "02", "03", "04", "05") if of_service else ("10", "11", "12", "13", "14")
    _, destination, in_response_to, issuer, age = (f"EH-{'STM' if of_service else 'SUM'}-{item}" for item in numbers)
    location, asked_of = _location(message, known), known.whom_was_asked()
    context = EnvelopeContext(
        message,
        Expected(
            request_id=known.request.id if known.request else message.in_response_to or "",
            sender=asked_of or message.issuer,
            audience="",
            consumer_location=location or message.destination or "",
            minimum_level=AssuranceLevel.EH2,
            service_uuid="",
            moment=known.moment,
            tolerance=known.tolerance,
        ),
    )
    withheld = {
        **({destination: NO_RECEIVER} if location is None and message.destination else {}),
        **({in_response_to: NO_REQUEST} if known.request is None and message.in_response_to else {}),
        **({issuer: _nobody_asked(known)} if message.issuer_is_plain and asked_of is None else {}),
        **known.without_moment(age),
        repeated.id: NO_MEMORY,
    }
    return asked(rules, context, withheld) + asked((repeated,), Repeat("Response", message.id), withheld)


def _nobody_asked(known: Circumstances) -> Text:
    """Why it is not known who should answer."""
    return NO_METADATA if known.request else NO_REQUEST


def _location(message: Response, known: Circumstances) -> str | None:
    """The address that the answer should go to: the receiver's own, when its metadata is known."""
    audiences = {
        item.text or ""
        for assertion in message.assertions
        for item in assertion.iterfind(
            f"{{{names.SAML}}}Conditions/{{{names.SAML}}}AudienceRestriction/{{{names.SAML}}}Audience"
        )
    }
    wanted = {known.request.issuer} if known.request else audiences
    receivers = [party for party in known.known.parties.values() if party.entity_id in wanted and party.answers_at]
    locations = [location for party in receivers for location in party.answers_at]
    if not locations:
        return None
    return message.destination if message.destination in locations else locations[0]


def summary(content: etree._Element, known: Circumstances) -> Judgement:
    """An assertion of a broker for a service provider, with the statements in its Advice."""
    told, current = stated.read(content), is_of_1_13(content)
    other_form = {} if current else dict.fromkeys(_OF_1_13, _OTHER_FORM)
    context, withheld = _summary_context(content, told, known)
    rules = tuple(rule for rule in of_summary.CONTENT if rule.id != _ONLY_MODULE)
    judged = asked(rules, context, withheld)
    judged += asked((*summary_by_the_book.RULES, *summary_attributes.WRITTEN), told, other_form)
    return judged + _evidence(content, told, other_form)


def subjects(found: Subjects | None) -> Judgement:
    """What was encrypted in an assertion for a service provider; None when it could not be opened."""
    nothing = {} if found else dict.fromkeys((rule.id for rule in summary_attributes.SUBJECTS), NO_KEY)
    return asked(summary_attributes.SUBJECTS, found or Subjects((), ()), nothing)


def _summary_context(
    content: etree._Element, told: Stated, known: Circumstances
) -> tuple[SummaryContext, dict[str, Text]]:
    read = ReceivedSummary(
        **bearer.read(content),
        service_uuid=told.fact(names.SERVICE_UUID) or "",
        acting=(),
        legal=(),
        intermediaries=(),
    )
    service_id = told.fact(names.SERVICE_ID) or ""
    service = known.catalogue.find(service_id) if known.catalogue else None
    level = _asked_level(known.request) or (service.required_level if service else None)
    audience = known.request.issuer if known.request else _known_audience(read, known)
    asked_of = known.whom_was_asked()
    expected = _expected(read, known, audience, level, service.instance_uuid if service else None)
    withheld = {
        **({} if asked_of else {"EH-SUM-20": _nobody_asked(known)}),
        **({} if audience else {"EH-SUM-24": NO_RECEIVER} if read.audience_restrictions else {}),
        **({} if level else {"EH-SUM-26": NO_CATALOGUE} if levels.read(read.level_urn) else {}),
        **({} if service else {"EH-SUM-28": NO_CATALOGUE}),
        **known.without_moment("EH-SUM-21", "EH-SUM-27"),
    }
    return SummaryContext(read, replace(expected, sender=asked_of or read.issuer)), withheld


def _asked_level(request: AuthnRequest | None) -> AssuranceLevel | None:
    return levels.read(request.levels[0]) if request and request.levels else None


def _known_audience(read: BearerAssertion, known: Circumstances) -> str | None:
    named = [audience for restriction in read.audience_restrictions for audience in restriction]
    return next((audience for audience in named if audience in known.known.parties), None)


def _expected(
    read: BearerAssertion,
    known: Circumstances,
    audience: str | None,
    level: AssuranceLevel | None,
    service_uuid: str | None,
) -> Expected:
    """What is known, and for the rest what the assertion itself says."""
    confirmed = next((data for _, data in read.confirmations if data is not None), None)
    named = [item for restriction in read.audience_restrictions for item in restriction]
    return Expected(
        request_id=known.request.id if known.request else confirmed.in_response_to if confirmed else "",
        sender=read.issuer,
        audience=audience or (named[0] if named else ""),
        consumer_location=confirmed.recipient if confirmed else "",
        minimum_level=level or AssuranceLevel.EH2,
        service_uuid=service_uuid or read.service_uuid,
        moment=known.moment,
        tolerance=known.tolerance,
    )


def _evidence(content: etree._Element, told: Stated, other_form: Withheld) -> Judgement:
    statements = tuple(stated.read(item) for item in stated.in_advice(content) if item.tag == ASSERTION)
    if not statements:
        return asked((evidence.MISSING,), told, other_form)
    return asked(evidence.LINKED, EvidenceContext(told, statements), other_form)


def authentication(content: etree._Element, known: Circumstances) -> Judgement:
    """A statement of an authentication service for a broker."""
    read = authentication_statement.read(content)
    plain = _expected(read, known, None, None, None)
    expected = statement.Expected(
        **{name: getattr(plain, name) for name in Expected.__dataclass_fields__}, register=read.register or ""
    )
    withheld = {
        **dict.fromkeys(("EH-STM-20", "EH-STM-29", "EH-STM-31"), NO_REQUEST),
        **({"EH-STM-24": NO_RECEIVER} if read.audience_restrictions else {}),
        **({"EH-STM-26": NO_REQUEST} if levels.read(read.level_urn) else {}),
        **known.without_moment("EH-STM-21", "EH-STM-27"),
    }
    return asked(statement.CONTENT, ContentContext(read, expected), withheld)
