"""`ketenbroker audit`, and who signs what a broker did."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from broker.cli import commands
from broker.core.errors import ConfigError


@pytest.fixture
def settings(tmp_path: Path, installation: Path) -> Path:
    """An installation of its own, of which the settings are in the file that is given."""
    shutil.copytree(installation, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "ketenbroker.toml"
    file.write_text("[audit]\nheads = 'var/audit-heads.jsonl'\n")
    return file


def verify(settings: Path, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(commands, ["audit", "verify", "--settings", str(settings), *more], catch_exceptions=False)
    return done.exit_code, done.output


def test_audit_verify_says_what_is_right_and_gives_0(settings):
    status, said = verify(settings)
    assert status == 0
    assert said.startswith(
        "The audit log is what was written.\n1 events are right, 1 of them signed, the last time on "
    )
    assert f"heads: {settings.parent / 'var' / 'audit-heads.jsonl'}\n" in said


def test_audit_verify_names_the_first_event_that_is_wrong_and_gives_1(settings):
    with sqlite3.connect(settings.parent / "var" / "ketenbroker.sqlite") as store:
        store.execute("UPDATE events SET document = replace(document, 'sample', 'simple')")
    store.close()
    status, said = verify(settings)
    assert status == 1
    assert said.startswith(
        "The audit log is NOT what was written.\nevent 1: is not what was written\n0 events are right"
    )


def test_audit_verify_takes_copies_that_were_kept_elsewhere(settings, tmp_path):
    heads, key = tmp_path / "heads", tmp_path / "key.pem"
    shutil.move(settings.parent / "var" / "audit-heads.jsonl", heads)
    shutil.copy(settings.parent / "certs" / "audit" / "public.pem", key)
    assert verify(settings)[0] == 1
    assert verify(settings, "--heads", str(heads), "--key", str(key))[0] == 0


@pytest.mark.parametrize("gone", ["--heads", "--key"])
def test_audit_verify_cannot_look_without_its_files(settings, gone):
    with pytest.raises(ConfigError, match="nowhere"):
        verify(settings, gone, "nowhere")
