"""One process at a time: a lock that several processes of one machine share, and that ends with who holds it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes that ask the same out of `folder` for a while; they wait, however long it takes.

    Raises OSError when the folder is not there. Not to be taken twice by one thread: that waits for itself.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
