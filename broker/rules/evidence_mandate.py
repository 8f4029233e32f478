"""Rules for the mandate in Advice of the broker's assertion: what the registers decided, and at which level.

etd HM-MR interface and its page on chain authorisation; etd Levels of assurance. In a chain the register of the
person's organisation speaks first and asks for the confirmation of the client's.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from broker.rules.evidence_context import EvidenceContext, each_register, error, place, warning
from broker.rules.rule import Rule, Seen
from broker.saml import levels, names

_CHAIN: Final = "etd HM-MR interface: chain authorisation"
_REGISTER: Final = "etd HM-MR interface"
_LEVELS: Final = "etd Levels of assurance: rule for brokers"


def _decides(context: EvidenceContext) -> Iterable[Seen]:
    for where, stated in each_register(context):
        if stated.decision is None:
            yield Seen(f"{where}/Statement", "holds no decision")


def _number(context: EvidenceContext) -> Iterable[Seen]:
    wanted = 2 if context.is_chain else 1
    if len(context.registers) != wanted:
        yield Seen("Assertion/Advice", f"{len(context.registers)} statements of registers, expected {wanted}")


def _permit(context: EvidenceContext) -> Iterable[Seen]:
    for where, stated in each_register(context):
        if stated.decision is not None and stated.decision.word != names.XACML_PERMIT:
            yield Seen(f"{where}/Statement/Response/Result/Decision", repr(stated.decision.word))


def _level_parts(context: EvidenceContext) -> list[str]:
    used = [stated.fact(names.LEVEL_OF_ASSURANCE_USED) for stated in context.registers]
    return [urn for urn in (context.statements[0].level_urn, *used) if urn is not None]


def _too_high(context: EvidenceContext) -> Iterable[Seen]:
    parts = [level for urn in _level_parts(context) if (level := levels.read(urn)) is not None]
    said = levels.read(context.summary.level_urn or "")
    if said is not None and parts and said > min(parts):
        yield Seen("Assertion/AuthnContextClassRef", f"{said.label}, while the lowest part is {min(parts).label}")


def _too_low(context: EvidenceContext) -> Iterable[Seen]:
    parts = [level for urn in _level_parts(context) if (level := levels.read(urn)) is not None]
    said = levels.read(context.summary.level_urn or "")
    if said is not None and parts and said < min(parts):
        yield Seen("Assertion/AuthnContextClassRef", f"{said.label}, while all parts have at least {min(parts).label}")


def _level_used(context: EvidenceContext) -> Iterable[Seen]:
    for where, stated in each_register(context):
        urn = stated.fact(names.LEVEL_OF_ASSURANCE_USED)
        if stated.decision is not None and (urn is None or levels.read(urn) is None):
            yield Seen(f"{where}/Statement/Request/Resource", f"LevelOfAssuranceUsed is {urn!r:.100}")


def _services(context: EvidenceContext) -> Iterable[Seen]:
    told = context.summary.plain.get(names.SERVICE_ID, ())
    for where, stated in each_register(context):
        covered = stated.decision.facts.get(names.SERVICE_ID, ()) if stated.decision else told
        for service in told:
            if service not in covered:
                yield Seen(f"{where}/Statement/Request/Resource", f"does not cover {service:.200}")


def _next_register(context: EvidenceContext) -> Iterable[Seen]:
    for number, (before, stated) in enumerate(pairwise(context.registers), 3):
        asked = before.decision.next_registers if before.decision else ()
        if asked != (stated.issuer,):
            yield Seen(f"{place(number)}/Issuer", f"{stated.issuer!r:.200}, asked for: {', '.join(asked) or 'nobody'}")


def _unconfirmed(context: EvidenceContext) -> Iterable[Seen]:
    last = context.registers[-1] if context.registers else None
    if last is not None and last.decision is not None and last.decision.next_registers:
        where = f"{place(len(context.statements))}/Statement/Response/Result/Obligations"
        yield Seen(where, f"asks for confirmation by {', '.join(last.decision.next_registers)[:200]}")


def _intermediary(context: EvidenceContext) -> Iterable[Seen]:
    told = context.summary.fact(names.INTERMEDIATE_KVK_NUMBER)
    for where, stated in list(each_register(context))[:1]:
        evidence = stated.fact(names.INTERMEDIATE_KVK_NUMBER)
        if None not in (told, evidence) and told != evidence:
            yield Seen("Assertion/Attribute IntermediateEntityID", f"{told!r:.40}, but {where} says {evidence!r:.40}")


RULES: Final[tuple[Rule[EvidenceContext], ...]] = (
    error(
        3,
        _REGISTER,
        "Een verklaring van een register bevat geen besluit.",
        "A statement of a register holds no decision.",
        _decides,
    ),
    error(
        4,
        _CHAIN,
        "Het aantal verklaringen van registers past niet bij de machtiging.",
        "The number of statements of registers does not fit the mandate.",
        _number,
    ),
    error(
        8,
        f"{_REGISTER}: Decision",
        "Een register heeft iets anders besloten dan Permit.",
        "A register decided something else than Permit.",
        _permit,
    ),
    error(
        11,
        _LEVELS,
        "Het betrouwbaarheidsniveau is hoger dan het laagste van de onderdelen.",
        "The level of assurance is higher than the lowest of its parts.",
        _too_high,
    ),
    warning(
        12,
        _LEVELS,
        "Het betrouwbaarheidsniveau is lager dan alle onderdelen.",
        "The level of assurance is lower than all of its parts.",
        _too_low,
    ),
    error(
        13,
        f"{_REGISTER}: LevelOfAssuranceUsed",
        "Een register noemt geen bekend betrouwbaarheidsniveau.",
        "A register names no known level of assurance.",
        _level_used,
    ),
    error(
        19,
        f"{_REGISTER}: ServiceID",
        "Een register dekt een dienst van de samenvatting niet.",
        "A register does not cover a service of the summary.",
        _services,
    ),
    error(
        21,
        f"{_CHAIN}: Obligations",
        "Het tweede register is niet het register waar het eerste om vroeg.",
        "The second register is not the one that the first asked for.",
        _next_register,
    ),
    error(
        22,
        f"{_CHAIN}: Obligations",
        "De bevestiging door een volgend register ontbreekt.",
        "The confirmation by a next register is missing.",
        _unconfirmed,
    ),
    error(
        23,
        f"{_CHAIN}: IntermediateEntityID",
        "De samenvatting noemt een andere intermediair dan het register.",
        "The summary names another intermediary than the register.",
        _intermediary,
    ),
)
