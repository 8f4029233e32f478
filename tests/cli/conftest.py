"""A folder to run commands in, ports that are free, and a broker under gunicorn."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.served import Served, serving
from tests.network import CHECKOUT
from tests.ports import free_ports
from tests.requester import Pair


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the project's sample metadata and nothing else."""
    shutil.copytree(CHECKOUT / "metadata", tmp_path / "metadata")
    return tmp_path


@pytest.fixture
def initialised(folder: Path, installation: Path) -> Path:
    """That folder with what `ketenbroker init` makes, without the seconds that keys take."""
    shutil.copytree(installation, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture
def ports() -> dict[str, int]:
    return dict(zip(("broker", "stub", "demo"), free_ports(3), strict=True))


@pytest.fixture(scope="session")
def served(
    tmp_path_factory: pytest.TempPathFactory, installation: Path, requester_keys: dict[str, dict[str, Pair]]
) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served"), installation, requester_keys["one"]) as running:
        yield running
