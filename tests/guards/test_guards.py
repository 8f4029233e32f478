"""The list of checks is complete, and switching one off does what it says; `python -m tests.guards` does the rest."""

from datetime import UTC, datetime
from importlib import import_module
from pkgutil import iter_modules

import pytest

from broker.core import login as attempt
from broker.core.assurance import AssuranceLevel
from broker.core.errors import LoginUnknown
from broker.core.login import Addressed, Asked, require_browser
from tests.guards.checks import all_checks, checks_of, function_names
from tests.guards.plugin import must_fail, named_tests
from tests.guards.receiver import MODULES, NOT_CHECKS, ONLY_MAKE, OTHER_MODULES
from tests.guards.switch import without

CHECKS = {check.id: check for check in all_checks()}
BROWSER = CHECKS["broker.core.login.require_browser: login.browser != browser"]


@pytest.mark.parametrize("package", ["core", "rules", "saml", "simulator", "store", "web", "web.operator"])
def test_every_module_is_looked_at_or_takes_no_messages(package: str) -> None:
    folder = f"broker.{package}"
    there = {f"{folder}.{item.name}" for item in iter_modules(import_module(folder).__path__) if not item.ispkg}
    listed = {name for name in (*MODULES, *OTHER_MODULES) if name.rpartition(".")[0] == folder}
    assert listed == there
    assert set(MODULES) & set(OTHER_MODULES) == set()


def test_what_is_left_out_exists() -> None:
    everything = {f"{module}.{name}" for module in MODULES for name in function_names(module)}
    assert everything >= ONLY_MAKE
    found = {check.id for module in MODULES for check in checks_of(module, all_of_them=True)[1]}
    assert NOT_CHECKS.keys() - found == set()


def test_every_check_has_a_test_and_every_test_a_check() -> None:
    assert len(CHECKS) > 300
    wanted = "run python -m tests.guards search"
    assert CHECKS.keys() - named_tests().keys() == set(), wanted
    assert named_tests().keys() - CHECKS.keys() == set(), wanted


def test_a_check_is_off_for_as_long_as_it_is_said_to_be() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    asked = Asked(Addressed("urn:sp", "_request", "http://127.0.0.1/acs", None), "urn:service", AssuranceLevel.EH3)
    login = attempt.bind(attempt.start("login", asked, now, now), "browser", now)
    with pytest.raises(LoginUnknown):
        require_browser(login, "another")
    with without(BROWSER):
        require_browser(login, "another")
        with pytest.raises(LoginUnknown):
            require_browser(login, None)
    with pytest.raises(LoginUnknown):
        require_browser(login, "another")


def test_a_test_that_passes_without_the_check_is_reported() -> None:
    with pytest.raises(pytest.fail.Exception, match="passes without this check"):
        must_fail(lambda: None, BROWSER)()


@pytest.mark.parametrize("error", [AssertionError, KeyError, pytest.fail.Exception])
def test_a_test_that_fails_without_the_check_is_what_is_wanted(error: type[BaseException]) -> None:
    def named() -> None:
        raise error("no")

    must_fail(named, BROWSER)()


def test_a_test_that_is_left_out_proves_nothing() -> None:
    with pytest.raises(pytest.fail.Exception, match="did not run"):
        must_fail(lambda: pytest.skip("not today"), BROWSER)()
