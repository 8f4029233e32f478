"""Logins for whoever judges them: searching, opening one, and noting that somebody looked at who it was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from broker.core.administration.actors import OPERATOR
from broker.core.administration.events import Event
from broker.core.clock import AMSTERDAM
from broker.core.organisations import Organisation
from broker.core.recorded import LoginRecord, Outcome
from broker.simulator.audit.sealing import Body, unseal
from broker.simulator.context import Simulator
from broker.store.administration import events, organisations
from broker.store.administration.events import RecordedEvent
from broker.store.audit import messages, names, records
from broker.store.audit.messages import StoredMessage
from broker.store.audit.records import Wanted
from broker.store.database import Transaction

PAGE: Final = 25
COUNTED: Final = 10_000
"""Logins are counted up to here: a number beyond it helps nobody, and takes long."""


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody typed; empty matches everything. Days are those in the Netherlands, both included."""

    since: date | None = None
    until: date | None = None
    service_provider: str = ""
    client: str = ""
    intermediary: str = ""
    person: str = ""
    outcome: Outcome | None = None
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who ids in records stand for, as far as the register still knows."""

    people: Mapping[str, str]
    organisations: Mapping[str, Organisation]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of logins, newest first, who is in them, and how many there are, counted up to `COUNTED`."""

    records: tuple[LoginRecord, ...]
    parties: Parties
    total: int


@dataclass(frozen=True, slots=True)
class OpenedMessage:
    """A message, and what it said unless its time is over."""

    stored: StoredMessage
    body: Body | None


@dataclass(frozen=True, slots=True)
class Opened:
    """All that is kept of one login."""

    record: LoginRecord
    parties: Parties
    messages: tuple[OpenedMessage, ...]
    events: tuple[RecordedEvent, ...]


def listed(sim: Simulator, search: Search, number: int) -> Listed:
    """The logins on page `number`, from 1."""
    return sim.store.read(lambda tx: _listed(tx, search, number))


def opened(sim: Simulator, login_id: str) -> Opened | None:
    """One login; None when there is none. Raises `Unreadable` when a body was altered."""
    return sim.store.read(lambda tx: open_in(sim, tx, login_id))


def open_in(sim: Simulator, tx: Transaction, login_id: str) -> Opened | None:
    """The same, inside a transaction."""
    record = records.find(tx, login_id)
    if record is None:
        return None
    found = tuple(
        OpenedMessage(one, unseal(sim.archive_key, one.sealed) if one.sealed is not None else None)
        for one in messages.of_login(tx, login_id)
    )
    history = tuple(reversed(events.history_of(tx, login_id, ever=True)))
    return Opened(record, _parties(tx, (record,)), found, history)


def note_shown(sim: Simulator, what: str, login_ids: Iterable[str]) -> None:
    """That the operator had personal data of these logins shown, as an event in the chain: `what` is what was shown."""
    moment, about = sim.clock(), list(login_ids)
    event = Event(moment, OPERATOR, f"audit.{what}_shown", "logins", (), after={"logins": about})
    sim.store.write(lambda tx: events.append(tx, [event]))


def wanted_of(tx: Transaction, search: Search) -> Wanted:
    """What is looked for in the records: names become ids, days become moments."""

    def called(typed: str) -> tuple[str, ...] | None:
        return names.organisations_called(tx, typed) if typed else None

    by_message = (messages.login_of(tx, search.message_id) or "-") if search.message_id else ""
    return Wanted(
        since=_midnight(search.since) if search.since else None,
        until=_midnight(search.until + timedelta(days=1)) if search.until else None,
        service_provider=search.service_provider,
        outcome=search.outcome,
        person_ids=names.people_called(tx, search.person) if search.person else None,
        client_ids=called(search.client),
        intermediary_ids=called(search.intermediary),
        login_id=by_message,
    )


def _listed(tx: Transaction, search: Search, number: int) -> Listed:
    wanted = wanted_of(tx, search)
    total = records.count(tx, wanted, COUNTED)
    found = records.search(tx, wanted, offset=(number - 1) * PAGE, most=PAGE) if total else ()
    return Listed(found, _parties(tx, found), total)


def _parties(tx: Transaction, found: Iterable[LoginRecord]) -> Parties:
    kept = tuple(found)
    of = {name for one in kept for name in (one.client_id, one.intermediary_id) if name}
    people = {one.person_id for one in kept if one.person_id}
    return Parties(names.people_by_ids(tx, people), organisations.by_ids(tx, of))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)
