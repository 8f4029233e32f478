"""Looking into the register and changing it behind the back of a login, with the operations that the store has."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from broker.core.links import ChainLink, DirectLink, LinkKind, LinkReference, MeansInUse
from broker.core.mandates import ChainMandate, DirectMandate, MandateCoupling
from broker.simulator.parties import AUTHENTICATION_SERVICE
from broker.store import changes, register
from broker.store.database import Store, Transaction
from broker.store.tables import (
    chain_mandates,
    direct_mandates,
    mandate_couplings,
    means,
    pinned_entries,
    recent_entries,
)

VERSIONED = ChainMandate | DirectMandate | MandateCoupling


def in_use(store: Store, means_id: str) -> MeansInUse:
    """The means with this id of the sample register, its holder and their employer."""

    def look(tx: Transaction) -> MeansInUse:
        pseudonym = tx.scalar(sa.select(means.c.internal_pseudonym).where(means.c.id == means_id))
        return register.means_in_use(tx, pseudonym, AUTHENTICATION_SERVICE.entity_id)

    return store.read(look)


def chain_link(store: Store, means_id: str, client_id: str) -> ChainLink:
    """The one chain that this means can act for this client over."""
    wanted = (
        sa.select(mandate_couplings.c.id)
        .join(chain_mandates, chain_mandates.c.id == mandate_couplings.c.mandate_id)
        .where(mandate_couplings.c.means_id == means_id, chain_mandates.c.grantor_id == client_id)
    )
    return store.read(lambda tx: register.reload_link(tx, LinkReference(LinkKind.CHAIN, tx.scalars(wanted).one())))


def direct_link(store: Store, means_id: str, organisation_id: str) -> DirectLink:
    """The one direct mandate of this means for this organisation."""
    column = direct_mandates.c
    wanted = sa.select(column.id).where(column.means_id == means_id, column.organisation_id == organisation_id)
    return store.read(lambda tx: register.reload_link(tx, LinkReference(LinkKind.DIRECT, tx.scalars(wanted).one())))


def forget_shortcuts(store: Store) -> None:
    """Nobody pinned or used anything."""
    for table in (pinned_entries, recent_entries):
        store.write(lambda tx, table=table: tx.execute(sa.delete(table)))


@dataclass
class Changes:
    """Changes of one test; each is a transaction of its own, as a manager's would be."""

    store: Store
    originals: list[Any] = field(default_factory=list)

    def make(self, value: Any, **fields: Any) -> None:
        """Store `value` with other `fields`."""
        self.originals.append(value)
        self.store.write(lambda tx: put(tx, replace(value, **fields)))

    def undo(self) -> None:
        """Put back what was there."""
        for value in reversed(self.originals):
            self.store.write(lambda tx, value=value: put(tx, value))


def put(tx: Transaction, value: Any) -> None:
    """Write `value` over what is there, whatever its version."""
    if isinstance(value, VERSIONED):
        table = {ChainMandate: chain_mandates, DirectMandate: direct_mandates, MandateCoupling: mandate_couplings}
        column = table[type(value)].c
        version = tx.scalar(sa.select(column.version).where(column.id == value.id))
        changes.replace_mandate(tx, replace(value, version=version))
    else:
        changes.replace_party(tx, value)


@contextmanager
def changing(store: Store) -> Iterator[Changes]:
    """Changes that are undone at the end."""
    made = Changes(store)
    try:
        yield made
    finally:
        made.undo()
