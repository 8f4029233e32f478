"""What it takes to export a register to a file and to import it: `make bench`, or `python bench/register_file.py`.

The commands `ketenbroker register export` and `register import --replace` run as they are, on SQLite and on PostgreSQL,
with a tenth of the mandates and with all of them; what a command takes that does nothing is left out. A file is checked
to its end before anything of it is written, and like mandates stand together in it, so all of the register is in memory
for a while. The aim is that neither time nor memory for one mandate grows with their number; exit status 1 when it is
missed.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.big_register import Size
from bench.children import MIB, apart
from bench.installation import prepared
from bench.stores import addresses, fill

FEW, MANY = 10_000, 100_000
DATABASES: Final = ("sqlite", "postgresql")
MOST_GROWTH: Final = 1.25
"""As many times the time and the memory for one mandate with `FEW` may it be with `MANY`."""

COMMANDS: Final = (
    ("export", "register.yaml"),
    ("export", "register.json"),
    ("import", "register.yaml"),
    ("import", "register.json"),
)


class WentWrong(Exception):
    """A command failed, or what came back is not what went out."""


@dataclass(frozen=True, slots=True)
class Ran:
    """Seconds of processor time, and the most memory in bytes."""

    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Row:
    """A command with few mandates and with many."""

    database: str
    command: str
    few: Ran
    many: Ran
    times: float
    """How many times as many mandates the large register has."""

    @property
    def growth(self) -> float:
        """The worse of time and memory for one mandate."""
        return max(self.many.seconds / self.few.seconds, self.many.memory / self.few.memory) / self.times

    @property
    def missed(self) -> bool:
        """Whether the aim was not reached."""
        return self.growth > MOST_GROWTH


def main() -> None:
    """Measure and print; exit status 1 when an aim is missed."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="ketenbroker-bench-") as folder:
        rows = [row for name in options.databases for row in measure(Path(folder), name, options.few, options.many)]
    print(f"{'seconds of processor time / MiB at the most':54}{options.few:>16,}{options.many:>16,}{'growth':>8}")
    for row in rows:
        few, many = (f"{ran.seconds:.1f} / {ran.memory / MIB:.0f}" for ran in (row.few, row.many))
        told = f"{row.database}: {row.command}"
        print(f"{told:54}{few:>16}{many:>16}{row.growth:>8.2f}{'  MISSED' if row.missed else ''}")
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
    sys.exit(any(row.missed for row in rows))


def measure(folder: Path, database: str, few: int, many: int) -> list[Row]:
    """Every command on one database, with both numbers of mandates."""
    small, large = (_commands(folder / f"{database}-{mandates}", database, mandates) for mandates in (few, many))
    return [Row(database, told, small[told], large[told], many / few) for told in small]


def _commands(folder: Path, database: str, mandates: int) -> dict[str, Ran]:
    folder.mkdir()
    with addresses(folder, database, "store") as (url,):
        apart(fill, url, Size(mandates))
        settings = str(prepared(folder, url).file)
        nothing, ran = _run("register", "--help"), {}
        for command, name in COMMANDS:
            options = ["--replace"] if command == "import" else []
            took = _run("register", command, *options, str(folder / name), "--settings", settings)
            ran[f"{command} {name}"] = Ran(took.seconds - nothing.seconds, took.memory - nothing.memory)
        again = folder / "again.json"
        _run("register", "export", str(again), "--settings", settings)
    if _digest(again) != _digest(folder / "register.json"):
        raise WentWrong(f"{database}: what was exported and imported is exported otherwise")
    return ran


def _digest(file: Path) -> bytes:
    with file.open("rb") as octets:
        return hashlib.file_digest(octets, "sha256").digest()


def _run(*arguments: str) -> Ran:
    """Run `ketenbroker <arguments>` to its end. Linux counts the memory of this process too: it must stay small."""
    process = subprocess.Popen([sys.executable, "-m", "broker.cli", *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise WentWrong(f"ketenbroker {' '.join(arguments)}: exit status {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Ran(used.ru_utime + used.ru_stime, used.ru_maxrss * unit)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=FEW, help=f"chain mandates in the small register (default {FEW:,})")
    parser.add_argument("--many", type=int, default=MANY, help=f"and in the large one (default {MANY:,})")
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES, help="default: both")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result to FILE too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
