"""The third-party files below `broker/web/static/vendor`: what they are, and how to renew them.

    python tests/web/vendored.py          fetch every package of the list with npm, replace the files, rewrite the sums

`docs/vendoring.md` tells when to run it and what to look at afterwards.
"""

import hashlib
import json
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "broker" / "web" / "static" / "vendor"
LIST = FOLDER / "vendored.json"


@dataclass(frozen=True, slots=True)
class VendoredFile:
    """One file: `source` is its path inside the npm package, `file` its path below the vendor folder."""

    package: str
    version: str
    licence: str
    source: str
    file: str
    sha256: str


def vendored_files() -> tuple[VendoredFile, ...]:
    """The checked-in list."""
    return tuple(VendoredFile(**entry) for entry in json.loads(LIST.read_text(encoding="utf-8")))


def sha256_of(path: Path) -> str:
    """Lower-case hex SHA-256 of the bytes of the file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refresh() -> None:
    """Fetch the listed versions, replace the files and write their sums into the list."""
    renewed = []
    for entry in vendored_files():
        target = FOLDER / entry.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_fetched(entry))
        renewed.append({**{name: getattr(entry, name) for name in entry.__slots__}, "sha256": sha256_of(target)})
    LIST.write_text(json.dumps(renewed, indent=2) + "\n", encoding="utf-8")


def _fetched(entry: VendoredFile) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", f"{entry.package}@{entry.version}"], cwd=folder, check=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
            member = package.extractfile(f"package/{entry.source}")
            assert member is not None, f"{entry.package} {entry.version} has no file {entry.source}"
            return member.read()


if __name__ == "__main__":
    refresh()
