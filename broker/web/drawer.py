"""What the developer drawer of a page shows; the template is `developer.html`."""

from dataclasses import dataclass
from typing import Annotated

from broker.core.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A part that a login rests on, or a value of the question."""

    name: Annotated[Text, "what it is"]
    value: Annotated[str, "its value, in the notation of the log"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedEntry:
    """An organisation on the page, and the parts that carry it; `token` revokes its chain mandate."""

    name: Annotated[str, "name of the organisation"]
    intermediary: Annotated[str | None, "name of the intermediary, for a chain mandate"]
    kind: Annotated[Text, "what kind of link it is"]
    level: Annotated[str, "effective level"]
    parts: Annotated[tuple[Fact, ...], "what it rests on, from the person to the organisation"]
    superseded: Annotated[tuple[str, ...], "ids of links that would do as well and were passed over"]
    token: Annotated[str | None, "signed choice of a chain mandate that can be revoked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenEntry:
    """An organisation that cannot be acted for, and the first rule that says so."""

    name: Annotated[str, "name of the organisation"]
    intermediary: Annotated[str | None, "name of the intermediary, for a chain mandate"]
    kind: Annotated[Text, "what kind of link it is"]
    id: Annotated[str, "id of the coupling or mandate"]
    code: Annotated[str, "stable reason code"]
    reason: Annotated[Text, "why not"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenEntries:
    """The first of them, and how many there are."""

    entries: Annotated[tuple[HiddenEntry, ...], "at most fifty"]
    total: Annotated[int, "how many there are in all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawer:
    """Why the page shows what it shows."""

    question: Annotated[tuple[Fact, ...], "what was asked"]
    traced: Annotated[tuple[TracedEntry, ...], "the organisations on the page"]
    hidden: Annotated[HiddenEntries | None, "who cannot be acted for; None when that was not looked up"]
    is_open: Annotated[bool, "whether the person asked for it just now"]
    query: Annotated[str, "what was searched for"]
    list_url: Annotated[str, "GET with `q` and `developer`"]
    revoke_url: Annotated[str, "POST with `choice`, and `go_on` to choose it all the same"]
