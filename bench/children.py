"""Work in a process of its own, with the time and the memory that it took."""

import gc
import multiprocessing
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MIB = 2**20
_STATUS = Path("/proc/self/status")  # Linux only
_EVERY_S = 0.005


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the wall, bytes of memory at the most on top of what the process had before, and what it gave.

    Memory is what the process has for itself, libraries in C included. Files that are mapped, as SQLite does with that
    of the store, are not: the system takes these back when it wants. It is looked at every few milliseconds.
    """

    seconds: float
    extra: int
    gave: Any

    @property
    def mib(self) -> float:
        """`extra` in MiB."""
        return self.extra / MIB


def spent_on(prepare: Callable[..., Any], work: Callable[[Any], Any], *arguments: Any) -> Spent:
    """Run `work` on what `prepare` gives for the arguments, in a new process that ends afterwards.

    Both are functions of a module.
    """
    spent: Spent = apart(_measured, prepare, work, arguments)
    return spent


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function of a module gives, called in a new process, so that this one stays small."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as child:
        return child.submit(function, *arguments).result()


def _measured(prepare: Callable[..., Any], work: Callable[[Any], Any], arguments: tuple[Any, ...]) -> Spent:
    prepared = prepare(*arguments)
    gc.collect()
    before, seen, done = _own_memory(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(_EVERY_S):
            seen.append(_own_memory())

    watching = threading.Thread(target=watch, daemon=True)
    began = time.perf_counter()
    watching.start()
    gave = work(prepared)
    seconds = time.perf_counter() - began
    done.set()
    watching.join()
    return Spent(seconds, max(0, max(seen) - before), gave)


def _own_memory() -> int:
    """Bytes now."""
    line = next(one for one in _STATUS.read_text().splitlines() if one.startswith("RssAnon:"))
    return int(line.split()[1]) * 1024
