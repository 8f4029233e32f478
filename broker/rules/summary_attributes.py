"""Rules for what the broker's assertion says of the service, the person and the organisations, and in which form.

etd DV-HM response, dialect 1.13. `WRITTEN` looks at the attributes, `SUBJECTS` at what was encrypted among them.
"""

from collections.abc import Iterable
from typing import Any, Final

from broker.core.findings import Severity
from broker.core.identifiers import (
    BranchNumber,
    Identifier,
    IdentifierType,
    InvalidIdentifier,
    KvkNumber,
    Rsin,
    ServiceId,
    ServiceUuid,
)
from broker.core.text import Text
from broker.rules.rule import Rule, Seen
from broker.rules.summary import Subjects
from broker.saml import names
from broker.saml.stated import Stated

_CLAUSE: Final = "etd DV-HM response"
_ENCRYPTED: Final = (names.ACTING_SUBJECT_ID, names.LEGAL_SUBJECT_ID, names.INTERMEDIATE_SUBJECT_ID)
_SCHEME: Final = "urn:etoegang:"
_FORMS: Final = {IdentifierType.KVK_NUMBER.value: KvkNumber, IdentifierType.RSIN.value: Rsin}


def _service(stated: Stated) -> Iterable[Seen]:
    values = stated.plain.get(names.SERVICE_ID, ())
    if not values:
        yield Seen("Assertion/Attribute ServiceID", "is missing")
    for value in values:
        yield from _malformed("Assertion/Attribute ServiceID", value, ServiceId)


def _uuid(stated: Stated) -> Iterable[Seen]:
    values = stated.plain.get(names.SERVICE_UUID, ())
    if len(values) != 1:
        yield Seen("Assertion/Attribute ServiceUUID", f"{len(values)} values, expected one")
    for value in values:
        yield from _malformed("Assertion/Attribute ServiceUUID", value, ServiceUuid)


def _acting(stated: Stated) -> Iterable[Seen]:
    if names.ACTING_SUBJECT_ID not in {*stated.plain, *stated.encrypted}:
        yield Seen("Assertion/Attribute ActingSubjectID", "is missing: it is not said who acts")


def _legal(stated: Stated) -> Iterable[Seen]:
    if names.LEGAL_SUBJECT_ID not in {*stated.plain, *stated.encrypted}:
        yield Seen("Assertion/Attribute LegalSubjectID", "is missing: it is not said for whom")


def _readable(stated: Stated) -> Iterable[Seen]:
    for name in _ENCRYPTED:
        if name in stated.plain:
            yield Seen(f"Assertion/Attribute {name}", "can be read by anybody; an EncryptedID is expected")


def _several_persons(stated: Stated) -> Iterable[Seen]:
    if stated.encrypted.get(names.ACTING_SUBJECT_ID, 1) > 1:
        count = stated.encrypted[names.ACTING_SUBJECT_ID]
        yield Seen("Assertion/Attribute ActingSubjectID", f"{count} values, expected one")


def _recipients(stated: Stated) -> Iterable[Seen]:
    for recipient in dict.fromkeys(stated.recipients):
        if stated.audiences and recipient not in stated.audiences:
            yield Seen("Assertion//EncryptedKey/@Recipient", f"{recipient!r:.200} is not the audience")


def _empty(stated: Stated) -> Iterable[Seen]:
    for name in stated.empty:
        yield Seen(f"Assertion/Attribute {name}", "has an empty value")


def _foreign(stated: Stated) -> Iterable[Seen]:
    for name in (*stated.plain, *stated.encrypted):
        if not name.startswith(_SCHEME):
            yield Seen(f"Assertion/Attribute {name}", "is not of the scheme")


def _intermediary_number(stated: Stated) -> Iterable[Seen]:
    for value in filter(None, stated.plain.get(names.INTERMEDIATE_KVK_NUMBER, ())):
        yield from _malformed("Assertion/Attribute IntermediateEntityID:KvKnr", value, KvkNumber)


def _intermediary_alone(stated: Stated) -> Iterable[Seen]:
    told = {*stated.plain, *stated.encrypted}
    others = {names.INTERMEDIATE_RSIN, names.INTERMEDIATE_SUBJECT_ID, names.INTERMEDIATE_COMPANY_NAME} & told
    if others and names.INTERMEDIATE_KVK_NUMBER not in told:
        yield Seen("Assertion/Attribute IntermediateEntityID:KvKnr", f"is missing beside {', '.join(sorted(others))}")


def _branch(stated: Stated) -> Iterable[Seen]:
    for value in filter(None, stated.plain.get(names.RESTRICTION_BRANCH, ())):
        yield from _malformed("Assertion/Attribute ServiceRestriction:Vestigingsnr", value, BranchNumber)


def _branch_in_chain(stated: Stated) -> Iterable[Seen]:
    if names.RESTRICTION_BRANCH in stated.plain and names.INTERMEDIATE_KVK_NUMBER in {*stated.plain, *stated.encrypted}:
        yield Seen("Assertion/Attribute ServiceRestriction:Vestigingsnr", "beside an intermediary")


def _malformed(where: str, value: str, kind: type[Identifier]) -> Iterable[Seen]:
    try:
        kind(value)
    except InvalidIdentifier as error:
        yield Seen(where, str(error))


def _order(subjects: Subjects) -> Iterable[Seen]:
    kinds = [kind for kind, _ in subjects.legal]
    if IdentifierType.KVK_NUMBER.value in kinds[1:]:
        yield Seen("Assertion/Attribute LegalSubjectID", f"{kinds[0]} comes before the KvK number")


def _forms(subjects: Subjects) -> Iterable[Seen]:
    for kind, value in subjects.legal:
        if kind in _FORMS:
            yield from _malformed("Assertion/Attribute LegalSubjectID", value, _FORMS[kind])


def _kinds(subjects: Subjects) -> Iterable[Seen]:
    known = {item.value for item in IdentifierType}
    for name, found in (("ActingSubjectID", subjects.acting), ("LegalSubjectID", subjects.legal)):
        for kind, _ in found:
            if kind not in known:
                yield Seen(f"Assertion/Attribute {name}", f"NameQualifier {kind!r:.200} is not known")


def _twice(subjects: Subjects) -> Iterable[Seen]:
    kinds = [kind for kind, _ in subjects.legal]
    for kind in sorted({kind for kind in kinds if kinds.count(kind) > 1}):
        yield Seen("Assertion/Attribute LegalSubjectID", f"{kinds.count(kind)} values of kind {kind}")


def _rule(number: int, severity: Severity, clause: str, text: Text, look: Any) -> Rule[Any]:
    return Rule(f"EH-SUM-{number}", severity, clause, text, look)


WRITTEN: Final[tuple[Rule[Stated], ...]] = (
    _rule(
        61,
        Severity.ERROR,
        f"{_CLAUSE}: ServiceID",
        Text("De verklaring noemt geen geldige dienst.", "The assertion names no valid service."),
        _service,
    ),
    _rule(
        62,
        Severity.ERROR,
        f"{_CLAUSE}: ServiceUUID",
        Text(
            "De verklaring noemt niet één geldig kenmerk van de dienst.",
            "The assertion does not name one valid UUID of the service.",
        ),
        _uuid,
    ),
    _rule(
        63,
        Severity.ERROR,
        f"{_CLAUSE}: ActingSubjectID",
        Text("De handelende persoon ontbreekt.", "The acting person is missing."),
        _acting,
    ),
    _rule(
        64,
        Severity.ERROR,
        f"{_CLAUSE}: LegalSubjectID",
        Text("De organisatie namens wie wordt gehandeld ontbreekt.", "The organisation acted for is missing."),
        _legal,
    ),
    _rule(
        65,
        Severity.WARNING,
        f"{_CLAUSE}: EncryptedID",
        Text(
            "Een kenmerk dat versleuteld hoort te zijn, is leesbaar.",
            "An identifier that belongs encrypted can be read.",
        ),
        _readable,
    ),
    _rule(
        66,
        Severity.ERROR,
        f"{_CLAUSE}: ActingSubjectID",
        Text("Er zijn verschillende handelende personen.", "There are several acting persons."),
        _several_persons,
    ),
    _rule(
        67,
        Severity.ERROR,
        f"{_CLAUSE}: EncryptedKey",
        Text(
            "Iets is voor een ander versleuteld dan voor wie de verklaring is.",
            "Something is encrypted for another than the assertion is meant for.",
        ),
        _recipients,
    ),
    _rule(
        68,
        Severity.ERROR,
        f"{_CLAUSE}: nothing may be empty",
        Text("Een gegeven is leeg.", "An attribute is empty."),
        _empty,
    ),
    _rule(
        69,
        Severity.WARNING,
        f"{_CLAUSE}: AttributeStatement",
        Text("Een gegeven is niet van het stelsel.", "An attribute is not of the scheme."),
        _foreign,
    ),
    _rule(
        70,
        Severity.ERROR,
        f"{_CLAUSE}: IntermediateEntityID",
        Text("Het nummer van de intermediair is geen KvK-nummer.", "The number of the intermediary is no KvK number."),
        _intermediary_number,
    ),
    _rule(
        71,
        Severity.WARNING,
        f"{_CLAUSE}: IntermediateEntityID",
        Text("De intermediair heeft geen KvK-nummer.", "The intermediary has no KvK number."),
        _intermediary_alone,
    ),
    _rule(
        72,
        Severity.ERROR,
        f"{_CLAUSE}: ServiceRestriction",
        Text("Het vestigingsnummer heeft niet twaalf cijfers.", "The branch number has not got twelve digits."),
        _branch,
    ),
    _rule(
        73,
        Severity.WARNING,
        f"{_CLAUSE}: ServiceRestriction",
        Text("Een ketenmachtiging is beperkt tot een vestiging.", "A chain mandate is limited to a branch."),
        _branch_in_chain,
    ),
)

SUBJECTS: Final[tuple[Rule[Subjects], ...]] = (
    _rule(
        42,
        Severity.WARNING,
        f"{_CLAUSE}: LegalSubjectID",
        Text("Het KvK-nummer staat niet als eerste.", "The KvK number does not come first."),
        _order,
    ),
    _rule(
        43,
        Severity.ERROR,
        f"{_CLAUSE}: LegalSubjectID",
        Text(
            "Een nummer van de organisatie heeft niet de juiste vorm.",
            "A number of the organisation does not have the right form.",
        ),
        _forms,
    ),
    _rule(
        44,
        Severity.WARNING,
        f"{_CLAUSE}: NameQualifier",
        Text("Een kenmerk is van een onbekende soort.", "An identifier is of an unknown kind."),
        _kinds,
    ),
    _rule(
        45,
        Severity.ERROR,
        f"{_CLAUSE}: LegalSubjectID",
        Text(
            "De organisatie heeft twee kenmerken van dezelfde soort.",
            "The organisation has two identifiers of the same kind.",
        ),
        _twice,
    ),
)

RULES: Final[tuple[Rule[Any], ...]] = (*WRITTEN, *SUBJECTS)
