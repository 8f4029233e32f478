"""A whole register in and out of a store."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import sqlalchemy as sa

from broker.core.administration.representatives import Representative
from broker.store import tables as register
from broker.store.administration import checks, filed, invitations, people, relations, revocation_requests, rows
from broker.store.administration import tables as administration
from broker.store.changes import add
from broker.store.rows import (
    Row,
    read_chain_mandate,
    read_coupling,
    read_direct_mandate,
    read_means,
    read_organisation,
    read_person,
)
from broker.store.scenario.content import Scenario

Value = TypeVar("Value")

_BATCH = 5000
HELD: tuple[sa.Table, ...] = (
    register.client_selection,
    register.mandate_couplings,
    administration.dossiers,
    register.chain_mandates,
    register.direct_mandates,
    administration.manager_roles,
    administration.invitations,
    administration.relations,
    administration.kvk_checks,
    administration.revocation_requests,
    administration.representatives,
    administration.branches,
    register.means,
    register.persons,
    register.organisations,
    register.scope_items,
    register.scopes,
)
"""The tables of the register, each before those that it refers to. Events, which only grow, are not among them."""

AROUND_IT: tuple[sa.Table, ...] = (
    administration.batch_parts,
    administration.invitation_batches,
    administration.signing_links,
    administration.onboardings,
    register.pinned_entries,
    register.recent_entries,
    administration.mails,
    administration.daily_work,
    administration.trade_register_answers,
    register.module_sessions,
)
"""Tables that stand in no file and go with the register: uploads, links to sign, mails, sessions, what somebody pinned,
and what KVK is made to say.
"""


_COUNTED = {
    "organisations": register.organisations,
    "people": register.persons,
    "means": register.means,
    "direct_mandates": register.direct_mandates,
    "chain_mandates": register.chain_mandates,
    "couplings": register.mandate_couplings,
    "relations": administration.relations,
    "invitations": administration.invitations,
}


def is_empty(tx: sa.Connection) -> bool:
    """Whether the register holds nothing at all yet."""
    return tx.execute(sa.select(register.organisations.c.id).limit(1)).first() is None


def count(tx: sa.Connection) -> dict[str, int]:
    """How many there are of each part that a person would count, as `Scenario.counts` has it."""
    return {
        name: tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for name, table in _COUNTED.items()
    }


def clear(tx: sa.Connection) -> None:
    """Delete the register and what goes with it. The events that led to it stay."""
    clear_around(tx)
    for table in HELD:
        tx.execute(sa.delete(table))


def clear_around(tx: sa.Connection) -> None:
    """Delete what goes with the register, and leave the register itself."""
    for table in AROUND_IT:
        tx.execute(sa.delete(table))


def restore_use(tx: sa.Connection, scenario: Scenario) -> None:
    """Put back when people used a mandate last, the one thing in the register that a login changes without an event."""
    known = register.persons.c
    for person_id, used in tx.execute(sa.select(known.id, known.last_used_on)).all():
        before = scenario.persons[person_id].last_used_on
        if used != before:
            tx.execute(sa.update(register.persons).where(known.id == person_id).values(last_used_on=before))


def load(tx: sa.Connection, scenario: Scenario) -> None:
    """Add everything to the store; raises `StoreConflict` when some of it is there already."""
    for values in _batches(scenario.values):
        add(tx, values)
    for papers in _batches(scenario.filed):
        filed.file_papers(tx, papers)
    people.add_branches(tx, tuple(scenario.branches.values()))
    for organisation_id, representatives in scenario.representatives.items():
        people.add_representatives(tx, organisation_id, representatives)
    people.add_roles(tx, tuple(scenario.roles.values()))
    for clients in _batches(tuple(scenario.relations.values())):
        relations.insert(tx, clients)
    for sent in _batches(tuple(scenario.invitations.values())):
        invitations.insert(tx, sent)
    for check in scenario.checks.values():
        checks.record(tx, check)
    for request in scenario.requests.values():
        revocation_requests.insert(tx, request)


def take(tx: sa.Connection) -> Scenario:
    """Everything that the register holds, each part in the order of its key."""
    scoped = register.scopes.c.document
    direct, chains, couplings = register.direct_mandates, register.chain_mandates, register.mandate_couplings
    found_invitations = _all(tx, administration.invitations, rows.read_invitation, scope="scope_id")
    return Scenario(
        organisations=_by_id(_all(tx, register.organisations, read_organisation)),
        branches={branch.number: branch for branch in _all(tx, administration.branches, rows.read_branch)},
        representatives=_representatives(tx),
        persons=_by_id(_all(tx, register.persons, read_person)),
        roles=_by_id(_all(tx, administration.manager_roles, rows.read_role)),
        means=_by_id(_all(tx, register.means, read_means)),
        direct_mandates=_by_id(
            _all(tx, direct, lambda row: read_direct_mandate(row, row[scoped]), scope="scope_id"),
        ),
        chain_mandates=_by_id(
            _all(tx, chains, lambda row: read_chain_mandate(row, row[scoped]), scope="scope_id"),
        ),
        dossiers={papers.mandate_id: papers for papers in _all(tx, administration.dossiers, rows.read_dossier)},
        couplings=_by_id(
            _all(tx, couplings, lambda row: read_coupling(row, row[scoped]), scope="narrowing_id"),
        ),
        relations={
            (relation.intermediary_id, relation.client_id): relation
            for relation in _all(tx, administration.relations, rows.read_relation)
        },
        invitations=_by_id(found_invitations),
        checks=_by_id(_all(tx, administration.kvk_checks, rows.read_check)),
        requests=_by_id(_all(tx, administration.revocation_requests, revocation_requests.read_request)),
    )


def _all(
    tx: sa.Connection, table: sa.Table, read: Callable[[Row], Value], *, scope: str | None = None
) -> Iterator[Value]:
    """All values of a table, joined with the scope that the column `scope` refers to."""
    wanted = sa.select(table)
    if scope:
        wanted = sa.select(table, register.scopes.c.document).outerjoin(
            register.scopes, register.scopes.c.id == table.c[scope]
        )
    keys = table.primary_key.columns
    with tx.execute(wanted.order_by(*keys).execution_options(yield_per=_BATCH)) as streamed:
        yield from map(read, streamed.mappings())


def _representatives(tx: sa.Connection) -> dict[str, tuple[Representative, ...]]:
    found: dict[str, list[Representative]] = defaultdict(list)
    table = administration.representatives
    for name, one in _all(tx, table, lambda row: (row[table.c.organisation_id], rows.read_representative(row))):
        found[name].append(one)
    return {name: tuple(several) for name, several in found.items()}


def _by_id(values: Iterator[Value]) -> dict[str, Value]:
    return {value.id: value for value in values}  # type: ignore[attr-defined]


def _batches(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    return (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))
