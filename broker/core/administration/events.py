"""What happened to the register, in one chain: event after event, each bound to the one before it.

The number is gap-free and the digest covers the number, the content and the digest before it, so that nothing can be
taken out, put in or moved without a trace (I13). `after` is the whole state of the object, so the register can be built
from its events: `fold`. When a whole register is loaded from a file, one event names the file by its digest: what is
true from then on is what that file says, and the events after it.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from types import NoneType
from typing import Any, Final

from broker.core.administration.actors import Actor

FIRST_LINK: Final = bytes(32)
"""What stands for the digest before the first event."""

State = Mapping[str, Any]
"""A value as JSON has it."""

REGISTER: Final = "register"
"""The kind and the id of the object that is the register as a whole."""


@dataclass(frozen=True, slots=True)
class Event:
    """One change, or one login. `about` are ids of the organisations in whose history it stands.

    `action` is `object.verb`: `chain_mandate.revoked`. `before` and `after` are the states of the object; None when it
    did not exist, or does not any more. `login_id` names the login during which it happened.
    """

    at: datetime
    actor: Actor
    action: str
    object_id: str
    about: tuple[str, ...]
    before: State | None = None
    after: State | None = None
    reason: str = ""
    login_id: str | None = None

    @property
    def object_kind(self) -> str:
        """What kind of thing it happened to."""
        return self.action.partition(".")[0]


def changed(  # noqa: PLR0913  an event has that many parts
    action: str,
    actor: Actor,
    at: datetime,
    *,
    about: tuple[str, ...],
    before: object | None,
    after: object | None,
    object_id: str,
    reason: str = "",
    login_id: str | None = None,
) -> Event:
    """The event of a change from one core value to the next."""
    was, became = (None if value is None else state_of(value) for value in (before, after))
    return Event(at, actor, action, object_id, about, was, became, reason, login_id)


def state_of(value: object) -> State:
    """A frozen value as JSON has it: enums by value, dates in ISO form, sets sorted, bytes in hexadecimal."""
    plain = _plain(value)
    if not isinstance(plain, dict):
        raise TypeError(f"{type(value).__name__} is no value with fields")
    return plain


def document_of(event: Event) -> str:
    """The canonical text of an event: what its digest covers, besides the number and the digest before it."""
    return json.dumps(_plain(event), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link(previous: bytes, number: int, document: str) -> bytes:
    """The digest of event `number` (from 1): SHA-256 over length, digest before it, number, content."""
    return link_octets(previous, number, document.encode())


def link_octets(previous: bytes, number: int, content: bytes) -> bytes:
    """The same, of a document that is encoded already."""
    return sha256(len(content).to_bytes(8, "big") + previous + number.to_bytes(8, "big") + content).digest()


def fold(documents: Iterable[State]) -> Mapping[tuple[str, str], State]:
    """The register as its events, in order, tell it: the last state of each object by kind and id.

    After a whole register was loaded that is what changed since, and what the event says of the file.
    """
    found: dict[tuple[str, str], State] = {}
    for document in documents:
        kind, name = document["action"].partition(".")[0], document["object_id"]
        if kind == REGISTER:
            found.clear()
        if document["after"] is None:
            found.pop((kind, name), None)
        else:
            found[kind, name] = document["after"]
    return found


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"{type(value).__name__} cannot be written down in an event")


_WRITERS: Final[tuple[tuple[tuple[type, ...], Callable[[Any], Any]], ...]] = (
    ((Enum,), lambda value: value.value),
    ((str, int, NoneType), lambda value: value),
    ((date,), lambda value: value.isoformat()),
    ((bytes,), lambda value: value.hex()),
    ((frozenset,), lambda value: sorted(map(_plain, value))),
    ((tuple, list), lambda value: [*map(_plain, value)]),
    ((dict,), lambda value: {key: _plain(item) for key, item in value.items()}),
)
