"""Who may act for an organisation directly: the means with a direct mandate for it."""

from dataclasses import dataclass

import sqlalchemy as sa

from broker.core.identifiers import InternalPseudonym, KvkNumber
from broker.store.tables import direct_mandates, means, organisations


@dataclass(frozen=True, slots=True)
class Holder:
    """A means and the organisation (ids), and by which pseudonym an authentication service knows the means."""

    means_id: str
    organisation_id: str
    internal_pseudonym: InternalPseudonym


_HOLDERS = (
    sa.select(means.c.id, organisations.c.id, means.c.internal_pseudonym)
    .join(direct_mandates, direct_mandates.c.means_id == means.c.id)
    .join(organisations, organisations.c.id == direct_mandates.c.organisation_id)
    .where(organisations.c.kvk_number == sa.bindparam("kvk_number"))
    .distinct()
)


def list_holders(tx: sa.Connection, kvk_number: KvkNumber) -> tuple[Holder, ...]:
    """Every means that has, or had, a direct mandate for the organisation with this KvK number."""
    rows = tx.execute(_HOLDERS, {"kvk_number": kvk_number})
    return tuple(Holder(means_id, organisation, InternalPseudonym(name)) for means_id, organisation, name in rows)
