"""What files hold now, in a program that goes on while somebody replaces them."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
Stamp = tuple[tuple[int, int, int], ...]


class Current(Generic[T]):
    """A value read from files, and read anew at the first use after one of them changed.

    What cannot be read does not take the place of what could: the last good value stays, and `refused` is told why,
    once. Safe to use from several threads.
    """

    def __init__(
        self,
        files: tuple[Path, ...],
        read: Callable[[], T],
        expected: tuple[type[Exception], ...],
        refused: Callable[[Exception], None],
    ) -> None:
        """`read` gives the value, now and later; of later failures those that are `expected` keep the last value."""
        self._files, self._read, self._expected, self._refused = files, read, expected, refused
        self._lock = threading.Lock()
        self._stamp, self._value = self._now(), read()

    def get(self) -> T:
        """The value as the files have it now, or had it when they could last be read."""
        stamp = self._now()
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._renew(stamp)
        return self._value

    def _renew(self, stamp: Stamp) -> None:
        try:
            self._value = self._read()
        except self._expected as error:
            self._refused(error)
        self._stamp = stamp

    def _now(self) -> Stamp:
        return tuple(self._of(path) for path in self._files)

    @staticmethod
    def _of(path: Path) -> tuple[int, int, int]:
        try:
            found = path.stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_mtime_ns, found.st_size, found.st_ino)
