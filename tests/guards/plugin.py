"""What `--guards` adds to a run: each check of the receiver is off once, and the test named for it has to fail.

Each check is an item of its own, right after its test, so that the two share what was prepared: it passes when the test
fails. The test itself has to pass with every check on, so that it did not fail for another reason.
"""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.guards.checks import Check, all_checks
from tests.guards.switch import without

NAMED: Final = Path(__file__).with_name("tests.toml")
Test = Callable[..., object]


def named_tests() -> dict[str, str]:
    """The test of each check, as pytest names it, by the id of the check."""
    return tomllib.loads(NAMED.read_text(encoding="utf-8")) if NAMED.exists() else {}


def with_checks_off(items: list[pytest.Item], only: bool) -> Iterator[pytest.Item]:
    """`items`, or `only` those that are named for a check, each followed by itself without its checks."""
    named = named_tests()
    checks: dict[str, list[Check]] = {}
    ids = set()
    for check in all_checks():
        ids.add(check.id)
        checks.setdefault(named.get(check.id, ""), []).append(check)
    _require("checks without a test", ids - named.keys())
    _require("tests for checks that are not there", named.keys() - ids)
    _require("tests that are not there", set(named.values()) - {item.nodeid for item in items})
    for item in items:
        if not only or item.nodeid in checks:
            yield item
        if isinstance(item, pytest.Function):
            yield from (_item(item, check) for check in checks.get(item.nodeid, ()))


def _require(what: str, ids: set[str]) -> None:
    if ids:
        lines = "\n".join(sorted(ids))
        raise pytest.UsageError(f"{NAMED.name}: {what}; run python -m tests.guards search\n{lines}")


def _item(test: pytest.Function, check: Check) -> pytest.Function:
    return pytest.Function.from_parent(
        test.parent,
        name=f"{test.name} without {check.id}",
        callspec=getattr(test, "callspec", None),
        callobj=must_fail(test.obj, check),
        fixtureinfo=test._fixtureinfo,
        originalname=test.originalname,
    )


def must_fail(test: Test, check: Check) -> Test:
    """A test that passes when `test` fails without `check`."""

    def run(**given: object) -> None:
        with without(check):
            try:
                test(**given)
            except (Exception, pytest.fail.Exception):
                return
            except pytest.skip.Exception:
                pytest.fail(f"{test.__name__} did not run", pytrace=False)
        pytest.fail(f"{test.__name__} passes without this check", pytrace=False)

    return run
