"""Which tests show which requirement, by the ids in their names, read from the sources of the tests."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parents[1]
_CARRIED: Final = re.compile(r"(?<=_)[MIE]\d+(?=_|$)")


@dataclass(frozen=True, slots=True)
class Requirements:
    """`requirements.toml`: groups by the letter of their ids, and what is asked by id."""

    groups: Mapping[str, str]
    requirements: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A test that carries ids in its name: where it is, and whether a marker lets it be left out or fail."""

    test: str
    carried: tuple[str, ...]
    may_not_run: bool


def read_requirements() -> Requirements:
    """What is asked."""
    return Requirements(**tomllib.loads((TESTS / "mandates" / "requirements.toml").read_text(encoding="utf-8")))


def carried_form(requirement: str) -> str:
    """How the id stands in the name of a test: `M-14` as `M14`."""
    return requirement.replace("-", "")


@cache
def all_shown() -> tuple[Shown, ...]:
    """Every test that carries an id, by path and name."""
    return tuple(found for path in sorted(TESTS.rglob("test_*.py")) for found in _in(path))


def by_requirement() -> dict[str, list[str]]:
    """The tests of each requirement."""
    return {
        requirement: [one.test for one in all_shown() if carried_form(requirement) in one.carried]
        for requirement in read_requirements().requirements
    }


def _in(path: Path) -> Iterator[Shown]:
    tests = (node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef))
    for node in tests:
        carried = _CARRIED.findall(node.name) if node.name.startswith("test_") else []
        if carried:
            marks = {item.attr for mark in node.decorator_list for item in ast.walk(mark) if hasattr(item, "attr")}
            where = f"{path.relative_to(TESTS.parent)}::{node.name}"
            yield Shown(where, tuple(carried), bool(marks & {"skip", "skipif", "xfail"}))
