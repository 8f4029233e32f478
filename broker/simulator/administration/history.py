"""What happened, newest first: to one mandate and its couplings, and in all of an organisation.

All raise `ChangeRefused`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from broker.core.administration.actors import Actor
from broker.core.administration.permissions import require_manager
from broker.core.organisations import Organisation
from broker.simulator.administration.recording import own_mandate
from broker.simulator.context import Simulator
from broker.store.administration import couplings, events, filed, organisations, people
from broker.store.administration.events import RecordedEvent
from broker.store.database import Transaction

PAGE_SIZE = 25
_NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, the other organisations that it is about, and the name of who holds the means that it is about.

    `by` is the organisation of the actor. `own` is whether that is the one that looks: people of others are not named.
    """

    event: RecordedEvent
    about: tuple[Organisation, ...]
    holder: str | None
    by: Organisation | None
    own: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Events, newest first. `before` gives the next page; None when this is the last."""

    events: tuple[Happened, ...]
    before: int | None


def of_organisation(sim: Simulator, actor: Actor, before: int | None = None) -> HistoryPage:
    """What happened in the organisation, under the number `before`."""
    own = require_manager(actor, sim.register_policy)
    return sim.store.read(
        lambda tx: _page(tx, own, events.history_of_organisation(tx, own, most=PAGE_SIZE + 1, before=before or _NEWEST))
    )


def of_mandate(sim: Simulator, actor: Actor, mandate_id: str, before: int | None = None) -> HistoryPage:
    """What happened to one mandate of the organisation, and for the intermediary to its couplings."""
    own = require_manager(actor, sim.register_policy)

    def read(tx: Transaction) -> HistoryPage:
        mandate = own_mandate(tx, actor, mandate_id).mandate
        ids = {mandate.id}
        if mandate.intermediary_id == own:
            ids |= {one.coupling.id for one in couplings.of_mandate(tx, mandate.id)}
        return _page(tx, own, events.history_of_several(tx, ids, most=PAGE_SIZE + 1, before=before or _NEWEST))

    return sim.store.read(read)


def _page(tx: Transaction, own: str, found: tuple[RecordedEvent, ...]) -> HistoryPage:
    shown = found[:PAGE_SIZE]
    after = {event.number: event.content["after"] or {} for event in shown}
    clients = filed.grantors(tx, {state["mandate_id"] for state in after.values() if state.get("mandate_id")})
    holders = people.holder_names(tx, {state["means_id"] for state in after.values() if state.get("means_id")})
    about = {event.number: _about(event, after[event.number], clients) for event in shown}
    actors = {event.content["actor"]["organisation_id"] for event in shown}
    named = organisations.by_ids(tx, {*chain.from_iterable(about.values()), *filter(None, actors)})
    rows = tuple(
        Happened(
            event=event,
            about=tuple(named[key] for key in about[event.number] if key in named and key != own),
            holder=holders.get(after[event.number].get("means_id") or ""),
            by=named.get(event.content["actor"]["organisation_id"] or ""),
            own=event.content["actor"]["organisation_id"] == own,
        )
        for event in shown
    )
    return HistoryPage(rows, shown[-1].number if len(found) > PAGE_SIZE else None)


def _about(event: RecordedEvent, after: Mapping[str, Any], clients: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of the organisations that it is about; the client of a relation or a coupling does not stand in `about`."""
    further = (after.get("client_id"), clients.get(after.get("mandate_id") or ""))
    return tuple(dict.fromkeys([*event.content["about"], *filter(None, further)]))
