"""Runs a target over seeds: makes each mutant, has it read, and keeps the tally."""

import time
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Self

from broker.core.errors import MessageRejected
from tests.mutants.targets import REFUSALS, Mutant, Target, Unproven

SHOWN = 5
# Reading that took more than this, in seconds of processor time, is counted.
BOUND = 0.25
# Of 100 mutants, how many are of each target.
SHARES = {
    **{"response": 21, "request": 17, "query": 26, "soap": 16},
    **{"answer": 4, "artifact": 1, "metadata": 11, "network": 4},
}


@dataclass(slots=True)
class Tally:
    """What became of mutants.

    `slowest` is the most processor time that reading one took, in seconds; `slow` counts those over `BOUND`.
    `refused` counts the rules that refused; `forged` and `crashed` describe the first few mutants that led to what no
    genuine message leads to, or raised what nobody expects; the numbers count all of them.
    """

    accepted: int = 0
    unproven: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    forgeries: int = 0
    forged: list[str] = field(default_factory=list)
    crashes: int = 0
    crashed: list[str] = field(default_factory=list)
    slowest: float = 0
    slow: int = 0

    @property
    def mutants(self) -> int:
        """How many there were."""
        return self.accepted + self.unproven + self.refused.total() + self.forgeries + self.crashes

    @property
    def is_clean(self) -> bool:
        """No forgery and no crash."""
        return not self.forgeries and not self.crashes

    def __add__(self, other: Self) -> Self:
        """Both together."""
        return type(self)(
            accepted=self.accepted + other.accepted,
            unproven=self.unproven + other.unproven,
            refused=self.refused + other.refused,
            forgeries=self.forgeries + other.forgeries,
            forged=[*self.forged, *other.forged][:SHOWN],
            crashes=self.crashes + other.crashes,
            crashed=[*self.crashed, *other.crashed][:SHOWN],
            slowest=max(self.slowest, other.slowest),
            slow=self.slow + other.slow,
        )


def mutant(target: Target, seed: int) -> Mutant:
    """The mutant that `seed` makes."""
    return target.make(Random(f"{target.name} {seed}"))


def run(target: Target, seeds: Iterable[int]) -> Tally:
    """Make and read the mutants of `seeds`."""
    tally = Tally()
    for seed in seeds:
        _judge(target, seed, mutant(target, seed), tally)
    return tally


def _judge(target: Target, seed: int, made: Mutant, tally: Tally) -> None:
    began = time.thread_time()
    try:
        outcome = target.read(made.delivered)
    except REFUSALS as refusal:
        tally.refused[_reason(refusal)] += 1
    except Unproven:
        tally.unproven += 1
    except Exception:
        tally.crashes += 1
        if tally.crashes <= SHOWN:
            tally.crashed.append(f"{_described(target, seed, made)}\n{traceback.format_exc()}")
    else:
        if target.is_genuine(made.delivered, outcome):
            tally.accepted += 1
        else:
            tally.forgeries += 1
            if tally.forgeries <= SHOWN:
                tally.forged.append(f"{_described(target, seed, made)}\n{outcome!r}"[:4000])
    spent = time.thread_time() - began
    tally.slowest = max(tally.slowest, spent)
    tally.slow += spent > BOUND


def _reason(refusal: Exception) -> str:
    if isinstance(refusal, MessageRejected):
        return refusal.findings[0].rule
    return str(getattr(refusal, "reason", getattr(refusal, "code", type(refusal).__name__)))


def _described(target: Target, seed: int, made: Mutant) -> str:
    return f"{target.name}, seed {seed}: {', '.join(made.done)}\n{(made.xml or made.delivered)!r}"[:3000]
