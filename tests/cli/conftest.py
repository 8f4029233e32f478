"""A folder to run commands in, and ports that are free."""

import shutil
from pathlib import Path

import pytest

from tests.network import CHECKOUT
from tests.ports import free_ports


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the project's sample metadata and nothing else."""
    shutil.copytree(CHECKOUT / "metadata", tmp_path / "metadata")
    return tmp_path


@pytest.fixture
def ports() -> dict[str, int]:
    return dict(zip(("broker", "stub", "demo"), free_ports(3), strict=True))
