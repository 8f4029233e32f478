"""Under which conditions a network runs: its clock and the seed of its ids, in one file that all its programs read.

The file is beside what they share already (the metadata, the people of the stub), so a change is seen by each of them
at its next look at the clock. Nobody writes it but `broker.simulator.conditions`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from broker.core.clock import Clock
from broker.core.current import Current


@dataclass(frozen=True, slots=True)
class Conditions:
    """A clock that is ahead by `offset`, or stands still at `frozen_at` (UTC); `seed` makes ids repeatable.

    `run` counts how often the network began anew: what was done once in a run may be done again in the next.
    """

    offset: timedelta = timedelta()
    frozen_at: datetime | None = None
    seed: str | None = None
    run: int = 0

    def moment(self, real: datetime) -> datetime:
        """What the clock of the network says when it is `real`."""
        return self.frozen_at if self.frozen_at is not None else real + self.offset


def read(text: str) -> Conditions:
    """What `written` wrote; raises ValueError for anything else."""
    values: Any = json.loads(text)
    try:
        frozen = values["frozen_at"]
        return Conditions(
            offset=timedelta(seconds=values["offset_seconds"]),
            frozen_at=datetime.fromisoformat(frozen) if frozen else None,
            seed=values["seed"],
            run=values["run"],
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not the conditions of a network: {error!r}") from error


def written(conditions: Conditions) -> str:
    """The text of the file."""
    frozen = conditions.frozen_at
    values = {
        "offset_seconds": conditions.offset.total_seconds(),
        "frozen_at": frozen.isoformat() if frozen else None,
        "seed": conditions.seed,
        "run": conditions.run,
    }
    return json.dumps(values, indent=1)


def current(path: Path, refused: Callable[[Exception], None]) -> Callable[[], Conditions]:
    """Asks for the conditions as the file has them now; without a file they are the usual ones.

    `refused` is told of a file that cannot be read; the last good conditions stay. Raises ValueError when it is so from
    the start.
    """

    def look() -> Conditions:
        return read(path.read_text(encoding="utf-8")) if path.exists() else Conditions()

    return Current((path,), look, (ValueError, OSError), refused).get


def clock_under(conditions: Callable[[], Conditions], clock: Clock) -> Clock:
    """`clock` as the network has it."""
    return lambda: conditions().moment(clock())
