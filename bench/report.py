"""What was measured, as a table to read and as JSON."""

import platform
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bench.journey import STEPS, WHAT
from bench.operations import PrivateOperations
from bench.program import ProcessorTime

_P95 = 0.95
_WIDTH = 80


@dataclass(frozen=True, slots=True)
class Measured:
    """One run. `broker`, `floor` and `stock` are seconds of processor time for one login.

    `steps` are the seconds on the wall of each login's steps. `stock` is None where it could not be measured;
    `stock_is` says why, or with what it was measured.
    """

    at: datetime
    logins: int
    warm_up: int
    operations: PrivateOperations
    broker: ProcessorTime
    floor: float
    stock: float | None
    stock_is: str
    steps: Sequence[tuple[float, ...]]

    def ratio(self, seconds: float) -> float:
        """How many times the floor."""
        return seconds / self.floor

    def percentiles(self) -> Iterator[tuple[str, float, float]]:
        """For each step and for the whole login: the seconds that half, and 95 in 100, of the logins stayed under."""
        columns = [*zip(*self.steps, strict=True), [sum(journey) for journey in self.steps]]
        for name, seconds in zip((*STEPS, "login"), columns, strict=True):
            ordered = sorted(seconds)
            yield name, statistics.median(ordered), ordered[int(len(ordered) * _P95)]


def as_json(measured: Measured) -> dict[str, Any]:
    """Everything in the table and a little more; times in milliseconds."""
    broker, stock = measured.broker, measured.stock
    return {
        "at": measured.at.isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "logins": measured.logins,
        "warm_up": measured.warm_up,
        "private_key_operations": {
            "signatures": measured.operations.signatures,
            "decryptions": measured.operations.decryptions,
        },
        "floor": {"cpu_ms": _ms(measured.floor)},
        "broker": {
            "cpu_ms": _ms(broker.total),
            "user_ms": _ms(broker.user),
            "system_ms": _ms(broker.system),
            "ratio": round(measured.ratio(broker.total), 3),
        },
        "stock": {"is": measured.stock_is}
        | ({} if stock is None else {"cpu_ms": _ms(stock), "ratio": round(measured.ratio(stock), 3)}),
        "steps_ms": {name: {"p50": _ms(half), "p95": _ms(most)} for name, half, most in measured.percentiles()},
    }


def as_table(measured: Measured) -> str:
    """The table."""
    operations = measured.operations
    floor_is = (
        f"floor: {operations.total} RSA-2048 private-key operations "
        f"({operations.signatures} signatures, {operations.decryptions} decryption)"
    )
    rows = [(floor_is, measured.floor), ("broker, everything", measured.broker.total)]
    rows += [] if measured.stock is None else [(f"{measured.stock_is}, signatures only", measured.stock)]
    return "\n".join(
        (
            f"One chain login: {measured.logins} logins after {measured.warm_up} to warm up, "
            f"{measured.at:%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}",
            "",
            f"{'processor time':{_WIDTH}}{'ms':>8}{'x floor':>9}",
            *(f"{what:{_WIDTH}}{_ms(spent):>8.2f}{measured.ratio(spent):>9.2f}" for what, spent in rows),
            *([measured.stock_is] if measured.stock is None else []),
            "",
            f"{'time until the answer was there':{_WIDTH}}{'p50 ms':>8}{'p95 ms':>9}",
            *(
                f"{_step(name):{_WIDTH}}{_ms(half):>8.1f}{_ms(most):>9.1f}"
                for name, half, most in measured.percentiles()
            ),
        )
    )


def _step(name: str) -> str:
    return f"{name}: {WHAT[name]}" if name in WHAT else "the whole login"


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
