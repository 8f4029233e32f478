"""A folder to run commands in, and ports that are free."""

import shutil
import socket
from pathlib import Path

import pytest

from tests.network import CHECKOUT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the project's sample metadata and nothing else."""
    shutil.copytree(CHECKOUT / "metadata", tmp_path / "metadata")
    return tmp_path


@pytest.fixture
def ports() -> dict[str, int]:
    with socket.socket() as one, socket.socket() as two, socket.socket() as three:
        found = {}
        for name, probe in zip(("broker", "stub", "demo"), (one, two, three), strict=True):
            probe.bind(("127.0.0.1", 0))
            found[name] = probe.getsockname()[1]
    return found
