"""The gate and the two commands, run with programs that only write down that they were called."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.sources import CHECKOUT

# Python makes an environment with more of the same, as the real one does.
PROGRAM = """#!/bin/sh
call="$(basename "$0") $*"
echo "$call" >> "$CALLS"
if [ "$1 $2" = "-m venv" ]; then
  mkdir -p "$3/bin"
  for name in python ruff mypy lint-imports ketenbroker; do cp "$0" "$3/bin/$name"; done
fi
case "$call" in "$FAILING"*) exit 1;; esac
"""
INSTALL = "python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable"
STEPS = [
    "ruff format --check .",
    "ruff check .",
    "mypy",
    "lint-imports",
    "python -m tests.prepare",
    "python -m pytest",
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a fresh clone holds of the build, and a `python3` beside it."""
    folder = tmp_path / "clone"
    (folder / ".ci").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "constraints.txt", ".ci/run"):
        shutil.copy(CHECKOUT / name, folder / name)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python3").write_text(PROGRAM)
    (programs / "python3").chmod(0o755)
    return folder


def calls(checkout: Path, *command: str | Path, failing: str = "nothing") -> tuple[int, list[str]]:
    """The exit status of `command`, and what it called, in order."""
    written = checkout / "calls"
    written.write_text("")
    programs = checkout.parent / "bin"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "CALLS": str(written),
        "FAILING": failing,
    }
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, [line.strip() for line in written.read_text().splitlines()]


def test_make_demo_installs_what_is_pinned_once_and_starts(checkout: Path) -> None:
    first = calls(checkout, "make", "demo")
    assert first == (0, ["python3 -m venv .venv", f"{INSTALL} .", "ketenbroker demo"])
    assert calls(checkout, "make", "demo") == (0, ["ketenbroker demo"])


def test_make_demo_installs_anew_when_a_pin_changed(checkout: Path) -> None:
    calls(checkout, "make", "demo")
    later = (checkout / ".venv" / ".runtime").stat().st_mtime + 60
    os.utime(checkout / "constraints.txt", (later, later))
    assert calls(checkout, "make", "demo")[1] == [f"{INSTALL} .", "ketenbroker demo"]


def test_the_gate_is_every_check_and_every_test(checkout: Path) -> None:
    status, called = calls(checkout, checkout / ".ci" / "run")
    assert status == 0
    assert called[:3] == ["python3 -m venv .venv", f"{INSTALL} .", f"{INSTALL} .[test]"]
    # No choice of tests: everything below `testpaths`.
    everything = "python -m pytest --numprocesses 2 --guards beside"
    assert called[3:] == [everything if step == "python -m pytest" else step for step in STEPS]


@pytest.mark.parametrize("failing", STEPS)
def test_the_gate_is_closed_when_one_step_fails(checkout: Path, failing: str) -> None:
    status, called = calls(checkout, checkout / ".ci" / "run", failing=failing)
    assert status != 0
    assert called[-1].startswith(failing)
