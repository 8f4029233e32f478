"""The lists of an organisation as CSV for a spreadsheet, line by line: its relations, and its chain mandates.

Read a part at a time, so that fifty thousand lines need no memory; what changes meanwhile may be in it or not. What
would be a formula is harmless (WEB-15). All raise `ChangeRefused`, before the first line.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from typing import Final, Protocol, TypeVar

from broker.core.administration.actors import Actor
from broker.core.administration.csv_cells import BYTE_ORDER_MARK, write_line
from broker.core.administration.permissions import require_manager
from broker.core.administration.relations import Relation
from broker.core.administration.scope_words import describe
from broker.core.clock import amsterdam_date
from broker.core.organisations import Organisation
from broker.core.text import Language
from broker.simulator.administration.recording import moment_of
from broker.simulator.context import Simulator
from broker.store.administration import mandate_list, organisations
from broker.store.administration import relations as stored
from broker.store.administration.mandate_list import Filter, Listed, Side, Whose
from broker.store.database import Transaction

Line_co = TypeVar("Line_co", covariant=True)

_PART: Final = 2000
_RELATION: Final = ("kvk", "naam", "plaats", "contactpersoon", "email", "relatie_sinds")
_MANDATE: Final = (
    *("kvk", "naam", "plaats", "status", "diensten", "niveau", "geldig_vanaf", "geldig_tot_en_met", "herkomst"),
    "machtiging",
)


class Reading(Protocol[Line_co]):
    """Gives a part of what there is."""

    def __call__(self, tx: Transaction, offset: int) -> Sequence[Line_co]:
        """The part from `offset` on; less than a full one is the last."""


def relations(sim: Simulator, actor: Actor) -> Iterator[str]:
    """The relations of the intermediary that `actor` manages, by name."""
    return _relations(sim, require_manager(actor, sim.register_policy))


def mandates(sim: Simulator, actor: Actor, side: Side, language: Language) -> Iterator[str]:
    """All mandates that the organisation received or granted, ended ones too, by the name of the other party."""
    return _mandates(sim, require_manager(actor, sim.register_policy), side, language)


def _relations(sim: Simulator, own: str) -> Iterator[str]:
    def read(tx: Transaction, offset: int) -> list[tuple[Relation, Organisation]]:
        found = stored.page(tx, own, offset=offset, most=_PART)
        named = organisations.by_ids(tx, {one.client_id for one in found})
        return [(one, named[one.client_id]) for one in found]

    yield BYTE_ORDER_MARK + write_line(_RELATION)
    for relation, client in _all(sim, read):
        who = (client.kvk_number, client.statutory_name, client.city)
        yield write_line((*who, relation.contact, relation.email, amsterdam_date(relation.added_at).isoformat()))


def _mandates(sim: Simulator, own: str, side: Side, language: Language) -> Iterator[str]:
    now = moment_of(sim)
    whose = Whose(own, side, now.at, now.policy.signing_months)

    def read(tx: Transaction, offset: int) -> Sequence[Listed]:
        return mandate_list.page(tx, whose, Filter(), offset=offset, most=_PART)

    yield BYTE_ORDER_MARK + write_line(_MANDATE)
    for one in _all(sim, read):
        yield write_line(_cells(sim, one, whose, language))


def _all(sim: Simulator, read: Reading[Line_co]) -> Iterator[Line_co]:
    """Everything that `read` gives, from the first offset on, a part at a time."""
    for number in count():
        part = sim.store.read(partial(read, offset=number * _PART))
        yield from part
        if len(part) < _PART:
            return


def _cells(sim: Simulator, one: Listed, whose: Whose, language: Language) -> tuple[str, ...]:
    mandate, other = one.filed.mandate, one.other
    return (
        other.kvk_number,
        other.statutory_name,
        other.city,
        one.filed.status_at(whose.moment, whose.signing_months).value,
        describe(mandate.scope, sim.catalogue).in_language(language),
        mandate.level.label,
        mandate.validity.valid_from.isoformat(),
        mandate.validity.valid_until.isoformat(),
        mandate.origin.value,
        mandate.id,
    )
