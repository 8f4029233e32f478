"""The joins that give links: mandates together with the organisations and scopes that they name."""

import sqlalchemy as sa

from broker.core.links import ChainLink, DirectLink, UncoupledMandate
from broker.store.rows import (
    Row,
    read_chain_mandate,
    read_coupling,
    read_direct_mandate,
    read_organisation,
)
from broker.store.tables import chain_mandates, direct_mandates, mandate_couplings, organisations, scopes

_client = organisations.alias("client")
_intermediary = organisations.alias("intermediary")
_narrowing = scopes.alias("narrowing")

DIRECT_LINKS = (
    sa.select(direct_mandates, organisations, scopes.c.document)
    .join(organisations, organisations.c.id == direct_mandates.c.organisation_id)
    .join(scopes, scopes.c.id == direct_mandates.c.scope_id)
)
"""Every direct mandate; read its rows with `read_direct_link`."""

UNCOUPLED_MANDATES = (
    sa.select(chain_mandates, _client, _intermediary, scopes.c.document)
    .join(_client, _client.c.id == chain_mandates.c.grantor_id)
    .join(_intermediary, _intermediary.c.id == chain_mandates.c.intermediary_id)
    .join(scopes, scopes.c.id == chain_mandates.c.scope_id)
)
"""Every chain mandate; read its rows with `read_uncoupled_mandate`."""

CHAIN_LINKS = (
    sa.select(mandate_couplings, chain_mandates, _client, _intermediary, scopes.c.document, _narrowing.c.document)
    .select_from(mandate_couplings)
    .join(chain_mandates, chain_mandates.c.id == mandate_couplings.c.mandate_id)
    .join(_client, _client.c.id == chain_mandates.c.grantor_id)
    .join(_intermediary, _intermediary.c.id == chain_mandates.c.intermediary_id)
    .join(scopes, scopes.c.id == chain_mandates.c.scope_id)
    .outerjoin(_narrowing, _narrowing.c.id == mandate_couplings.c.narrowing_id)
)
"""Every coupling with its chain mandate; read its rows with `read_chain_link`."""


def read_direct_link(row: Row) -> DirectLink:
    """A row of `DIRECT_LINKS`."""
    return DirectLink(read_direct_mandate(row, row[scopes.c.document]), read_organisation(row))


def read_uncoupled_mandate(row: Row) -> UncoupledMandate:
    """A row of `UNCOUPLED_MANDATES`."""
    return UncoupledMandate(
        mandate=read_chain_mandate(row, row[scopes.c.document]),
        client=read_organisation(row, _client),
        intermediary=read_organisation(row, _intermediary),
    )


def read_chain_link(row: Row) -> ChainLink:
    """A row of `CHAIN_LINKS`."""
    return ChainLink(
        coupling=read_coupling(row, row[_narrowing.c.document]),
        mandate=read_chain_mandate(row, row[scopes.c.document]),
        client=read_organisation(row, _client),
        intermediary=read_organisation(row, _intermediary),
    )
