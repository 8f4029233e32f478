"""What a rule is, and how a set of rules is applied."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from broker.core.findings import Finding, Severity
from broker.core.text import Text

C = TypeVar("C")
C_contra = TypeVar("C_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation: the element or attribute, and what is the matter with it."""

    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Rule(Generic[C_contra]):
    """One rule about a context of type C.

    `clause` names the source: a clause of SAML (core, bindings, profiles, metadata), or a page of the scheme (etd).
    """

    id: str
    severity: Severity
    clause: str
    text: Text
    look: Callable[[C_contra], Iterable[Seen]]

    def findings(self, context: C_contra) -> list[Finding]:
        """What this rule has to say about `context`; empty when all is well."""
        return [Finding(self.id, self.severity, seen.where, seen.detail) for seen in self.look(context)]


def check(rules: Iterable[Rule[C]], context: C) -> tuple[Finding, ...]:
    """The findings of all `rules`, in their order."""
    return tuple(finding for rule in rules for finding in rule.findings(context))


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those findings that reject a message."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def strictly(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same findings as reasons to reject: for rules that depend on how strict the receiver is."""
    return tuple(replace(finding, severity=Severity.ERROR) for finding in findings)
