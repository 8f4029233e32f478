"""What the broker saw during a test, as tables of text for the report of one that failed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import requests

from broker.core.assurance import AssuranceLevel
from broker.testing.calling import CallRefused
from broker.testing.eherkenning import Eherkenning
from broker.testing.logins import Login, Plain

MOST_LOGINS: Final = 5
_WIDEST: Final = 100
_PARTS: Final = ("means", "coupling", "mandate")
_DECIDED: Final = frozenset({"granted", "denied"})
_TIME: Final = slice(11, 23)
"""Of a moment as ISO 8601 has it: hours to milliseconds."""


def told(eherkenning: Eherkenning) -> str:
    """The last logins: outcome, findings, what happened, and what the decision rested on. Raises nothing."""
    try:
        return "\n".join(_lines(eherkenning))
    except (CallRefused, requests.RequestException) as error:
        return f"The broker cannot be asked any more: {error}"


def _lines(eherkenning: Eherkenning) -> Iterator[str]:
    logins = eherkenning.logins
    if not logins:
        yield f"No login came to the broker at {eherkenning.broker}."
    if len(logins) > MOST_LOGINS:
        yield f"{len(logins)} logins; the last {MOST_LOGINS}:"
    for login in logins[-MOST_LOGINS:]:
        yield from _login(login)
    waiting = len(eherkenning.api.call("GET", "/scripts")["scripts"])
    if waiting:
        yield f"Logins that were scripted and did not come: {waiting}."


def _login(login: Login) -> Iterator[str]:
    why = f": {login.reason}" if login.reason else ""
    yield f"Login {login.id}: {login.outcome}{why}"
    if login.explanation:
        yield f"  {login.explanation}"
    yield f"  service provider {login.service_provider or '-'}, service {login.service or '-'}"
    found = [(one["message"], one["rule"], one["severity"], one["where"], one["detail"]) for one in login.findings]
    yield from _table(("message", "rule", "severity", "where", "finding"), found) if found else ("  No findings.",)
    happened = [(one["at"][_TIME], one["what"], one["detail"]) for one in login.history]
    yield from _table(("time (UTC)", "what happened", "detail"), happened)
    for one in login.history:
        if one["what"] in _DECIDED and one["facts"]:
            yield from _decision(one)


def _decision(entry: Plain) -> Iterator[str]:
    """What the decision rested on: asked, and each part of the link that was chosen."""
    facts = entry["facts"]
    through = f" through {facts['intermediary']}" if facts.get("intermediary") else ""
    yield f"  Decision: {entry['what']}; {facts.get('person')} for {facts.get('client') or '-'}{through}"
    needed, effective = _level(facts.get("needed_level")), _level(facts.get("effective_level"))
    yield f"  on {facts.get('day')}; needs {needed}, has {effective}"
    parts = [(name, facts[name]) for name in _PARTS if facts.get(name)]
    rows = [
        (
            name,
            part.get("id", ""),
            part.get("status", ""),
            _level(part.get("level")),
            part.get("validity", {}).get("valid_from", ""),
            part.get("validity", {}).get("valid_until", ""),
        )
        for name, part in parts
    ]
    yield from _table(("part", "id", "status", "level", "valid from", "valid until"), rows)


def _level(value: Any) -> str:
    known = {level.value: level.label for level in AssuranceLevel}
    return known.get(value, "-")


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Columns as wide as they need to be, up to a point; nothing that could move the cursor."""
    lines = [head, *([_clean(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for number, line in enumerate(lines):
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        if number == 0:
            yield "  " + "  ".join("-" * width for width in widths)


def _clean(cell: object) -> str:
    text = str(cell)
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:_WIDEST])
