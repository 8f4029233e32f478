"""Which tests show which row, and with which reason, read from the sources of the tests.

A row is an id of `rows.toml`. A test shows it when its name carries the id: `test_SIG_01_...`,
`test_SIG_26_SIG_27_...`, `test_SIG_01_to_SIG_11_...`. The reasons are the ids of rules, and the names of reasons, that
stand in the test itself, in its parameters, or in a constant that it names.
"""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, get_args

from broker.rules.reception import finding
from broker.saml import faults
from broker.saml.faults import Fault, MetadataReason

TESTS: Final = Path(__file__).parents[1]
_IDS: Final = re.compile(r"test_((?:(?:to_)?[A-Z]{2,3}_\d\d_)+)")
_ID: Final = re.compile(r"(to_)?([A-Z]{2,3})_(\d\d)_")
_KINDS: Final = {kind.__name__ for kind in get_args(faults.Reason)}
_RULE: Final = re.compile(r"EH-[A-Z]{3}-\d\d")


@dataclass(frozen=True, slots=True)
class Test:
    """A test: where it is below the checkout, its name, the rows it shows, and the reasons that it names.

    `may_not_run` is true when a marker lets it be left out or fail.
    """

    path: str
    name: str
    rows: tuple[str, ...]
    reasons: frozenset[str]
    may_not_run: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """`rows.toml`: groups by prefix, what is sent by row, and why a row has no test or its tests name no reason."""

    groups: Mapping[str, str]
    rows: Mapping[str, str]
    not_applicable: Mapping[str, str]
    no_refusal: Mapping[str, str]


def read_rows() -> Rows:
    """The rows and what is said about them."""
    return Rows(**tomllib.loads((TESTS / "security" / "rows.toml").read_text(encoding="utf-8")))


@cache
def all_tests() -> tuple[Test, ...]:
    """Every test that shows a row, by path and name. The demo service provider is another receiver than ours."""
    paths = (path for path in sorted(TESTS.rglob("test_*.py")) if path.parent.name != "sp_demo")
    return tuple(test for path in paths for test in _tests_in(path))


def carries_row(name: str) -> bool:
    """Whether the name of a test carries the id of a row."""
    return bool(_IDS.match(name.rpartition("::")[2]))


def by_row() -> dict[str, list[Test]]:
    """The tests of each row."""
    found: dict[str, list[Test]] = {}
    for test in all_tests():
        for row in test.rows:
            found.setdefault(row, []).append(test)
    return found


def _tests_in(path: Path) -> Iterator[Test]:
    for node in _module(path).body:
        if isinstance(node, ast.FunctionDef) and (carried := _IDS.match(node.name)):
            marks = {item.attr for mark in node.decorator_list for item in ast.walk(mark) if hasattr(item, "attr")}
            yield Test(
                str(path.relative_to(TESTS.parent)),
                node.name,
                tuple(_rows(carried.group(1))),
                frozenset(_reasons(node, path, frozenset())),
                bool(marks & {"skip", "skipif", "xfail"}),
            )


def _rows(carried: str) -> Iterator[str]:
    last = 0
    for upto, group, number in _ID.findall(carried):
        for each in range(last + 1 if upto else int(number), int(number) + 1):
            yield f"{group}-{each:02}"
        last = int(number)


@cache
def _module(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _reasons(node: ast.AST, path: Path, seen: frozenset[tuple[Path, str]]) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and _RULE.fullmatch(part.value):
            yield part.value
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in _KINDS:
            yield _rule(part.value.id, part.attr)
        elif isinstance(part, ast.Name) and part.id.isupper() and (path, part.id) not in seen:
            for where, constant in _constant(path, part.id):
                yield from _reasons(constant, where, seen | {(path, part.id)})


def _rule(kind: str, name: str) -> str:
    """The rule that says why; metadata is refused by the command that registers it, in its own words."""
    reason = getattr(faults, kind)[name]
    if isinstance(reason, MetadataReason):
        return f"metadata: {reason.value}"
    return finding(Fault(reason)).rule


def _constant(path: Path, name: str) -> Iterator[tuple[Path, ast.AST]]:
    """Where the constant gets its value: in this module, or in the module of the tests that it comes from."""
    for node in _module(path).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            yield path, node
        elif isinstance(node, ast.ImportFrom) and name in {item.name for item in node.names}:
            origin = (path.parent if node.level else TESTS.parent) / (node.module or "").replace(".", "/")
            if origin.with_suffix(".py").is_file() and origin.is_relative_to(TESTS):
                yield from _constant(origin.with_suffix(".py"), name)
