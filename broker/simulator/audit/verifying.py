"""Whether the audit log is what was written: the chain of events against itself, its signed heads, its documents."""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from broker.core.heads import MARK, Head
from broker.simulator.audit import heads, in_force
from broker.simulator.audit.heads import HeadRefused
from broker.simulator.audit.keys import AuditVerificationKey
from broker.store.administration import chain
from broker.store.administration.chain import ChainBroken
from broker.store.database import Store, Transaction


@dataclass(frozen=True, slots=True)
class Broken:
    """The first event that is not what it should be, and what is wrong with it."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many events were found right, how many of these are signed, when last, and the first that is wrong.

    `documents` is how many are kept that events name as what was in force, `altered` what is wrong with these.
    """

    events: int
    signed: int
    signed_at: datetime | None
    broken: Broken | None
    documents: int = 0
    altered: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether all of it is what was written."""
        return self.broken is None and not self.altered


@dataclass(frozen=True, slots=True)
class _Signed:
    """What all heads together say: a mark of each event from 1 on."""

    marks: bytes
    last: Head | None
    refused: HeadRefused | None

    @property
    def number(self) -> int:
        """The last event that is signed."""
        return self.last.last if self.last else 0


def verify(store: Store, file: Path, key: AuditVerificationKey) -> Verdict:
    """Hold every event against the one before it and against the heads in `file`, and documents against their digests.

    Heads are read first: what is written meanwhile is newer than they are. Raises `ConfigError` when the file cannot be
    read, `StoreUnavailable` when the database does not answer.
    """
    signed = _signed(file, key)

    def look(tx: Transaction) -> Verdict:
        documents, altered = in_force.problems(tx)
        return replace(_walk(tx, signed), documents=documents, altered=altered)

    return store.read(look)


def _signed(file: Path, key: AuditVerificationKey) -> _Signed:
    marks, last = bytearray(), None
    try:
        for head in heads.read_file(file, key):
            marks += head.marks
            last = head
    except HeadRefused as refused:
        return _Signed(bytes(marks), last, refused)
    return _Signed(bytes(marks), last, None)


def _walk(tx: Transaction, signed: _Signed) -> Verdict:
    number, broken = 0, None
    try:
        with closing(chain.links(tx)) as found:
            for number, _, digest in found:
                if number <= signed.number and signed.marks[(number - 1) * MARK : number * MARK] != digest[:MARK]:
                    raise ChainBroken(number, "is not what was signed")
    except ChainBroken as error:
        broken = Broken(error.number, error.reason)
        number = max(0, error.number - 1)
    if broken is None:
        broken = _broken_heads(number, signed)
    return Verdict(
        events=number,
        signed=min(number, signed.number),
        signed_at=signed.last.at if signed.last else None,
        broken=broken,
    )


def _broken_heads(number: int, signed: _Signed) -> Broken | None:
    """What is wrong although all events that there are join."""
    if number < signed.number:
        return Broken(number + 1, "is missing, with all behind it: cut off, or an older copy was put back")
    if signed.refused is not None:
        return Broken(signed.refused.first, f"from here on nothing is vouched for: its head {signed.refused.reason}")
    if number and not signed.number:
        return Broken(1, "nothing was ever signed, or the file of heads is gone")
    return None
