"""Under `python -O` every assert of the program is gone, and nothing gets easier to fool.

pytest turns the asserts of tests, and of what tests share, into statements that stay; that this is so is tested first.
`make test-optimised` runs everything like this.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import CHECKOUT

SOME = ("tests/saml/test_wrapping.py", "tests/saml/test_signature_structure.py", "tests/rules/test_rules.py")
CANARY = """
import sys
from tests.docs.pages import read

def test_whose_assert_fails():
    assert not sys.flags.optimize

def test_that_uses_an_assert_of_what_tests_share():
    read("README.md").rows("A heading that is not there")
"""


def optimised(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python without asserts."""
    environment = os.environ | {"PYTHONOPTIMIZE": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)


def pytest_(*arguments: str) -> subprocess.CompletedProcess[str]:
    return optimised("-m", "pytest", "--numprocesses", "0", "--confcutdir", str(CHECKOUT), *arguments)


def test_an_assert_of_the_program_is_gone() -> None:
    assert optimised("-c", "assert False").returncode == 0


def test_an_assert_of_the_tests_counts_all_the_same(tmp_path: Path) -> None:
    canary = tmp_path / "test_canary.py"
    canary.write_text(CANARY, encoding="utf-8")
    done = pytest_("-p", "tests.conftest", str(canary))
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    assert "2 failed" in done.stdout


def test_signatures_and_rules_hold() -> None:
    done = pytest_(*SOME)
    assert done.returncode == 0, done.stdout + done.stderr


def test_mutants_are_not_believed() -> None:
    """A program of its own, with checks that are no asserts."""
    options = ("--mutants", "1000", "--opinions", "100", "--executions", "0", "--processes", "1")
    done = optimised("-m", "tests.mutants.fuzz", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    together = re.search(r"^together\s+(.*)$", done.stdout, re.MULTILINE)
    assert together, done.stdout
    number, accepted, refused, forged, crashed, _ = together.group(1).split()
    assert (number, forged, crashed) == ("1000", "0", "0")
    assert int(accepted) > 25
    assert int(refused) > 500
