"""Tenants: networks of their own below one address, each under `/t/<name>`, that do not see each other.

A tenant is a folder with a marker in it. Every program that serves tenants looks at the folder at each request, so one
that was made or removed by any process counts at once in all of them.
"""

import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from broker.core.identifiers import Identifier

T = TypeVar("T")
MARKER: Final = "tenant.json"
"""The file that is there when the tenant is whole, and only then."""
PREFIX: Final = "/t/"


class TenantName(Identifier):
    """The name of a tenant, as it stands in addresses."""

    __slots__ = ()
    pattern = re.compile(r"[a-z](?:-?[a-z0-9]){0,39}")
    expected = "1 to 40 small letters, digits and single dashes, with a letter first"


def prefix_of(name: str) -> str:
    """What stands before the paths of this tenant."""
    return f"{PREFIX}{name}"


def split(path: str) -> tuple[str | None, str]:
    """The tenant that a path is of, by the form of the path alone, and the path within it; None for the network
    without a name, whose paths stay as they are.
    """
    name, slash, rest = path.removeprefix(PREFIX).partition("/")
    if not path.startswith(PREFIX) or not TenantName.pattern.fullmatch(name):
        return None, path
    return name, slash + rest


def entered(environ: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """The tenant that a WSGI request is for, if any, and the request as that tenant's application sees it."""
    name, rest = split(environ.get("PATH_INFO", ""))
    if name is None:
        return None, dict(environ)
    root = environ.get("SCRIPT_NAME", "") + prefix_of(name)
    return name, {**environ, "SCRIPT_NAME": root, "PATH_INFO": rest or "/"}


class Tenants(Generic[T]):
    """What a program made of each tenant; made anew when there is another tenant by that name. Safe to use from
    several threads.
    """

    def __init__(self, folder: Path, make: Callable[[str, Path], T], discard: Callable[[T], None]) -> None:
        """`folder` holds those of the tenants; `make` gets the name and the folder of one."""
        self._folder, self._make, self._discard = folder, make, discard
        self._made: dict[str, tuple[tuple[int, int], T]] = {}
        self._lock = threading.Lock()

    def find(self, name: str) -> T | None:
        """What belongs to the tenant, or None when there is none. Raises what `make` raises."""
        stamp = self._stamp(name)
        known = self._made.get(name)
        if known is not None and known[0] == stamp:
            return known[1]
        with self._lock:
            return self._renewed(name)

    def _renewed(self, name: str) -> T | None:
        stamp = self._stamp(name)
        known = self._made.pop(name, None)
        if known is not None and known[0] != stamp:
            self._discard(known[1])
            known = None
        if stamp is None:
            return None
        made = known[1] if known is not None else self._make(name, self._folder / name)
        self._made[name] = (stamp, made)
        return made

    def _stamp(self, name: str) -> tuple[int, int] | None:
        try:
            found = (self._folder / name / MARKER).stat()
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_ino)
