"""What an inspection tells, as frozen values: for a page, for a terminal and for a program alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from broker.core.findings import Severity
from broker.core.text import Text
from broker.inspection.found import Found


class Standing(Enum):
    """How a signature stands. Only the first says who signed; the first two say that what it covers was not altered."""

    TRUSTED = "trusted"
    INTACT = "intact"
    UNPROVEN = "unproven"
    BROKEN = "broken"
    REFUSED = "refused"


class Verdict(Enum):
    """The end of it; the values are exit statuses."""

    FINE = 0
    FLAWED = 1
    UNREADABLE = 2


_MARKS: Final = {
    Standing.TRUSTED: Text("vertrouwd", "trusted"),
    Standing.INTACT: Text("onveranderd, afzender onbekend", "not altered, sender unknown"),
    Standing.UNPROVEN: Text("niet te controleren", "cannot be checked"),
    Standing.BROKEN: Text("klopt niet", "wrong"),
    Standing.REFUSED: Text("niet aanvaard", "not accepted"),
}
_VERDICTS: Final = {
    Verdict.FINE: Text("Niets keurt het bericht af.", "Nothing rejects the message."),
    Verdict.FLAWED: Text("Iets keurt het bericht af.", "Something rejects the message."),
    Verdict.UNREADABLE: Text("Het bericht is niet te lezen.", "The message cannot be read."),
}
_UNKNOWN: Final = Text(
    "Van wie het is, is niet bewezen: zie de handtekeningen.", "Whose it is, is not proven: see the signatures."
)
_YES: Final = Text("klopt", "right")
_NO: Final = Text("klopt niet", "wrong")
_NOT: Final = Text("niet gevraagd", "not asked")


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding: the rule's id, severity, meaning and clause, and what was seen where."""

    rule: str
    severity: Severity
    meaning: Text
    clause: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A rule that could not be applied, and why."""

    rule: str
    meaning: Text
    why: Text


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate: `oin` is that of its subject, `from_metadata` whether metadata gave it or only the message."""

    subject: str
    issuer: str
    oin: str | None
    not_before: datetime
    not_after: datetime
    fingerprint: str
    from_metadata: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """What another program says of a signature: `holds` is None when it was not or could not be asked."""

    program: str
    holds: bool | None
    said: str

    @property
    def word(self) -> Text:
        """`holds` in words."""
        return _NOT if self.holds is None else _YES if self.holds else _NO


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `start` up to `end`, which does not count."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """One signature. `number` counts from 1; `covers` is the path of the element that it is over, `spans` its bytes.

    `standing` and `why` are ours, `opinions` those of others.
    """

    number: int
    path: str
    covers: str
    signer: str
    algorithm: str
    digest: str
    canonicalization: str
    transforms: tuple[str, ...]
    key_name: str | None
    certificate: CertificateFacts | None
    standing: Standing
    why: Text
    detail: str
    spans: tuple[Span, ...]
    opinions: tuple[Opinion, ...] = ()

    @property
    def said(self) -> Text:
        """`standing` in words."""
        return _MARKS[self.standing]


@dataclass(frozen=True, slots=True)
class Run:
    """Text of the message, as it was received, that the same signatures cover; `proven` when one of them holds.

    `signature` is the number of the signature that the text itself is, when no other covers it.
    """

    text: str
    start: int
    covered_by: tuple[int, ...]
    proven: bool
    signature: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the message, explained: an element, or an attribute (`@name`).

    `value` is its text, shortened when long. `opened` marks what was encrypted.
    """

    name: str
    value: str
    meaning: Text | None = None
    clause: str = ""
    children: tuple["Node", ...] = ()
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """Something encrypted: where, for whom, and what came out, or why nothing did."""

    path: str
    recipients: tuple[str, ...]
    key_names: tuple[str, ...]
    content: str | None
    why_not: Text | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """All there is to say about one message. `moment` is the one that it was judged at; `given` when somebody chose it.

    `kind` is the local name of the root below any envelope, empty when the message cannot be read.
    """

    found: Found
    kind: str
    what: Text
    moment: datetime
    given: bool
    remarks: tuple[Remark, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    signatures: tuple[SignatureFacts, ...] = ()
    runs: tuple[Run, ...] = ()
    uncovered: tuple[str, ...] = ()
    opened: tuple[Opened, ...] = ()
    tree: Node | None = None
    notes: tuple[str, ...] = ()

    @property
    def unchecked_by_reason(self) -> Mapping[Text, tuple[Unchecked, ...]]:
        """The same rules, by what is wanting: the reason of the most rules first."""
        found: dict[Text, list[Unchecked]] = {}
        for one in self.unchecked:
            found.setdefault(one.why, []).append(one)
        return {why: tuple(rules) for why, rules in sorted(found.items(), key=lambda item: -len(item[1]))}

    @property
    def verdict(self) -> Verdict:
        """Whether it can be read, and whether a rule of severity error has something to say."""
        if not self.kind:
            return Verdict.UNREADABLE
        wrong = any(remark.severity is Severity.ERROR for remark in self.remarks)
        return Verdict.FLAWED if wrong else Verdict.FINE

    @property
    def outcome(self) -> Text:
        """The verdict in a sentence; that a sender is not proven is said even when nothing rejects the message."""
        said = _VERDICTS[self.verdict]
        proven = bool(self.signatures) and all(item.standing is Standing.TRUSTED for item in self.signatures)
        if self.verdict is not Verdict.FINE or proven:
            return said
        return Text(f"{said.nl} {_UNKNOWN.nl}", f"{said.en} {_UNKNOWN.en}")
