"""Coverage-guided fuzzing: atheris changes the genuine messages, keeps what reaches new code, and goes on from there.

    python -m tests.mutants.guided response <installation> <working folder> 20000

What the readers may raise and what they may believe is the same as for mutants. Anything else ends the run with another
exit status than 0, and a file in `var/fuzz` that holds the message.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["broker.saml", "broker.rules", "broker.simulator"]):
    import broker.saml.document  # noqa: F401  before anything else loads it without instruments
    from tests.mutants import donors, targets
    from tests.mutants.targets import REFUSALS, Target, Unproven
    from tests.mutants.world import CHECKOUT, world


class Forged(Exception):
    """Something was believed that nobody said."""


def main(name: str, installation: str, folder: str, executions: str) -> None:
    """Fuzz one reader; does not return."""
    corpus, found = Path(folder) / "corpus", CHECKOUT / "var" / "fuzz"
    for made in (corpus, found):
        made.mkdir(parents=True, exist_ok=True)
    with world(Path(folder) / "world", Path(installation)) as around:
        target = targets.all_targets(around, donors.make(around))[name]
        for number, seed in enumerate(target.seeds):
            (corpus / str(number)).write_bytes(seed)
        limits = [f"-runs={executions}", "-seed=1", "-len_control=0", f"-max_len={2 * max(map(len, target.seeds))}"]
        atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={found}/{name}-", str(corpus)], _reader(target))
        atheris.Fuzz()


def _reader(target: Target) -> Callable[[bytes], None]:
    def once(data: bytes) -> None:
        delivered = target.deliver(data)
        try:
            outcome = target.read(delivered)
        except (*REFUSALS, Unproven):
            return
        if not target.is_genuine(delivered, outcome):
            raise Forged(f"{target.name}: {data!r}")

    return once


if __name__ == "__main__":
    main(*sys.argv[1:])
