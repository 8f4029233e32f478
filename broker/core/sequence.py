"""A sequence diagram as numbers: where the lanes of the parties, the arrows between them and their texts stand.

Pure geometry, in units of the drawing; whoever draws it adds colours and words of the page. Nothing is measured: a text
that is longer than its place is shortened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LANE: Final = 146
_HEADER: Final = 46
_STEP: Final = 46
_MARGIN: Final = 10
_HEAD: Final = 7
_LONGEST: Final = 23


@dataclass(frozen=True, slots=True)
class Message:
    """One message: from which lane to which (numbers from 0), and two lines of text."""

    source: int
    target: int
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A party: where its line stands, and the lines of its name."""

    x: int
    name: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow from `x1` to `x2` at height `y`; `head` are the points of its head, the texts stand above and below."""

    number: int
    x1: int
    x2: int
    y: int
    head: str
    text_x: int
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """The drawing: its size, lanes and arrows."""

    width: int
    height: int
    top: int
    lanes: tuple[Lane, ...]
    arrows: tuple[Arrow, ...]


def drawn(parties: Sequence[str], messages: Sequence[Message]) -> Diagram:
    """The diagram of these parties, from left to right, and messages, from top to bottom."""
    lanes = tuple(Lane(_x(number), _short(name)) for number, name in enumerate(parties))
    arrows = tuple(_arrow(number, message) for number, message in enumerate(messages, start=1))
    height = _HEADER + _STEP * len(messages) + 2 * _MARGIN
    return Diagram(LANE * max(1, len(parties)), height, _HEADER, lanes, arrows)


def _arrow(number: int, message: Message) -> Arrow:
    x1, x2 = _x(message.source), _x(message.target)
    y = _HEADER + _STEP * number - _STEP // 2 + _MARGIN
    back = -_HEAD if x2 > x1 else _HEAD
    head = f"{x2},{y} {x2 + back},{y - _HEAD // 2 - 1} {x2 + back},{y + _HEAD // 2 + 1}"
    return Arrow(number, x1, x2, y, head, (x1 + x2) // 2, _short(message.label), _short(message.note))


def _x(lane: int) -> int:
    return LANE * lane + LANE // 2


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
