"""Reading the register for a login: who is this, for whom may they act, why not, and is the chosen link still good."""

import sqlalchemy as sa

from broker.core.identifiers import InternalPseudonym
from broker.core.links import Link, LinkKind, LinkReference, MeansInUse
from broker.store.candidates import CandidatesPage, candidates_page
from broker.store.links import CHAIN_LINKS, DIRECT_LINKS, read_chain_link, read_direct_link
from broker.store.refused import refused_links
from broker.store.rows import Row, read_means, read_organisation, read_person
from broker.store.tables import direct_mandates, mandate_couplings, means, organisations, persons

__all__ = ["CandidatesPage", "candidates_page", "means_by_id", "means_in_use", "refused_links", "reload_link"]

_MEANS = (
    sa.select(means, persons, organisations)
    .join(persons, persons.c.id == means.c.person_id)
    .join(organisations, organisations.c.id == persons.c.organisation_id)
)
_MEANS_IN_USE = _MEANS.where(
    means.c.internal_pseudonym == sa.bindparam("pseudonym"),
    means.c.authentication_service == sa.bindparam("service"),
)
_MEANS_BY_ID = _MEANS.where(means.c.id == sa.bindparam("id"))
_DIRECT_OF_MEANS = DIRECT_LINKS.where(direct_mandates.c.means_id == sa.bindparam("means_id")).order_by(
    direct_mandates.c.id
)
_DIRECT_BY_ID = DIRECT_LINKS.where(direct_mandates.c.id == sa.bindparam("id"))
_CHAIN_BY_ID = CHAIN_LINKS.where(mandate_couplings.c.id == sa.bindparam("id"))


def means_in_use(
    tx: sa.Connection, internal_pseudonym: InternalPseudonym, authentication_service: str
) -> MeansInUse | None:
    """The means that an authentication service (its EntityID) knows by this pseudonym, with its holder, their
    employer and its direct mandates; None when the register does not know it.
    """
    named = {"pseudonym": internal_pseudonym, "service": authentication_service}
    return _in_use(tx, tx.execute(_MEANS_IN_USE, named).mappings().one_or_none())


def means_by_id(tx: sa.Connection, means_id: str) -> MeansInUse | None:
    """The same for the means with this id."""
    return _in_use(tx, tx.execute(_MEANS_BY_ID, {"id": means_id}).mappings().one_or_none())


def _in_use(tx: sa.Connection, row: Row | None) -> MeansInUse | None:
    if row is None:
        return None
    found = read_means(row)
    direct = tx.execute(_DIRECT_OF_MEANS, {"means_id": found.id}).mappings()
    return MeansInUse(
        means=found,
        person=read_person(row),
        employer=read_organisation(row),
        direct=tuple(read_direct_link(mandate) for mandate in direct),
    )


def reload_link(tx: sa.Connection, reference: LinkReference) -> Link | None:
    """The link as it is now, for the evaluation at the moment of issue; None when it no longer exists."""
    match reference.kind:
        case LinkKind.DIRECT:
            row = tx.execute(_DIRECT_BY_ID, {"id": reference.id}).mappings().one_or_none()
            return read_direct_link(row) if row else None
        case LinkKind.CHAIN:
            row = tx.execute(_CHAIN_BY_ID, {"id": reference.id}).mappings().one_or_none()
            return read_chain_link(row) if row else None
