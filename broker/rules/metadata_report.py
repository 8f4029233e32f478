"""Findings in the metadata of a service provider as somebody reads them who has to mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from broker.core.findings import Finding, Severity
from broker.core.text import Text
from broker.rules import metadata_by_the_book, reception, refused_metadata, registration
from broker.rules.metadata_advice import advice
from broker.rules.rule import Rule
from broker.saml.faults import MetadataRejected
from broker.saml.lines import line_of

_RULES: Final[Mapping[str, Rule[Any]]] = {
    rule.id: rule
    for rule in (*reception.RULES, *registration.RULES, *metadata_by_the_book.RULES, *refused_metadata.RULES)
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding: what the rule says, what was seen where, by which clause, and what to do about it.

    `line` is that of the file, from 1; None when it cannot be told.
    """

    rule: str
    severity: Severity
    meaning: Text
    clause: str
    where: str
    line: int | None
    detail: str
    advice: Text


def remarks(xml: bytes, findings: Iterable[Finding]) -> tuple[Remark, ...]:
    """One for each of `findings`, which are about the metadata `xml`."""
    return tuple(_remark(xml, finding, _RULES[finding.rule].clause) for finding in findings)


def refusal(xml: bytes, rejected: MetadataRejected) -> Remark:
    """Why the metadata `xml` was refused."""
    found = refused_metadata.finding(rejected)
    return _remark(xml, Finding(found.rule, found.severity, rejected.where, rejected.what), rejected.clause)


def _remark(xml: bytes, finding: Finding, clause: str) -> Remark:
    return Remark(
        rule=finding.rule,
        severity=finding.severity,
        meaning=_RULES[finding.rule].text,
        clause=clause,
        where=finding.where,
        line=line_of(xml, finding.where, finding.detail),
        detail=finding.detail,
        advice=advice(finding.rule),
    )
