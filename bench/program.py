"""Commands of the project as processes of their own, and the processor time of what they start."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

_STOP_S = 15


class DidNotStart(Exception):
    """The command ended before it was ready; the message is what it wrote to its log."""


@dataclass(frozen=True, slots=True)
class ProcessorTime:
    """Seconds of processor time, in the program itself and in the kernel for it."""

    user: float
    system: float

    @classmethod
    def of(cls, processes: Iterable[psutil.Process]) -> Self:
        """What the processes used until now, with those of their children that have ended."""
        times = [process.cpu_times() for process in processes]
        return cls(
            sum(item.user + item.children_user for item in times),
            sum(item.system + item.children_system for item in times),
        )

    @property
    def total(self) -> float:
        """Both together."""
        return self.user + self.system

    def __add__(self, other: Self) -> Self:
        """Both times together."""
        return type(self)(self.user + other.user, self.system + other.system)

    def __truediv__(self, number: int) -> Self:
        """The share of one of `number`."""
        return type(self)(self.user / number, self.system / number)

    def __sub__(self, earlier: Self) -> Self:
        """What was used since `earlier`."""
        return type(self)(self.user - earlier.user, self.system - earlier.system)


@contextmanager
def ketenbroker(*arguments: str, folder: Path, ready: str) -> Iterator[psutil.Process]:
    """Run `ketenbroker <arguments>`; begins when a line of its output holds `ready`, and stops it at the end.

    Its log goes to a file. Raises `DidNotStart`.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KETENBROKER_")}
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "broker.cli", *arguments],
            cwd=folder,
            env=environment | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            if process.stdout is None or not any(ready in line for line in process.stdout):
                log.seek(0)
                raise DidNotStart(log.read()[-2000:])
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=_STOP_S)
