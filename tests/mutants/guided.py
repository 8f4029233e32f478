"""Coverage-guided fuzzing: atheris changes the genuine messages, keeps what reaches new code, and goes on from there.

    python -m tests.mutants.guided response <installation> <working folder> 20000

Changed bytes are seldom XML any more, so most changes are made to the tree, in the ways that mutants are made.
What the readers may raise and what they may believe is the same as for mutants. Anything else ends the run with another
exit status than 0, and a file in `var/fuzz` that holds the message.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import atheris
from lxml import etree

with atheris.instrument_imports(include=["broker.saml", "broker.rules", "broker.simulator"]):
    import broker.saml.document  # noqa: F401  before anything else loads it without instruments
    from tests.mutants import donors, targets, trees
    from tests.mutants.targets import REFUSALS, Target, Unproven
    from tests.mutants.world import CHECKOUT, world

AS_BYTES = 0.2


class Forged(Exception):
    """Something was believed that nobody said."""


def main(name: str, installation: str, folder: str, executions: str) -> None:
    """Fuzz one reader; does not return."""
    corpus, found = Path(folder) / "corpus", CHECKOUT / "var" / "fuzz"
    for made in (corpus, found):
        made.mkdir(parents=True, exist_ok=True)
    with world(Path(folder) / "world", Path(installation)) as around:
        known = donors.make(around)
        target = targets.all_targets(around, known)[name]
        for number, seed in enumerate(target.seeds):
            (corpus / str(number)).write_bytes(seed)
        limits = [f"-runs={executions}", "-seed=1", "-len_control=0", f"-max_len={2 * max(map(len, target.seeds))}"]
        options = [sys.argv[0], *limits, f"-artifact_prefix={found}/{name}-", str(corpus)]
        changer = _changer([etree.fromstring(lender) for lender in known.lenders])
        atheris.Setup(options, _reader(target), custom_mutator=changer)
        atheris.Fuzz()


def _changer(lenders: Sequence[etree._Element]) -> Callable[[bytes, int, int], bytes]:
    """Changes a document of the corpus as a tree, with parts of `lenders`; now and then, or if it is none, as bytes."""

    def change(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)
        try:
            if random.random() < AS_BYTES:
                return atheris.Mutate(data, most)
            root, _ = trees.mutate(random, etree.fromstring(data), lenders)
            changed = etree.tostring(root)
        except (etree.XMLSyntaxError, ValueError):
            return atheris.Mutate(data, most)
        return changed if len(changed) <= most else atheris.Mutate(data, most)

    return change


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
