"""Programs of others, each with a folder of its own and stopped at the end.

Apache httpd serves nobody as root. A test that runs as root gives such a program to `nobody`, together with its folder;
any other test runs it as itself.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

MOST_SECONDS_TO_START = 60
PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])  # where Debian has its servers
_NOBODY = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


class DidNotStart(AssertionError):
    """The program is missing, or ended before it listened; the message says what it wrote."""


@contextmanager
def folder_of_nobody() -> Iterator[Path]:
    """A new folder, not below those of pytest, which only their owner may enter."""
    with tempfile.TemporaryDirectory(prefix="ketenbroker-") as name:
        yield Path(name)


@contextmanager
def running(
    command: Sequence[str | Path],
    folder: Path,
    port: int,
    *,
    environment: Mapping[str, str] | None = None,
    as_nobody: bool = False,
) -> Iterator[None]:
    """`command` until the end, from when it listens on `port` of 127.0.0.1; what it writes is in `output.txt`.

    With `as_nobody` all that is in `folder` is given to the program. Raises `DidNotStart`.
    """
    program = shutil.which(str(command[0]), path=PATH)
    if program is None:
        raise DidNotStart(f"no program {command[0]!r}; run: python tests/prepare.py")
    output = folder / "output.txt"
    if as_nobody and _NOBODY:
        output.touch()
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, _NOBODY["user"], _NOBODY["group"])
    with (
        output.open("w") as written,
        subprocess.Popen(
            [program, *command[1:]],
            cwd=folder,
            env=os.environ | {"NO_PROXY": "*", "no_proxy": "*"} | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            **(_NOBODY if as_nobody else {}),
        ) as process,
    ):
        try:
            _until_it_listens(process, port, output)
            yield
        finally:
            process.terminate()


def _until_it_listens(process: subprocess.Popen[bytes], port: int, output: Path) -> None:
    end = time.monotonic() + MOST_SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.01)
    raise DidNotStart(f"{process.args[0]} does not listen on port {port}: {output.read_text()[-2000:]}")
