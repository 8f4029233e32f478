"""What a manager does with a file of clients: look how far it is, have it carried out, take the results home."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from broker.core.administration.actors import Actor
from broker.core.administration.batch_file import COLUMNS, Row
from broker.core.administration.batch_words import OUTCOMES, explain_row
from broker.core.administration.batches import Batch, RowOutcome, RowResult, may_run
from broker.core.administration.batches import run as begun
from broker.core.administration.csv_cells import BYTE_ORDER_MARK, write_line
from broker.core.administration.lifecycle import Moment
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import require_manager
from broker.core.text import Language
from broker.simulator.administration.recording import change
from broker.simulator.context import Simulator
from broker.store.administration import batches
from broker.store.administration.batches import Part
from broker.store.database import Transaction

MOST_SHOWN: Final = 100
_FINE: Final = frozenset({RowOutcome.READY, RowOutcome.CREATED})
_RESULT_COLUMNS: Final = ("regel", *COLUMNS, "resultaat", "code", "uitleg")


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with what became of it."""

    row: Row
    result: RowResult


def look(sim: Simulator, actor: Actor, batch_id: str) -> Batch:
    """How far a batch of the organisation is."""
    require_manager(actor, sim.register_policy)
    return sim.store.read(lambda tx: _own(tx, actor, batch_id))


def listed(sim: Simulator, actor: Actor) -> tuple[Batch, ...]:
    """The last batches of the organisation, newest first."""
    own = require_manager(actor, sim.register_policy)
    return sim.store.read(lambda tx: batches.uploaded_by(tx, own))


def run(sim: Simulator, actor: Actor, batch_id: str) -> Batch:
    """Have the batch carried out, or what went wrong in it tried again; `batch_work` does it."""
    require_manager(actor, sim.register_policy)

    def work(tx: Transaction, _now: Moment) -> Batch:
        before = _own(tx, actor, batch_id)
        if not may_run(before):
            raise ChangeRefused(Obstacle.WRONG_STATE, before.state.value)
        after = replace(begun(before), actor=actor)
        batches.save(tx, before, after)
        return after

    return change(sim, work)


def not_fine(sim: Simulator, actor: Actor, batch_id: str) -> tuple[ShownRow, ...]:
    """The first rows that are not, or will not be, invited."""
    look(sim, actor, batch_id)
    rows = (one for one in _rows(sim, batch_id) if one.result.outcome not in _FINE)
    return tuple(islice(rows, MOST_SHOWN))


def download(
    sim: Simulator, actor: Actor, batch_id: str, language: Language, *, everything: bool = False
) -> Iterator[str]:
    """The rows that went wrong, or all, as lines of CSV with what became of each; safe in a spreadsheet (WEB-15).

    The columns of the file that was uploaded are among them. One part at a time is in memory.
    """
    look(sim, actor, batch_id)
    return _lines(sim, batch_id, language, everything=everything)


def _lines(sim: Simulator, batch_id: str, language: Language, *, everything: bool) -> Iterator[str]:
    yield BYTE_ORDER_MARK + write_line(_RESULT_COLUMNS)
    for one in _rows(sim, batch_id):
        outcome, codes = one.result.outcome, one.result.codes
        if everything or outcome is RowOutcome.ERROR:
            cells = (*one.row.cells, *[""] * len(COLUMNS))[: len(COLUMNS)]
            words = " ".join(explain_row(code).in_language(language) for code in codes)
            said = words or OUTCOMES[outcome].in_language(language)
            yield write_line((str(one.row.line), *cells, outcome.value, " ".join(codes), said))


def _rows(sim: Simulator, batch_id: str) -> Iterator[ShownRow]:
    """All rows, a part at a time, each read in a transaction of its own."""
    batch = sim.store.read(lambda tx: batches.load(tx, batch_id))
    for number in range(batch.parts if batch else 0):
        part = _part(sim, batch_id, number)
        yield from map(ShownRow, part.rows, part.results)


def _part(sim: Simulator, batch_id: str, number: int) -> Part:
    return sim.store.read(lambda tx: batches.part_of(tx, batch_id, number))


def _own(tx: Transaction, actor: Actor, batch_id: str) -> Batch:
    """The batch, if the organisation of `actor` uploaded it (WEB-13)."""
    found = batches.load(tx, batch_id)
    if found is None or found.intermediary_id != actor.organisation_id:
        raise ChangeRefused(Obstacle.NOT_FOUND, batch_id)
    return found
