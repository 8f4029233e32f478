"""The operator's review of signed mandates: urgent ones first, then by due date (M-43)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from broker.core.administration import lifecycle
from broker.core.administration.actors import Actor
from broker.core.administration.dossiers import FiledMandate, Priority
from broker.core.administration.lifecycle import Moment
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.trade_register import KvkResult
from broker.core.organisations import Organisation
from broker.simulator.administration import checking
from broker.simulator.administration.recording import change, filed_mandate, store_mandate
from broker.simulator.context import Simulator
from broker.store.administration import checks, filed, organisations
from broker.store.database import Transaction

PAGE = 25


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mandate that waits for review, its parties, and how the last KVK check of the client ended."""

    filed: FiledMandate
    client: Organisation
    intermediary: Organisation
    last_check: KvkResult | None

    @property
    def is_urgent(self) -> bool:
        """Whether the urgent procedure was asked for."""
        return self.filed.dossier.priority is Priority.URGENT

    def is_overdue(self, day: date) -> bool:
        """Whether the review should have been done before `day`."""
        due = self.filed.dossier.due_on
        return due is not None and due < day


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of what waits, urgent first, and how much waits in all."""

    waiting: tuple[Waiting, ...]
    total: int
    overdue: int


def queue(sim: Simulator, today: date, offset: int = 0) -> Queue:
    """A page of the review queue."""

    def look(tx: Transaction) -> Queue:
        found = filed.review_queue(tx, offset, PAGE)
        parties = {name for one in found for name in (one.mandate.grantor_id, one.mandate.intermediary_id)}
        known = organisations.by_ids(tx, parties)
        waiting = tuple(_waiting(tx, one, known) for one in found)
        return Queue(waiting, filed.count_waiting(tx), filed.count_waiting(tx, due_before=today))

    return sim.store.read(look)


def look(sim: Simulator, mandate_id: str) -> Waiting:
    """One mandate as the desk sees it, whatever state it is in by now; raises `ChangeRefused` when there is none."""

    def read(tx: Transaction) -> Waiting:
        one = filed_mandate(tx, mandate_id)
        known = organisations.by_ids(tx, {one.mandate.grantor_id, one.mandate.intermediary_id})
        return _waiting(tx, one, known)

    return sim.store.read(read)


def activate(sim: Simulator, actor: Actor, mandate_id: str, version: int | None = None) -> FiledMandate:
    """Activate a mandate on a new KVK check of the client (I7). Raises `ChangeRefused`; the check stays on record."""
    client = sim.store.read(lambda tx: _client(tx, filed_mandate(tx, mandate_id)))
    said = checking.ask(sim, client.kvk_number)
    check = change(sim, lambda tx, now: checking.record(tx, sim, client, said, now))

    def work(tx: Transaction, now: Moment) -> FiledMandate:
        before = filed_mandate(tx, mandate_id, version)
        after = lifecycle.activate(before, check, actor, now)
        return store_mandate(tx, before, after, "activated", actor=actor, now=now)

    return change(sim, work)


def reject(sim: Simulator, actor: Actor, mandate_id: str, reason: str, version: int | None = None) -> FiledMandate:
    """Reject a mandate, for good. Raises `ChangeRefused`."""

    def work(tx: Transaction, now: Moment) -> FiledMandate:
        before = filed_mandate(tx, mandate_id, version)
        after = lifecycle.reject(before, actor, now, reason)
        return store_mandate(tx, before, after, "rejected", actor=actor, now=now)

    return change(sim, work)


def _client(tx: Transaction, one: FiledMandate) -> Organisation:
    found = organisations.find(tx, one.mandate.grantor_id)
    if found is None:
        raise ChangeRefused(Obstacle.NOT_FOUND, one.mandate.grantor_id)
    return found


def _waiting(tx: Transaction, one: FiledMandate, known: Mapping[str, Organisation]) -> Waiting:
    client = known[one.mandate.grantor_id]
    last = checks.latest(tx, client.id)
    return Waiting(one, client, known[one.mandate.intermediary_id], last.result if last else None)
