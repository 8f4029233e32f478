"""Programs of others that cannot run make their tests fail, and say why."""

from pathlib import Path

import pytest

from tests.ports import free_ports

from .program import DidNotStart, running


def test_program_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DidNotStart, match=r"no program 'no-such-program'; run: python tests/prepare\.py"):
        running(["no-such-program"], tmp_path, 1).__enter__()


def test_program_that_ends_before_it_listens_is_quoted(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with pytest.raises(DidNotStart, match=f"does not listen on port {port}: it went wrong"):
        running(["echo", "it went wrong"], tmp_path, port).__enter__()
