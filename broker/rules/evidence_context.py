"""What rules about the evidence in Advice look at, and how they go over it. See `evidence` and `evidence_mandate`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from broker.core.findings import Severity
from broker.core.text import Text
from broker.rules.rule import Rule, Seen
from broker.saml import names
from broker.saml.stated import Stated


@dataclass(frozen=True, slots=True)
class EvidenceContext:
    """The broker's assertion and the statements in its Advice, in their order; there is at least one."""

    summary: Stated
    statements: tuple[Stated, ...]

    @property
    def registers(self) -> tuple[Stated, ...]:
        """The statements behind the first."""
        return self.statements[1:]

    @property
    def is_chain(self) -> bool:
        """Whether the broker's assertion names an intermediary."""
        told = {*self.summary.plain, *self.summary.encrypted}
        return bool({names.INTERMEDIATE_KVK_NUMBER, names.INTERMEDIATE_SUBJECT_ID} & told)


Look = Callable[[EvidenceContext], Iterable[Seen]]


def place(number: int) -> str:
    """The statement with this number, from 1."""
    return f"Assertion/Advice/Assertion[{number}]"


def each(context: EvidenceContext) -> Iterator[tuple[str, Stated]]:
    """All statements, each with its place."""
    return ((place(number), stated) for number, stated in enumerate(context.statements, 1))


def each_register(context: EvidenceContext) -> Iterator[tuple[str, Stated]]:
    """The statements of registers, each with its place."""
    return ((place(number), stated) for number, stated in enumerate(context.registers, 2))


def links(context: EvidenceContext) -> Iterator[tuple[str, Stated, Stated]]:
    """Each statement but the first: its place, the one before it, and itself."""
    for number, (before, stated) in enumerate(pairwise(context.statements), 2):
        yield place(number), before, stated


def error(number: int, clause: str, nl: str, en: str, look: Look) -> Rule[EvidenceContext]:
    """A rule that rejects."""
    return Rule(f"EH-ADV-{number:02}", Severity.ERROR, clause, Text(nl, en), look)


def warning(number: int, clause: str, nl: str, en: str, look: Look) -> Rule[EvidenceContext]:
    """A rule that does not."""
    return Rule(f"EH-ADV-{number:02}", Severity.WARNING, clause, Text(nl, en), look)
