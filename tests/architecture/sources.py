"""The files of the project, and its Python sources taken apart."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
PACKAGES = ("broker", "idp_stub", "sp_demo")


@dataclass(frozen=True)
class Module:
    """A Python source: where it is, below the checkout, and its syntax tree."""

    path: str
    tree: ast.Module

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def imports(self) -> Iterator[str]:
        """Full names of what is imported, `xml.sax.saxutils.escape` for one."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (item.name for item in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield from (f"{node.module}.{item.name}" for item in node.names)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the three packages."""
    return tuple(
        Module(str(path.relative_to(CHECKOUT)), ast.parse(path.read_text(encoding="utf-8")))
        for package in PACKAGES
        for path in sorted((CHECKOUT / package).rglob("*.py"))
    )


def files() -> tuple[Path, ...]:
    """Every file that belongs to the project: what `.gitignore` names is left out."""
    lines = (CHECKOUT / ".gitignore").read_text(encoding="utf-8").split()
    folders = {line.rstrip("/") for line in lines if line.endswith("/")} | {".git"}
    emptied = {CHECKOUT / line.removesuffix("/*") for line in lines if line.endswith("/*")}
    kept = {CHECKOUT / line.removeprefix("!") for line in lines if line.startswith("!")}
    found = []
    for folder, below, names in os.walk(CHECKOUT):
        below[:] = [name for name in below if name not in folders and not name.endswith(".egg-info")]
        if Path(folder) in emptied:
            below.clear()
        paths = [Path(folder, name) for name in names]
        found += [path for path in paths if path in kept or path.parent not in emptied]
    return tuple(sorted(found))
