"""Everything back to where it began: between two tests, or when somebody lost their way."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import lru_cache

from broker.core.administration.actors import OPERATOR
from broker.core.administration.events import REGISTER, Event
from broker.core.clock import AMSTERDAM, Clock, amsterdam_date
from broker.core.conditions import Conditions
from broker.core.ids import Ids
from broker.settings import Settings
from broker.simulator import conditions, service_providers
from broker.simulator.administration import whole_register
from broker.simulator.context import RegisterFiles, Simulator
from broker.simulator.control import register
from broker.simulator.requests import LOGINS
from broker.store import clearing, documents, scenario, sequences
from broker.store.administration import events
from broker.store.database import Transaction
from broker.store.scenario import Scenario


class Register(Enum):
    """What the register holds afterwards."""

    SAMPLE = "sample"
    EMPTY = "empty"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How far back: the register; the service providers, which usually stay; and the seed of the ids from now on."""

    register: Register = Register.SAMPLE
    keep_service_providers: bool = True
    seed: str | None = None


def reset(sim: Simulator, settings: Settings, wanted: Wanted, clock: Clock, ids: Ids) -> Conditions:
    """Back to the beginning. Logins, their messages, what waits in the queue and what was seen before are forgotten;
    the clock is the system's again. `clock` and `ids` are the real ones.
    """
    changed = conditions.change(settings, clock, ids, conditions.begin_anew(wanted.seed))
    day = amsterdam_date(clock())
    content = _sample(sim, day) if wanted.register is Register.SAMPLE else Scenario()

    def work(tx: Transaction) -> bool:
        clearing.forget_logins(tx)
        sequences.forget(tx, LOGINS)
        if not wanted.keep_service_providers:
            for entity_id in documents.list_ids(tx, service_providers.KIND):
                if entity_id != sim.module.entity_id:
                    documents.delete(tx, service_providers.KIND, entity_id)
        return wanted.register is not Register.KEEP and _refill(sim, tx, content, day)

    if sim.store.write(work):
        register.tell_stub(sim)
    return changed


def _refill(sim: Simulator, tx: Transaction, content: Scenario, day: date) -> bool:
    """Put `content` in the register, unless nothing was changed since it was put there; gives whether it was needed."""
    after = whole_register.what_was_loaded(content, day)
    loaded = events.loaded_last(tx)
    if loaded is not None and loaded.content["after"] == after:
        scenario.clear_around(tx)
        scenario.restore_use(tx, content)
        return False
    scenario.clear(tx)
    scenario.load(tx, content)
    events.append(tx, [Event(sim.clock(), OPERATOR, f"{REGISTER}.loaded", REGISTER, (), after=after)])
    return True


def _sample(sim: Simulator, day: date) -> Scenario:
    files = sim.register_files
    return _read(files, files.sample.stat().st_mtime_ns, day)


@lru_cache(maxsize=1)
def _read(files: RegisterFiles, changed_ns: int, day: date) -> Scenario:
    """Read once a day, at its beginning, since that takes longer than loading it."""
    del changed_ns
    return whole_register.read_file(files, files.sample, datetime.combine(day, time(), AMSTERDAM).astimezone(UTC))
