"""`make fuzz`: a million mutants, signxml's opinion on a hundred thousand, and then atheris.

    python -m tests.mutants.fuzz --mutants 1000000 --opinions 100000 --executions 50000 --processes 2

Exit status 1 when a mutant was believed or broke something, or when there is a difference with signxml that
`docs/second-opinion.md` does not explain. Seeds start at 0, so the mutants of `make test` are among them.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from tests.docs.pages import read
from tests.mutants import donors, driver, targets, witness
from tests.mutants.driver import BOUND, SHARES, Tally
from tests.mutants.targets import Target
from tests.mutants.witness import AGREED_NO, AGREED_YES, Judges
from tests.mutants.world import world
from tests.network import make_installation

IN_A_JOB = 2_000
Job = tuple[str, range]
_made: dict[str, tuple[dict[str, Target], dict[str, Judges]]] = {}
_kept = ExitStack()


def main() -> int:
    """Fuzz, print, and tell whether all was well."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="ketenbroker-fuzz-") as folder:
        installation = make_installation(Path(folder) / "installation")
        with ProcessPoolExecutor(options.processes) as pool:
            tallies = _mutants(pool, installation, options.mutants)
            differences = _opinions(pool, installation, options.opinions)
        clean = _print_tallies(tallies) & _print_opinions(differences)
        return 0 if clean & _guided(installation, options.executions) else 1


def _mutants(pool: ProcessPoolExecutor, installation: Path, mutants: int) -> dict[str, Tally]:
    jobs = [job for name, share in SHARES.items() for job in _jobs(name, mutants * share // 100)]
    tallies = {name: Tally() for name in SHARES}
    for (name, _), tally in zip(jobs, pool.map(partial(_run, installation), jobs), strict=True):
        tallies[name] += tally
        _say(f"{sum(item.mutants for item in tallies.values())} mutants")
    return tallies


def _opinions(pool: ProcessPoolExecutor, installation: Path, opinions: int) -> Counter[str]:
    asked = ("response", "request", "metadata", "network")
    jobs = [job for name in asked for job in _jobs(name, opinions // len(asked))]
    found: Counter[str] = Counter()
    for counted in pool.map(partial(_ask, installation), jobs):
        found += counted
        _say(f"{found.total()} opinions")
    return found


def _jobs(name: str, number: int) -> Iterator[Job]:
    return ((name, range(start, min(start + IN_A_JOB, number))) for start in range(0, number, IN_A_JOB))


def _run(installation: Path, job: Job) -> Tally:
    name, seeds = job
    return driver.run(_world(installation)[0][name], seeds)


def _ask(installation: Path, job: Job) -> Counter[str]:
    name, seeds = job
    known, judges = _world(installation)
    return witness.opinions(judges[name], known[name], seeds)


def _world(installation: Path) -> tuple[dict[str, Target], dict[str, Judges]]:
    """Made once in each process."""
    if str(installation) not in _made:
        folder = Path(_kept.enter_context(tempfile.TemporaryDirectory(prefix="ketenbroker-fuzz-")))
        made = _kept.enter_context(world(folder / "world", installation))
        _made[str(installation)] = targets.all_targets(made, donors.make(made)), witness.judges(made)
    return _made[str(installation)]


def _print_tallies(tallies: dict[str, Tally]) -> bool:
    print(
        f"\n{'mutants of':12}{'number':>10}{'accepted':>10}{'refused':>10}{'forged':>8}{'crashed':>8}{'slowest ms':>12}"
    )
    for name, tally in (*tallies.items(), ("together", sum(tallies.values(), Tally()))):
        print(
            f"{name:12}{tally.mutants:>10}{tally.accepted:>10}{tally.refused.total():>10}{tally.forgeries:>8}"
            f"{tally.crashes:>8}{tally.slowest * 1000:>12.1f}"
        )
    everything = sum(tallies.values(), Tally())
    print(f"{everything.slow} took more than {BOUND * 1000:.0f} ms of processor time to be read;")
    print(f"{everything.unproven} were metadata without a signature, for which an operator vouches")
    for shown in (*everything.forged, *everything.crashed):
        print(f"\n{shown}")
    return everything.is_clean


def _print_opinions(found: Counter[str]) -> bool:
    page = read("docs/second-opinion.md")
    explained = {AGREED_NO, AGREED_YES} | {row[0].strip("`") for row in page.rows("Where they differ")}
    print("\nsignxml and the broker")
    for kind, number in found.most_common():
        print(f"{number:>10}  {kind}{'' if kind in explained else '   NOT EXPLAINED'}")
    return set(found) <= explained


def _guided(installation: Path, executions: int) -> bool:
    """atheris, in a process of its own for each reader; left out where it is not installed."""
    if find_spec("atheris") is None:
        print("\natheris is not installed: no coverage-guided fuzzing")
        return True
    clean = True
    for name in SHARES if executions else ():
        print(f"\natheris: {name}", flush=True)
        folder = installation.with_name(f"guided-{name}")
        command = [sys.executable, "-m", "tests.mutants.guided", name, str(installation), str(folder), str(executions)]
        clean &= subprocess.run(command, check=False).returncode == 0
    return clean


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=1_000_000)
    parser.add_argument("--opinions", type=int, default=100_000)
    parser.add_argument("--executions", type=int, default=50_000, help="of atheris, for each reader")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


def _say(text: str) -> None:
    """Progress, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r{text:<40}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
