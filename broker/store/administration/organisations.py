"""Organisations by id and by number."""

from collections.abc import Collection

import sqlalchemy as sa

from broker.core.organisations import Organisation
from broker.store.rows import read_organisation
from broker.store.tables import organisations

_BY_ID = sa.select(organisations).where(organisations.c.id == sa.bindparam("wanted"))
_BY_NUMBER = sa.select(organisations).where(organisations.c.kvk_number == sa.bindparam("wanted"))


def find(tx: sa.Connection, organisation_id: str) -> Organisation | None:
    """The organisation with this id."""
    row = tx.execute(_BY_ID, {"wanted": organisation_id}).mappings().one_or_none()
    return read_organisation(row) if row else None


def by_ids(tx: sa.Connection, wanted: Collection[str]) -> dict[str, Organisation]:
    """The organisations with these ids, a page full at most."""
    rows = tx.execute(sa.select(organisations).where(organisations.c.id.in_(sorted(wanted)))).mappings()
    return {organisation.id: organisation for organisation in map(read_organisation, rows)}
