"""Rules for the evidence in Advice of the broker's assertion: who said what, and whether one follows from another.

etd Linking of assertions. First the authentication service speaks, then the register of the person's organisation, and
in a chain the register of the client (`evidence_mandate`). The broker makes such assertions; these rules are for
whoever has to judge one. Who signed each statement is the matter of signatures.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

from broker.core.findings import Severity
from broker.core.text import Text
from broker.rules import evidence_mandate
from broker.rules.evidence_context import EvidenceContext, each, each_register, error, links, place, warning
from broker.rules.rule import Rule, Seen
from broker.saml import names
from broker.saml.stated import Stated

_LINKING: Final = "etd Linking of assertions"
_REGISTER: Final = "etd HM-MR interface"
_ENTITY: Final = "urn:etoegang:"


def _missing(summary: Stated) -> Iterable[Seen]:
    yield Seen("Assertion/Advice", f"assertion {summary.id} holds no statements of other parties")


def _version(context: EvidenceContext) -> Iterable[Seen]:
    for where, stated in each(context):
        if stated.version != names.VERSION:
            yield Seen(f"{where}/@Version", repr(stated.version))


def _unsigned(context: EvidenceContext) -> Iterable[Seen]:
    for where, stated in each(context):
        if stated.signature_value is None:
            yield Seen(where, f"{stated.id} of {stated.issuer} holds no signature")


def _authentication_first(context: EvidenceContext) -> Iterable[Seen]:
    for where, stated in each(context):
        if stated.has_authentication != (stated is context.statements[0]):
            said = "an" if stated.has_authentication else "no"
            yield Seen(where, f"holds {said} AuthnStatement")


def _roles(context: EvidenceContext) -> Iterable[Seen]:
    for number, (where, stated) in enumerate(each(context)):
        wanted = ("MR",) if number else ("AD", "EB")
        if not stated.issuer.startswith(tuple(f"{_ENTITY}{role}:" for role in wanted)):
            yield Seen(f"{where}/Issuer", f"{stated.issuer!r:.200}, expected one of role {' or '.join(wanted)}")


def _reference(context: EvidenceContext) -> Iterable[Seen]:
    for where, before, stated in links(context):
        if stated.refers_to != (before.id,):
            yield Seen(f"{where}/Advice/AssertionIDRef", f"{stated.refers_to!r:.200}, expected {before.id!r}")


def _linked_value(context: EvidenceContext) -> Iterable[Seen]:
    for where, before, stated in links(context):
        linked = stated.fact(names.LINKED_SIGNATURE_VALUE)
        if linked != before.signature_value:
            yield Seen(f"{where}/Statement", f"links to {linked!r:.60}, not to the signature of {before.id}")


def _validity(context: EvidenceContext) -> Iterable[Seen]:
    moment = context.summary.issue_instant
    for where, stated in each(context):
        window = stated.window
        if window is None or not window.not_before <= moment < window.not_on_or_after:
            yield Seen(f"{where}/Conditions", f"does not hold at {moment.isoformat()}")


def _order(context: EvidenceContext) -> Iterable[Seen]:
    moments = [*context.statements, context.summary]
    for number, (before, after) in enumerate(pairwise(moments), 1):
        if before.issue_instant > after.issue_instant:
            yield Seen(f"{place(number)}/@IssueInstant", f"later than that of {after.id}, which rests on it")


def _authority(context: EvidenceContext) -> Iterable[Seen]:
    issuer = context.statements[0].issuer
    if context.summary.authority not in (None, issuer):
        yield Seen("Assertion/AuthenticatingAuthority", f"{context.summary.authority!r:.200}, but {issuer} spoke")


def _same_subject(context: EvidenceContext) -> Iterable[Seen]:
    if (
        context.summary.name_format == names.NAMEID_TRANSIENT
        and context.summary.name_id != context.statements[0].name_id
    ):
        yield Seen("Assertion/Subject/NameID", "is not that of the authentication service's statement")


def _other_subjects(context: EvidenceContext) -> Iterable[Seen]:
    seen: set[str | None] = set()
    for where, stated in each(context):
        if stated.name_id in seen:
            yield Seen(f"{where}/Subject/NameID", "is that of a statement about somebody else")
        seen.add(stated.name_id)


def _bearer(context: EvidenceContext) -> Iterable[Seen]:
    for where, stated in each_register(context):
        if stated.confirmations or stated.audiences:
            yield Seen(where, "has a SubjectConfirmation or an audience")


def _named_register(context: EvidenceContext) -> Iterable[Seen]:
    named = context.statements[0].fact(names.AUTHORIZATION_REGISTRY_ID)
    if context.registers and named != context.registers[0].issuer:
        yield Seen(f"{place(2)}/Issuer", f"{context.registers[0].issuer!r:.200}, but {named} was named")


def _service_uuid(context: EvidenceContext) -> Iterable[Seen]:
    first, told = context.statements[0].fact(names.SERVICE_UUID), context.summary.fact(names.SERVICE_UUID)
    if None not in (first, told) and first != told:
        yield Seen(f"{place(1)}/Attribute ServiceUUID", f"{first!r:.100}, but the broker says {told!r:.100}")


MISSING: Final = Rule(
    "EH-ADV-01",
    Severity.INFO,
    f"{_LINKING}: Advice",
    Text(
        "Er gaan geen verklaringen van andere partijen mee; het bewijs is hier dus niet te zien.",
        "No statements of other parties go along, so the evidence cannot be seen here.",
    ),
    _missing,
)


LINKED: Final[tuple[Rule[EvidenceContext], ...]] = (
    error(
        2,
        _LINKING,
        "De eerste verklaring is niet de enige die over het inloggen gaat.",
        "The first statement is not the only one about the authentication.",
        _authentication_first,
    ),
    error(
        5,
        _LINKING,
        "Een verklaring is van een partij met een andere rol.",
        "A statement is of a party with another role.",
        _roles,
    ),
    error(
        6,
        f"{_LINKING}: AssertionIDRef",
        "Een verklaring verwijst niet naar de verklaring ervoor.",
        "A statement does not refer to the statement before it.",
        _reference,
    ),
    error(
        7,
        "etd LinkedDeclarationSignatureValue",
        "Een verklaring is niet verbonden met de handtekening ervoor.",
        "A statement is not linked to the signature before it.",
        _linked_value,
    ),
    error(
        9,
        "SAML core 2.5.1.2: Conditions",
        "Een verklaring gold niet op het moment van de samenvatting.",
        "A statement did not hold when the summary was made.",
        _validity,
    ),
    error(
        10,
        _LINKING,
        "Een verklaring is later gemaakt dan wat erop rust.",
        "A statement was made later than what rests on it.",
        _order,
    ),
    error(
        14,
        "etd DV-HM response: AuthenticatingAuthority",
        "De samenvatting noemt een andere authenticatiedienst.",
        "The summary names another authentication service.",
        _authority,
    ),
    error(
        15,
        f"{_LINKING}: same subject",
        "De samenvatting gaat over iemand anders dan de authenticatie.",
        "The summary is about somebody else than the authentication.",
        _same_subject,
    ),
    error(
        16,
        f"{_LINKING}: another subject",
        "Twee verklaringen noemen verschillende personen of organisaties hetzelfde.",
        "Two statements give different persons or organisations the same name.",
        _other_subjects,
    ),
    warning(
        17,
        _REGISTER,
        "Een verklaring van een register is voor één ontvanger bedoeld.",
        "A statement of a register is meant for one recipient.",
        _bearer,
    ),
    error(
        18,
        "etd HM-AD Assertion: AuthorizationRegistryID",
        "Een ander register spreekt dan de authenticatiedienst noemde.",
        "Another register speaks than the authentication service named.",
        _named_register,
    ),
    error(
        20,
        "etd HM-AD Assertion: ServiceUUID",
        "De authenticatie was voor een andere dienst.",
        "The authentication was for another service.",
        _service_uuid,
    ),
    error(24, "etd Digital signature", "Een verklaring is niet ondertekend.", "A statement is not signed.", _unsigned),
    error(
        25,
        "SAML core 2.3.3: Version",
        "De versie van een verklaring is niet 2.0.",
        "The version of a statement is not 2.0.",
        _version,
    ),
    *evidence_mandate.RULES,
)

RULES: Final[tuple[Rule[Any], ...]] = (MISSING, *LINKED)
