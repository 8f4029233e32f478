"""From what was found to an inspection: a pure function of bytes, metadata, keys and a moment.

Only the programs of others (`second_opinion`) are outside it, and those are asked when the caller wants.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from broker.core.catalogue import Catalogue
from broker.core.findings import Finding, Severity
from broker.core.text import Text
from broker.inspection import answers, coverage, explained, judging, opening, queries, signatures
from broker.inspection.circumstances import NO_METADATA, Circumstances, Judgement
from broker.inspection.found import Found
from broker.inspection.inspected import Inspection, Opinion, Remark, Standing, Unchecked
from broker.inspection.known import Known
from broker.inspection.metadata_judging import judge_metadata
from broker.inspection.parts import WHAT, Kind, Part, parts
from broker.inspection.places import Place, places
from broker.inspection.signatures import Judged
from broker.rules import RULES, reception
from broker.rules.rule import Rule
from broker.rules.summary import Subjects
from broker.saml import authn_request, document, names, reading, schema, signature
from broker.saml.authn_request import AuthnRequest
from broker.saml.faults import DocumentReason, Fault, SignatureReason
from broker.saml.keys import Certificate

Ask = Callable[[etree._Element, Certificate | None, datetime], tuple[Opinion, ...]]
_RULES: Final[dict[str, Rule[Any]]] = {rule.id: rule for rule in RULES}
_UNREADABLE: Final = Text("Dit bericht is niet te lezen.", "This message cannot be read.")
_METADATA: Final = (Kind.METADATA, Kind.NETWORK)


def nobody(_signature: etree._Element, _certificate: Certificate | None, _moment: datetime) -> tuple[Opinion, ...]:
    """No second opinion."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is known besides the message. `moment` is when it arrived; None when nobody said.

    `keys` open what is encrypted; `request` is the AuthnRequest that an answer belongs to; `ask` asks other programs.
    """

    known: Known = field(default_factory=Known)
    keys: tuple[rsa.RSAPrivateKey, ...] = ()
    moment: datetime | None = None
    now: datetime
    catalogue: Catalogue | None = None
    request: AuthnRequest | None = None
    ask: Ask = nobody


def inspect(found: Found, given: Given) -> Inspection:
    """All there is to say about a message. What cannot be read is told as an inspection too; nothing is raised."""
    octets = found.octets
    try:
        root = _read(octets)
        all_parts = parts(root)
        moment = given.moment or _issued(all_parts) or given.now
        return _inspected(found, given, root, all_parts, moment)
    except Fault as fault:
        moment = given.moment or given.now
        remark = _remark(reception.finding(fault))
        return Inspection(found, "", _UNREADABLE, moment, given.moment is not None, (remark,))


def _read(octets: bytes) -> etree._Element:
    """The root. Comments are allowed in metadata, as they are when it is registered; raises `Fault`."""
    try:
        return document.read(octets)
    except Fault as fault:
        if fault.reason is DocumentReason.FOREIGN_NODE:
            root = document.read(octets, drop_comments=True)
            if parts(root)[0].kind in _METADATA:
                return root
        raise


def _issued(all_parts: tuple[Part, ...]) -> datetime | None:
    """When the message says to have been made."""
    for part in all_parts:
        try:
            return reading.moment(part.element, "IssueInstant")
        except Fault:
            continue
    return None


def _inspected(
    found: Found, given: Given, root: etree._Element, all_parts: tuple[Part, ...], moment: datetime
) -> Inspection:
    where = places(found.octets, root)
    judged = signatures.judge(root, where, given.known, moment)
    carried = queries.judge(found, root, given.known, moment)
    opened, contents = opening.open_all(root, given.keys)
    known = Circumstances(
        known=given.known,
        moment=moment,
        given=given.moment is not None,
        catalogue=given.catalogue,
        request=given.request,
        relay_state=found.relay_state,
        key_hint=signature.key_hint(all_parts[0].element) if all_parts else None,
    )
    judgement = _schema(all_parts)
    for part in all_parts:
        judgement += _of_part(part, judged, where, known, carried, contents)
    judgement += judge_metadata(found.octets, all_parts, known)
    facts = tuple(replace(item.facts, opinions=given.ask(item.element, item.certificate, moment)) for item in judged)
    told = (*facts, *((carried.facts,) if carried else ()))
    holds = carried is not None and carried.fault is None and carried.facts.standing is not Standing.UNPROVEN
    return Inspection(
        found=found,
        kind=etree.QName(all_parts[0].element).localname if all_parts else "",
        what=WHAT[all_parts[0].kind] if all_parts else WHAT[Kind.OTHER],
        moment=moment,
        given=known.given,
        remarks=tuple(map(_remark, dict.fromkeys(judgement.findings))),
        unchecked=tuple(dict.fromkeys(judgement.unchecked)),
        signatures=told,
        runs=coverage.runs(found.octets, told),
        uncovered=() if holds else coverage.uncovered(root, where, told),
        opened=opened,
        tree=explained.explain(root, contents),
        notes=given.known.problems,
    )


def _of_part(
    part: Part,
    judged: tuple[Judged, ...],
    where: dict[etree._Element, Place],
    known: Circumstances,
    carried: "queries.Carried | None",
    contents: dict[etree._Element, etree._Element],
) -> Judgement:
    """The signatures of one part, and what its rules say: of what was signed, when that is known."""
    own = [item for item in judged if item.element.getparent() is part.element]
    outside = carried is not None or coverage.covers([item.facts for item in judged], where[part.element])
    judgement = Judgement()
    if part.kind is Kind.OTHER and part.element.getparent() is None:
        judgement += Judgement((reception.finding(Fault(DocumentReason.WRONG_ROOT, str(part.element.tag))),))
    if part.kind not in (Kind.METADATA, Kind.OTHER):
        judgement += _signed(part, own, carried, outside=outside)
    proven = own[0].proven if own else None
    judgement += judging.judge(part, part.element if proven is None else proven, known)
    if part.kind is Kind.SUMMARY and answers.is_of_1_13(part.element):
        judgement += answers.subjects(_subjects(part.element, contents))
    return judgement


def _signed(part: Part, own: list[Judged], carried: "queries.Carried | None", *, outside: bool) -> Judgement:
    """What is wrong with the signatures of one part, and whose keys are not known."""
    findings = [_at(part, reception.finding(item.fault)) for item in own if item.fault is not None]
    unknown = [item for item in own if item.facts.standing in (Standing.INTACT, Standing.UNPROVEN)]
    if carried is not None and part.element.getparent() is None:
        findings += [reception.finding(carried.fault)] if carried.fault else []
        unknown += [] if carried.facts.standing is Standing.TRUSTED or carried.fault else [carried.judged]
    needs_own = part.kind in (Kind.SUMMARY, Kind.AUTHENTICATION, Kind.DECISION)
    if not own and (needs_own or not outside):
        fault = Fault(SignatureReason.MISSING, etree.QName(part.element).localname)
        findings.append(_at(part, reception.finding(fault)))
    if not unknown:
        return Judgement(tuple(findings))
    rule = reception.rule_of(SignatureReason.NO_KEY)
    return Judgement(tuple(findings), (Unchecked(rule.id, rule.text, NO_METADATA),))


def _at(part: Part, finding: Finding) -> Finding:
    return replace(finding, where=f"{part.path}/Signature")


def _subjects(content: etree._Element, contents: dict[etree._Element, etree._Element]) -> Subjects | None:
    """What was opened of the person and of the organisation; None when something stayed closed."""
    found: dict[str, list[tuple[str, str]]] = {names.ACTING_SUBJECT_ID: [], names.LEGAL_SUBJECT_ID: []}
    saml = f"{{{names.SAML}}}"
    for attribute in content.iterfind(f"{saml}AttributeStatement/{saml}Attribute"):
        kinds = found.get(attribute.get("Name", ""))
        if kinds is None:
            continue
        for encrypted in attribute.iterfind(f"{saml}AttributeValue/{saml}EncryptedID"):
            inside = contents.get(encrypted)
            if inside is None:
                return None
            kinds.append((inside.get("NameQualifier", ""), inside.text or ""))
    return Subjects(tuple(found[names.ACTING_SUBJECT_ID]), tuple(found[names.LEGAL_SUBJECT_ID]))


def _schema(all_parts: tuple[Part, ...]) -> Judgement:
    """Whether the outermost message, if it is one, conforms to the schema of SAML."""
    if not all_parts or all_parts[0].kind is Kind.OTHER:
        return Judgement()
    if all_parts[0].element.tag.startswith(f"{{{names.SAML}}}"):
        return Judgement()
    try:
        schema.validate(document.detached(all_parts[0].element))
    except Fault as fault:
        return Judgement((reception.finding(fault),))
    return Judgement()


def _remark(finding: Finding) -> Remark:
    rule = _RULES[finding.rule]
    return Remark(finding.rule, Severity(finding.severity), rule.text, rule.clause, finding.where, finding.detail)


def inspect_all(found: Sequence[Found], given: Given) -> tuple[Inspection, ...]:
    """Each of `found`. An answer is held against its request when that is among them."""
    return tuple(inspect_one(found, index, given) for index in range(len(found)))


def inspect_one(found: Sequence[Found], index: int, given: Given) -> Inspection:
    """The one of `found` at `index`, from 0, with its request when that is among them."""
    return inspect(found[index], replace(given, request=given.request or _asked(found[index], found)))


def kind_of(found: Found) -> str:
    """The local name of what it is; empty when it cannot be read."""
    return next((etree.QName(part.element).localname for part in _parts(found)), "")


def _asked(answer: Found, found: Iterable[Found]) -> AuthnRequest | None:
    """The AuthnRequest among `found` that this answers; None for anything else."""
    asked_by = {part.element.get("InResponseTo") for part in _parts(answer) if part.kind is Kind.RESPONSE}
    if not asked_by:
        return None
    others = (part.element for one in found for part in _parts(one) if part.kind is Kind.REQUEST)
    return next((request for element in others if (request := read_request(element)) and request.id in asked_by), None)


def read_request(element: etree._Element) -> AuthnRequest | None:
    """The AuthnRequest that this is, if it is one that can be read."""
    try:
        return authn_request.read(element) if element.tag == authn_request.TAG else None
    except Fault:
        return None


def _parts(found: Found) -> tuple[Part, ...]:
    try:
        return parts(_read(found.octets))
    except Fault:
        return ()
