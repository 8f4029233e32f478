"""Heads of the chain of events: what is signed and kept outside the database (B-20).

A head vouches for the events from `first` to `last`. Besides the digest of the last it has a mark of each, so that the
first event that is not what it was can be named also when all digests after it were computed anew. The heads of an
installation join: each begins behind the one before it, so one that is taken out leaves a gap.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

MARK: Final = 8
"""So many bytes of the digest of each event are its mark."""
MOST: Final = 10_000
"""A head is for at most so many events; more get several."""
_SIGNED_AS: Final = b"ketenbroker head of the chain of events, version 1\n"


class NotAHead(ValueError):
    """A line that is no head; the message says why."""


@dataclass(frozen=True, slots=True)
class Head:
    """Which events (numbers, both included) there were at a moment: `marks` of each, and the digest of the last."""

    at: datetime
    first: int
    last: int
    digest: bytes
    marks: bytes


def text_of(head: Head) -> str:
    """A head as one line of JSON, always the same for the same head."""
    content = {
        "at": head.at.isoformat(),
        "digest": head.digest.hex(),
        "first": head.first,
        "last": head.last,
        "marks": head.marks.hex(),
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def signed_octets(text: str) -> bytes:
    """What the signature of a head covers: a sentence that nothing else begins with, and the line."""
    return _SIGNED_AS + text.encode()


def read(text: str) -> Head:
    """The head of a line of JSON; raises `NotAHead`."""
    try:
        found = json.loads(text)
        head = Head(
            at=datetime.fromisoformat(found["at"]),
            first=found["first"],
            last=found["last"],
            digest=bytes.fromhex(found["digest"]),
            marks=bytes.fromhex(found["marks"]),
        )
        covered = head.last - head.first + 1
        fits = 0 < covered == len(head.marks) / MARK and head.marks[-MARK:] == head.digest[:MARK]
    except (ValueError, KeyError, TypeError) as error:
        raise NotAHead(f"no head: {type(error).__name__}") from error
    if not fits:
        raise NotAHead("the marks of this head are not those of its events")
    return head
