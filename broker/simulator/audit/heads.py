"""Signed heads of the chain of events, in a file outside the database: one line each, a signature and what it covers.

Processes take turns with a lock on the file. What is signed was verified first, and joins what was signed before: a
chain that does not is never signed, so that a meddled database cannot get the installation's word for it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BufferedRandom
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature

from broker.core import heads
from broker.core.errors import ConfigError
from broker.core.heads import MARK, MOST, Head
from broker.simulator.audit.keys import AuditKey, AuditVerificationKey
from broker.store.administration import chain
from broker.store.administration.chain import ChainBroken, Place
from broker.store.database import Store, Transaction

_PIECE: Final = 4096


@dataclass(frozen=True, slots=True)
class Notary:
    """Who signs heads, in which file, and how often."""

    key: AuditKey
    file: Path
    every: timedelta


class HeadRefused(Exception):
    """A line of the file of heads that this installation did not sign. `first` is the event that it should begin at."""

    def __init__(self, first: int, reason: str) -> None:
        """`reason` says what is wrong with it."""
        super().__init__(f"the head for the events from {first}: {reason}")
        self.first = first
        self.reason = reason


def sign(notary: Notary, store: Store, moment: datetime, *, at_once: bool = False) -> int:
    """Sign the events that are not signed yet; gives how many those were.

    Does nothing when the last head is younger than the interval, unless it must be done `at_once`. Raises `ChainBroken`
    when the events do not join the last head, `HeadRefused` when that is not ours, `ConfigError` when the file cannot
    be used.
    """
    with _alone(notary.file) as file:
        last = _last(file, notary.key.public)
        if last is not None and not at_once and last.at <= moment < last.at + notary.every:
            return 0
        fresh = store.read(lambda tx: _made(tx, last, moment))
        if not fresh:
            return 0
        for head in fresh:
            file.write(_line(notary.key, head))
        file.flush()
        os.fsync(file.fileno())
    return sum(head.last - head.first + 1 for head in fresh)


def read_file(path: Path, key: AuditVerificationKey) -> Iterator[Head]:
    """All heads in order; raises `HeadRefused` at the first that is not signed with `key` or does not join the others.

    Raises `ConfigError` when the file is there and cannot be read; a file that is not there has no heads.
    """
    try:
        with path.open("rb") as file:
            expected = 1
            for line in file:
                head = _read(line, key, expected)
                if head.first != expected:
                    raise HeadRefused(expected, "is missing")
                expected = head.last + 1
                yield head
    except FileNotFoundError:
        return
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error


def _made(tx: Transaction, last: Head | None, moment: datetime) -> list[Head]:
    """Heads for what is behind the last one, which the events must join."""
    after = chain.START
    if last is not None:
        found = chain.digest_at(tx, last.last)
        if found != last.digest:
            raise ChainBroken(last.last, "is missing" if found is None else "is not what was signed")
        after = Place(last.last, last.digest)
    made: list[Head] = []
    first, marks, digest = after.number + 1, bytearray(), after.digest
    for number, _, digest in chain.links(tx, after):
        marks += digest[:MARK]
        if len(marks) == MOST * MARK:
            made.append(Head(moment, first, number, digest, bytes(marks)))
            first, marks = number + 1, bytearray()
    if marks:
        made.append(Head(moment, first, first + len(marks) // MARK - 1, digest, bytes(marks)))
    return made


def _line(key: AuditKey, head: Head) -> bytes:
    text = heads.text_of(head)
    return f"{key.sign(heads.signed_octets(text)).hex()} {text}\n".encode()


def _read(line: bytes, key: AuditVerificationKey, expected: int) -> Head:
    try:
        signature, _, text = line.decode().removesuffix("\n").partition(" ")
        key.verify(bytes.fromhex(signature), heads.signed_octets(text))
        return heads.read(text)
    except (InvalidSignature, ValueError) as error:
        raise HeadRefused(expected, "is not signed with the key of this installation") from error


def _last(file: BufferedRandom, key: AuditVerificationKey) -> Head | None:
    """The last line, looked for from the end; leaves the file at its end. A line without an end was never finished."""
    end = file.seek(0, os.SEEK_END)
    tail = b""
    while end and tail.count(b"\n") < 2:  # noqa: PLR2004  the end of the last line, and that of the one before
        start = max(0, end - _PIECE * (1 + len(tail) // _PIECE))
        file.seek(start)
        tail = file.read(end - start) + tail
        end = start
    lines = tail.splitlines(keepends=True)
    if lines and not lines[-1].endswith(b"\n"):
        file.seek(-len(lines.pop()), os.SEEK_END)
        file.truncate()
    file.seek(0, os.SEEK_END)
    if not lines:
        return None
    return _read(lines[-1], key, 1)


@contextmanager
def _alone(path: Path) -> Iterator[BufferedRandom]:
    """The file, made when it is not there, while no other process or thread has it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ConfigError(f"{path}: heads of the audit log cannot be written there: {error.strerror}") from error
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
