"""What happened, newest first: to one mandate and its couplings, and in all of an organisation.

All raise `ChangeRefused`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from broker.core.administration.actors import Actor
from broker.core.administration.permissions import require_manager
from broker.core.organisations import Organisation
from broker.simulator.administration.recording import own_mandate
from broker.simulator.context import Simulator
from broker.store.administration import couplings, events, organisations, people
from broker.store.administration.events import RecordedEvent
from broker.store.database import Transaction

PAGE_SIZE = 25
_NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, the organisations that it is about by id, and the name of who holds the means that it is about.

    `own` is whether the actor belongs to the organisation that looks: of others only the organisation is named.
    """

    event: RecordedEvent
    organisations: dict[str, Organisation]
    holder: str | None
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
    named = organisations.by_ids(tx, set(_organisations(shown)))
    means = {event.number: event.content["after"].get("means_id") for event in shown if event.content["after"]}
    holders = people.holder_names(tx, {name for name in means.values() if name})
    events_ = tuple(
        Happened(
            event=event,
            organisations={key: named[key] for key in _organisations([event]) if key in named},
            holder=holders.get(means.get(event.number) or ""),
            own=event.content["actor"]["organisation_id"] == own,
        )
        for event in shown
    )
    return HistoryPage(events_, shown[-1].number if len(found) > PAGE_SIZE else None)


def _organisations(found: Iterable[RecordedEvent]) -> Iterable[str]:
    for event in found:
        yield from event.content["about"]
        yield from filter(None, [event.content["actor"]["organisation_id"]])
        yield from (value for name, value in (event.content["after"] or {}).items() if name == "client_id")
