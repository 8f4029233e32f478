"""The dialects of the broker's assertion: the same login in the words that a service provider's software reads.

1.13 is the scheme's interface of today (etd DV-HM, HM-DV response). 1.11 is its predecessor, which real service
providers still run: one persistent name for the person and plain identifiers. `flat` is what a broker's product makes
of it for software that knows attributes only. A dialect is data: the functions say what differs, settings may change
the rest. What no source settles has a default here and a setting for each service provider.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lxml import etree

from broker.saml import attributes, names
from broker.saml.outcome import Intermediary, Outcome, Sealed

DialectName = Literal["1.13", "1.11", "flat"]
Advice = Literal["full", "none"]
Way = Literal["encrypted", "plain", "omitted"]
ArtifactDelivery = Literal["redirect", "post"]
NumberWay = Literal["encrypted", "plain"]
Seal = Callable[[str, str], etree._Element]
"""Encrypts for the service provider: kind of identifier and value to an EncryptedID."""


@dataclass(frozen=True, slots=True)
class NameId:
    """The subject of the assertion."""

    format: str
    qualifier: str | None
    value: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a service provider is answered, under a name.

    `subject` and `identifiers` name the person and the organisation acted for. The rest are choices: whether there is
    a SessionIndex, whether the evidence goes along in Advice, and in which way the intermediary of a chain and the
    requested attributes are given. `intermediary_subject` adds IntermediateSubjectID, `intermediary_rsin` the
    intermediary's RSIN. `artifact_delivery`: the browser brings the artifact in the address (GET) or in a form (POST).
    """

    name: DialectName
    subject: Callable[[Outcome], NameId]
    identifiers: Callable[[Outcome], Iterator[etree._Element]]
    session_index: bool
    advice: Advice
    intermediary_name: Way
    requested_attributes: Way
    intermediary_number: NumberWay = "plain"
    intermediary_rsin: bool = False
    intermediary_subject: bool = False
    artifact_delivery: ArtifactDelivery = "redirect"


def attributes_of(outcome: Outcome, dialect: Dialect, seal: Seal) -> Iterator[etree._Element]:
    """The content of AttributeStatement: saml:Attribute and saml:EncryptedAttribute."""
    yield attributes.plain(names.SERVICE_ID, *outcome.service_ids)
    yield attributes.plain(names.SERVICE_UUID, outcome.service_uuid)
    if outcome.branch is not None:
        yield attributes.plain(names.RESTRICTION_BRANCH, outcome.branch)
    if outcome.intermediary is not None:
        yield from _intermediary(outcome.intermediary, dialect, seal)
    yield from dialect.identifiers(outcome)
    for item in outcome.requested:
        yield from _attribute(item, dialect.requested_attributes)
    if outcome.intermediary is not None:
        yield from _attribute(outcome.intermediary.name, dialect.intermediary_name)


def _intermediary(intermediary: Intermediary, dialect: Dialect, seal: Seal) -> Iterator[etree._Element]:
    numbers = {names.INTERMEDIATE_KVK_NUMBER: intermediary.kvk_number}
    if dialect.intermediary_rsin and intermediary.rsin is not None:
        numbers[names.INTERMEDIATE_RSIN] = intermediary.rsin
    for name, value in numbers.items():
        if dialect.intermediary_number == "encrypted":
            yield attributes.encrypted(name, [seal(name, value)])
        else:
            yield attributes.plain(name, value)
    if intermediary.subject is not None:
        yield attributes.encrypted(names.INTERMEDIATE_SUBJECT_ID, [attributes.repeated(intermediary.subject)])


def _attribute(item: Sealed, way: Way) -> Iterator[etree._Element]:
    if way == "encrypted":
        yield attributes.repeated(item.encrypted)
    elif way == "plain":
        yield attributes.plain(item.name, item.value)


def _transient(outcome: Outcome) -> NameId:
    return NameId(names.NAMEID_TRANSIENT, outcome.authentication_service, outcome.transient)


def _persistent(outcome: Outcome) -> NameId:
    return NameId(names.NAMEID_PERSISTENT, outcome.register, outcome.acting.value)


def _unspecified(outcome: Outcome) -> NameId:
    return NameId(names.NAMEID_UNSPECIFIED, None, outcome.acting.value)


def _encrypted_subjects(outcome: Outcome) -> Iterator[etree._Element]:
    yield attributes.encrypted(names.ACTING_SUBJECT_ID, [attributes.repeated(outcome.acting.encrypted)])
    legal = [attributes.repeated(item.encrypted) for item in outcome.legal]
    yield attributes.encrypted(names.LEGAL_SUBJECT_ID, legal)


def _plain_organisation(outcome: Outcome) -> Iterator[etree._Element]:
    for item in outcome.legal:
        yield attributes.plain(item.name, item.value)


def _everything_plain(outcome: Outcome) -> Iterator[etree._Element]:
    yield attributes.plain(outcome.acting.name, outcome.acting.value)
    yield from _plain_organisation(outcome)
    if all(item.name != names.REPRESENTED_COMPANY_NAME for item in outcome.requested):
        yield attributes.plain(names.REPRESENTED_COMPANY_NAME, outcome.organisation)


DIALECTS: Final[Mapping[DialectName, Dialect]] = {
    "1.13": Dialect(
        name="1.13",
        subject=_transient,
        identifiers=_encrypted_subjects,
        session_index=True,
        advice="full",
        intermediary_name="encrypted",
        requested_attributes="encrypted",
    ),
    "1.11": Dialect(
        name="1.11",
        subject=_persistent,
        identifiers=_plain_organisation,
        session_index=False,
        advice="full",
        intermediary_name="omitted",
        requested_attributes="encrypted",
    ),
    "flat": Dialect(
        name="flat",
        subject=_unspecified,
        identifiers=_everything_plain,
        session_index=True,
        advice="none",
        intermediary_name="plain",
        requested_attributes="plain",
    ),
}
