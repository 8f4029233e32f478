"""What a person has at hand on top of the list: entries that they pinned, and those that they used last.

Kept per person, whatever the means and the service. It is a memory and gives no rights: what stands here is shown only
while the decision gives it as a candidate.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from broker.core.decision import Candidate, decide
from broker.core.entries import Entry
from broker.core.identifiers import BranchNumber
from broker.core.question import Question
from broker.store.links import CHAIN_LINKS, read_chain_link
from broker.store.tables import chain_mandates, mandate_couplings, pinned_entries, recent_entries

MOST_PINNED = 25
MOST_RECENT = 10

_ENTRY = ("organisation_id", "intermediary_id", "branch")
_OF_PERSON = sa.bindparam("of_person", type_=sa.Text)
_LINKS_OF_CLIENTS = CHAIN_LINKS.where(
    chain_mandates.c.grantor_id.in_(sa.bindparam("clients", expanding=True)),
    mandate_couplings.c.means_id == sa.bindparam("means_id"),
)
_TENTH = (
    sa.select(recent_entries.c.used_at)
    .where(recent_entries.c.person_id == _OF_PERSON)
    .order_by(recent_entries.c.used_at.desc())
    .limit(1)
    .offset(MOST_RECENT - 1)
    .scalar_subquery()
)
_FORGET = sa.delete(recent_entries).where(recent_entries.c.person_id == _OF_PERSON, recent_entries.c.used_at < _TENTH)
_RECENT = (
    sa.select(*(recent_entries.c[name] for name in _ENTRY))
    .where(recent_entries.c.person_id == _OF_PERSON)
    .order_by(recent_entries.c.used_at.desc(), *(recent_entries.c[name] for name in _ENTRY))
    .limit(MOST_RECENT)
)
_PINNED = sa.select(*(pinned_entries.c[name] for name in _ENTRY)).where(pinned_entries.c.person_id == _OF_PERSON)


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """Candidates at hand: pinned ones in the order of the list, then the rest of the last used, latest first."""

    pinned: tuple[Candidate, ...]
    recent: tuple[Candidate, ...]


NOTHING = Shortcuts((), ())


def remember_use(tx: sa.Connection, person_id: str, entry: Entry, moment: datetime) -> None:
    """The person acted for `entry` at `moment`; what is older than the last `MOST_RECENT` is forgotten."""
    _put(tx, recent_entries, person_id, entry, used_at=moment)
    tx.execute(_FORGET, {"of_person": person_id})


def pin(tx: sa.Connection, person_id: str, entry: Entry) -> bool:
    """Keep `entry` on top of the list; False when there is no room, for the person pinned `MOST_PINNED` others."""
    if len(pinned_by(tx, person_id) - {entry}) >= MOST_PINNED:
        return False
    _put(tx, pinned_entries, person_id, entry)
    return True


def unpin(tx: sa.Connection, person_id: str, entry: Entry) -> None:
    """Leave `entry` where it stands in the list."""
    _delete(tx, pinned_entries, person_id, entry)


def pinned_by(tx: sa.Connection, person_id: str) -> frozenset[Entry]:
    """All that the person pinned, whether it may be acted for now or not."""
    return frozenset(_read(tx, _PINNED, person_id))


def shortcuts(tx: sa.Connection, question: Question, pinned: Iterable[Entry]) -> Shortcuts:
    """Those of `pinned` and of the last used entries that are candidates for `question`, each once.

    `question.in_use` must have been read in the same transaction, for its direct mandates are taken as they are.
    """
    kept = frozenset(pinned)
    recent = [entry for entry in _read(tx, _RECENT, question.in_use.person.id) if entry not in kept]
    wanted = kept | set(recent)
    found = {candidate.entry: candidate for candidate in _candidates(tx, question, wanted)}
    return Shortcuts(
        tuple(candidate for entry, candidate in found.items() if entry in kept),
        tuple(found[entry] for entry in recent if entry in found),
    )


def _candidates(tx: sa.Connection, question: Question, wanted: Iterable[Entry]) -> Iterable[Candidate]:
    """The candidates that are `wanted`, in the order of the list."""
    clients = sorted({entry.organisation_id for entry in wanted if entry.intermediary_id})
    parameters = {"means_id": question.in_use.means.id, "clients": clients}
    rows = tx.execute(_LINKS_OF_CLIENTS, parameters).mappings() if clients else ()
    decision = decide(question, [*question.in_use.direct, *(read_chain_link(row) for row in rows)])
    return (candidate for candidate in decision.candidates if candidate.entry in frozenset(wanted))


def _read(tx: sa.Connection, statement: sa.Select[Any], person_id: str) -> list[Entry]:
    rows = tx.execute(statement, {"of_person": person_id})
    return [
        Entry(organisation, intermediary or None, BranchNumber(branch) if branch else None)
        for organisation, intermediary, branch in rows
    ]


def _put(tx: sa.Connection, table: sa.Table, person_id: str, entry: Entry, **values: object) -> None:
    _delete(tx, table, person_id, entry)
    tx.execute(sa.insert(table), _key(person_id, entry) | values)


def _delete(tx: sa.Connection, table: sa.Table, person_id: str, entry: Entry) -> None:
    tx.execute(sa.delete(table).where(*(table.c[name] == value for name, value in _key(person_id, entry).items())))


def _key(person_id: str, entry: Entry) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "organisation_id": entry.organisation_id,
        "intermediary_id": entry.intermediary_id or "",
        "branch": entry.branch or "",
    }
