"""The third-party files in the repository, below folders called `vendor`: what they are, and how to renew them.

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

BROKER = Path(__file__).parents[2] / "broker"
FOLDERS = (BROKER / "web" / "static" / "vendor", BROKER / "simulator" / "audit" / "vendor")
LIST = "vendored.json"


@dataclass(frozen=True, slots=True)
class VendoredFile:
    """One file: `source` is its path inside the npm package, `file` its path below `folder`."""

    folder: Path
    package: str
    version: str
    licence: str
    source: str
    file: str
    sha256: str

    @property
    def path(self) -> Path:
        """Where it stands."""
        return self.folder / self.file


def vendored_files() -> tuple[VendoredFile, ...]:
    """The checked-in lists."""
    return tuple(VendoredFile(folder=folder, **entry) for folder in FOLDERS for entry in _listed(folder))


def sha256_of(path: Path) -> str:
    """Lower-case hex SHA-256 of the bytes of the file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refresh() -> None:
    """Fetch the listed versions, replace the files and write their sums into the lists."""
    for entry in vendored_files():
        entry.path.parent.mkdir(parents=True, exist_ok=True)
        entry.path.write_bytes(_fetched(entry))
    for folder in FOLDERS:
        renewed = [{**entry, "sha256": sha256_of(folder / entry["file"])} for entry in _listed(folder)]
        (folder / LIST).write_text(json.dumps(renewed, indent=2) + "\n", encoding="utf-8")


def _listed(folder: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((folder / LIST).read_text(encoding="utf-8"))
    return found


def _fetched(entry: VendoredFile) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", f"{entry.package}@{entry.version}"], cwd=folder, check=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
            member = package.extractfile(f"package/{entry.source}")
            assert member is not None, f"{entry.package} {entry.version} has no file {entry.source}"
            return member.read()


if __name__ == "__main__":
    refresh()
