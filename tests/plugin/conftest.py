"""Runs of pytest within the tests, as somebody has them who installed the plugin."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker import __version__

OPTIONS = ("-p", "no:randomly", "-W", "error", "-W", "ignore:assertions not in test modules")


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Path:
    """A cache of pytest that holds the keys already; to make them takes seconds."""
    folder = tmp_path_factory.mktemp("cache")
    keys = folder / "d" / "ketenbroker" / f"keys-{__version__}-{datetime.now(UTC).year}"
    shutil.copytree(installation / "certs", keys)
    return folder
