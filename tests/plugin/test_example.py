"""The service provider in docs/examples: its tests, run in a copy of its folder."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.sources import CHECKOUT
from tests.plugin.conftest import OPTIONS

EXAMPLE = CHECKOUT / "docs" / "examples" / "flask_sp"
RUN = (sys.executable, "-m", "pytest", *OPTIONS)


def test_example_passes_its_own_tests(tmp_path: Path, kept: Path) -> None:
    folder = tmp_path / "flask_sp"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".venv", ".pytest_cache", "__pycache__"))
    command = (*RUN, "-o", f"cache_dir={kept}")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 passed" in done.stdout


def test_example_needs_nothing_that_is_not_tried_here() -> None:
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [Requirement(line) for line in (*project["dependencies"], *project["optional-dependencies"]["test"])]
    lines = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}
    ours = [one for one in needed if one.name != "ketenbroker"]
    assert [str(one) for one in ours if not one.specifier.contains(pinned[canonicalize_name(one.name)])] == []
