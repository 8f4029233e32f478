"""The developer drawer of the pages about whom to act for, and its button that revokes in the middle of a login."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from flask import request

from broker.core.decision import Refusal
from broker.core.explanations import PART_NAMES, explain
from broker.core.links import ChainLink, DirectLink, Link, Part, UncoupledMandate
from broker.core.login import Login
from broker.core.text import Text
from broker.simulator import developer
from broker.simulator.representation import Choice
from broker.web.current import simulator
from broker.web.drawer import Drawer, Fact, HiddenEntries, HiddenEntry, TracedEntry
from broker.web.steps import address

_ASKED: Final = {
    "day": Text("Dag in Nederland", "Day in the Netherlands"),
    "service": Text("Dienst", "Service"),
    "needed_level": Text("Nodig niveau", "Level needed"),
    "authenticated_level": Text("Niveau van het inloggen", "Level of the authentication"),
    "person": Text("Persoon", "Person"),
    "employer": Text("Werkgever", "Employer"),
    "policy": Text("Regels", "Rules"),
}
_PARTS: Final = {
    Part.MEANS: Text("inlogmiddel", "means of login"),
    Part.DIRECT_MANDATE: Text("machtiging", "mandate"),
    Part.COUPLING: Text("koppeling", "coupling"),
    Part.CHAIN_MANDATE: Text("ketenmachtiging", "chain mandate"),
}
_UNCOUPLED: Final = Text("niet gekoppelde ketenmachtiging", "chain mandate without coupling")


def drawer(login: Login, choices: Sequence[Choice], typed: str = "") -> Drawer | None:
    """The drawer of a page that shows `choices`; None when there is none."""
    asked_for = "developer" in request.args
    insight = developer.look(simulator(), login, [choice.candidate for choice in choices], typed, everything=asked_for)
    if insight is None:
        return None
    here = {name: request.args.get(name) for name in ("q", "page", "developer")}
    return Drawer(
        question=tuple(_asked(insight.trace["question"])),
        traced=tuple(map(_traced, choices, insight.trace["candidates"])),
        hidden=_hidden(insight.hidden) if insight.hidden else None,
        is_open=asked_for,
        query=typed,
        list_url=address(login, "login.show"),
        revoke_url=address(login, "developer.revoke", **here),
    )


def _asked(question: dict[str, Any]) -> Iterable[Fact]:
    told = {**question, "service": question["service"]["id"]}  # its name stands on the page, in the page's language
    for name, words in _ASKED.items():
        yield Fact(name=words, value=_written(told[name]))


def _written(value: object) -> str:
    """A value of the trace on one line."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_written(item)}" for name, item in value.items())
    if isinstance(value, bool):
        return str(value).lower()
    return "–" if value is None else str(value)


def _traced(choice: Choice, trace: dict[str, Any]) -> TracedEntry:
    through = trace["intermediary"]
    return TracedEntry(
        name=trace["organisation"]["name"],
        intermediary=through["name"] if through else None,
        kind=_kind(choice.candidate.link),
        level=trace["effective_level"],
        parts=tuple(map(_part, trace["carried_by"])),
        superseded=tuple(trace["superseded"]),
        token=choice.token if isinstance(choice.candidate.link, ChainLink) else None,
    )


def _part(trace: dict[str, Any]) -> Fact:
    others = {name: value for name, value in trace.items() if name not in ("part", "id")}
    return Fact(name=_PARTS[Part(trace["part"])], value=f"{trace['id']} ({_written(others)})")


def _hidden(found: developer.Hidden) -> HiddenEntries:
    return HiddenEntries(entries=tuple(map(_hidden_entry, found.refusals)), total=found.total)


def _hidden_entry(refusal: Refusal) -> HiddenEntry:
    link, denied = refusal.link, refusal.denied
    reason = explain(denied.reason).reason
    if denied.weakest:
        part = PART_NAMES[denied.weakest]
        reason = Text(f"{reason.nl} ({part.nl})", f"{reason.en} ({part.en})")
    return HiddenEntry(
        name=link.organisation.statutory_name,
        intermediary=None if isinstance(link, DirectLink) else link.intermediary.statutory_name,
        kind=_kind(link),
        id=link.mandate.id if isinstance(link, UncoupledMandate) else link.reference.id,
        code=denied.reason.value,
        reason=reason,
    )


def _kind(link: Link | UncoupledMandate) -> Text:
    match link:
        case UncoupledMandate():
            return _UNCOUPLED
        case ChainLink():
            return _PARTS[Part.COUPLING]
        case DirectLink():
            return _PARTS[Part.DIRECT_MANDATE]
