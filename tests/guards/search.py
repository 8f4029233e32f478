"""Which tests fail without a check.

For the checks that have none yet. First every test runs once with checks that tell when they say no; then each check is
off for the tests to which it said no, the quickest first, until one fails.
"""

import builtins
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass

import pytest
import tomli_w
from _pytest.runner import runtestprotocol

from tests.guards.checks import MET, TRIED, Check, all_checks
from tests.guards.plugin import NAMED, named_tests
from tests.guards.switch import reporting, without
from tests.security.rows import carries_row

# Seconds: tests that take longer are not tried, and the search for one check ends after so many.
SLOW = 3.0
PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What a test had from a check: whether it said no, and how many seconds the test took."""

    no: bool
    took: float


class Search:
    """Runs the tests of a session and writes `tests.toml`."""

    def __init__(self) -> None:
        self.heard: dict[str, dict[str, Heard]] = {}
        self.met: dict[str, bool] = {}
        self.off: Check | None = None

    def tell(self, name: str, value: object, no: bool | None = None) -> object:
        """What a check calls with what it found; it says no when that is `no`."""
        self.met[name] = self.met.get(name, False) or (no is not None and bool(value) is no)
        return value

    def tried(self, name: str, attempt: Callable[[], object]) -> object:
        """What a check calls with what it tries; it says no when that raises."""
        try:
            self.met.setdefault(name, False)
            return attempt()
        except Exception:
            self.met[name] = True
            raise

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        self.met.clear()
        with nullcontext() if self.off is None else without(self.off):
            return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items if _can_be_repeated(item)}
        checks = all_checks()
        named = {check.id: name for check in checks if (name := named_tests().get(check.id)) in items}
        wanted = [check for check in checks if check.id not in named]
        setattr(builtins, MET, self.tell)
        setattr(builtins, TRIED, self.tried)
        if wanted:
            self._listen(list(items.values()), wanted)
        delattr(builtins, MET)
        delattr(builtins, TRIED)
        for check, name in self._search(items, wanted):
            named[check] = name
            NAMED.write_text(tomli_w.dumps(dict(sorted(named.items()))), encoding="utf-8")
        return True

    def _listen(self, items: list[pytest.Item], wanted: list[Check]) -> None:
        functions: dict[str, set[str]] = {}
        for check in wanted:
            functions.setdefault(check.module, set()).add(check.function)
        with reporting(functions):
            for item, following in zip(items, [*items[1:], items[0]], strict=True):
                started = time.monotonic()
                reports = runtestprotocol(item, log=False, nextitem=following)
                took = time.monotonic() - started
                if all(report.passed for report in reports) and took < SLOW:
                    for name, no in self.met.items():
                        self.heard.setdefault(name, {})[item.nodeid] = Heard(no, took)

    def _search(self, items: dict[str, pytest.Item], wanted: list[Check]) -> Iterator[tuple[str, str]]:
        for check in wanted:
            heard = self.heard.get(check.id, {})
            names = sorted(heard, key=lambda name: _order(check, name, heard[name]))
            end = time.monotonic() + PATIENCE
            name = next((name for name in names if time.monotonic() < end and self._fails(items[name], check)), None)
            if name is None:
                sys.stderr.write(f"no test: {check.id} ({sum(item.no for item in heard.values())} of {len(heard)})\n")
            else:
                yield check.id, name

    def _fails(self, item: pytest.Item, check: Check) -> bool:
        """Whether `item` fails without `check`, and passes again with it."""
        return not self._passes(item, check) and self._passes(item, None)

    def _passes(self, item: pytest.Item, check: Check | None) -> bool:
        self.off = check
        # What comes next is not known yet: everything goes but what belongs to the session.
        reports = {report.when: report for report in runtestprotocol(item, log=False, nextitem=item.session)}
        self.off = None
        if reports["setup"].failed:
            raise RuntimeError(f"{item.nodeid} can no longer be prepared:\n{reports['setup'].longreprtext}")
        return reports["call"].passed


def _order(check: Check, name: str, heard: Heard) -> tuple[bool, bool, bool, float]:
    """Tests that heard no come first, then those of a row, then those beside the module, then the quick ones."""
    beside = check.module.rpartition(".")[2] in name.partition("::")[0]
    return not heard.no, not carries_row(name), not beside, heard.took


def _can_be_repeated(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and not hasattr(item.obj, "hypothesis") and item.nodeid.isprintable()
