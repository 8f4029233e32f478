"""A run in which each check of the receiver is off once, and the test that is named for it has to fail.

Each check is an item of its own: it passes when its test fails. The tests themselves follow, with every check on: they
must pass, so that none of them failed for another reason.
"""

import tomllib
from collections.abc import Callable
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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    known = {item.nodeid: item for item in items if isinstance(item, pytest.Function)}
    named = named_tests()
    checks = {check.id: check for check in all_checks()}
    _require("checks without a test", checks.keys() - named.keys())
    _require("tests for checks that are not there", named.keys() - checks.keys())
    _require("tests that are not there", set(named.values()) - known.keys())
    order = {nodeid: place for place, nodeid in enumerate(known)}
    switched = sorted(checks.values(), key=lambda check: order[named[check.id]])
    controls = [item for nodeid, item in known.items() if nodeid in set(named.values())]
    items[:] = [*(_item(known[named[check.id]], check) for check in switched), *controls]


def _require(what: str, ids: set[str]) -> None:
    if ids:
        lines = "\n".join(sorted(ids))
        raise pytest.UsageError(f"{NAMED.name}: {what}; run python -m tests.guards search\n{lines}")


def _item(test: pytest.Function, check: Check) -> pytest.Function:
    return pytest.Function.from_parent(
        test.parent,
        name=test.name,
        callspec=getattr(test, "callspec", None),
        callobj=must_fail(test.obj, check),
        fixtureinfo=test._fixtureinfo,
        originalname=f"{test.originalname} without {check.id}",  # what pytest calls the item
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
