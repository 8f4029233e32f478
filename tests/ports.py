"""Ports for programs that a test starts."""

import random
import socket

_SYSTEM = random.SystemRandom()  # what pytest-randomly seeds would give the same ports to tests that run side by side


def free_ports(count: int) -> list[int]:
    """Different ports that nothing listens on.

    They lie below those that the system gives out by itself, so that no connection and no server of another test takes
    one before the program does.
    """
    found: set[int] = set()
    while len(found) < count:
        port = _SYSTEM.randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.add(port)
    return list(found)
