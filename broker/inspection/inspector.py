"""From what was found to an inspection: a pure function of bytes, metadata, keys and a moment.

Only the programs of others (`second_opinion`) are outside it, and those are asked when the caller wants.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from broker.core.catalogue import Catalogue
from broker.core.findings import Finding, Severity
from broker.core.text import Text
from broker.inspection import coverage, explained, looking, queries
from broker.inspection.circumstances import Circumstances
from broker.inspection.found import Found
from broker.inspection.inspected import Inspection, Opinion, Remark, Standing
from broker.inspection.known import Known
from broker.inspection.metadata_judging import judge_metadata
from broker.inspection.parts import WHAT, Kind, Part, parts
from broker.inspection.places import places
from broker.rules import RULES, reception
from broker.rules.rule import Rule
from broker.saml import authn_request, document, reading, signature
from broker.saml.authn_request import AuthnRequest
from broker.saml.faults import DocumentReason, Fault
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
    carried = queries.judge(found, root, given.known, moment)
    known = Circumstances(
        known=given.known,
        moment=moment,
        given=given.moment is not None,
        catalogue=given.catalogue,
        request=given.request,
        relay_state=found.relay_state,
        key_hint=signature.key_hint(all_parts[0].element) if all_parts else None,
    )
    where = places(found.octets, root)
    looked = looking.look(root, where, known, given.keys, carried)
    judgement = looked.judgement + judge_metadata(found.octets, all_parts, known)
    judged = looked.signatures
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
        opened=looked.opened,
        tree=explained.explain(root, looked.contents),
        notes=given.known.problems,
    )


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
    return next((request for request in requests_in(found) if request.id in asked_by), None)


def requests_in(found: Iterable[Found]) -> Iterator[AuthnRequest]:
    """Each AuthnRequest among `found` that can be read."""
    for part in (part for one in found for part in _parts(one) if part.kind is Kind.REQUEST):
        try:
            yield authn_request.read(part.element)
        except Fault:
            continue


def _parts(found: Found) -> tuple[Part, ...]:
    try:
        return parts(_read(found.octets))
    except Fault:
        return ()
