"""Rows <-> core values of the register. No SQL is run here.

A `read_*` function takes the table, or the alias of it, that its columns were selected from. Scopes are given and
taken as `scopes.document`, because they live in a table of their own.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from broker.core.identifiers import BranchNumber, InternalPseudonym, KvkNumber, Rsin
from broker.core.mandates import ChainMandate, DirectMandate, MandateCoupling
from broker.core.organisations import Means, Organisation, Person
from broker.core.search import search_text, sort_name
from broker.core.validity import Validity
from broker.store import tables
from broker.store.scopes import read_scope, scope_id

Registered = Organisation | Person | Means | DirectMandate | ChainMandate | MandateCoupling
Row = Mapping[Any, Any]


def table_of(kind: type[Registered]) -> sa.Table:
    """Where values of `kind` are stored."""
    return _TABLES[kind]


def write_row(value: Registered) -> dict[str, Any]:
    """The columns of `value`."""
    match value:
        case Organisation():
            return _organisation_row(value)
        case Person():
            return _person_row(value)
        case Means():
            return _means_row(value)
        case DirectMandate():
            return _direct_mandate_row(value)
        case ChainMandate():
            return _chain_mandate_row(value)
        case MandateCoupling():
            return _coupling_row(value)


def read_organisation(row: Row, table: sa.FromClause = tables.organisations) -> Organisation:
    """An organisation."""
    column = table.c
    rsin = row[column.rsin]
    return Organisation(
        id=row[column.id],
        kvk_number=KvkNumber(row[column.kvk_number]),
        rsin=Rsin(rsin) if rsin is not None else None,
        legal_form=row[column.legal_form],
        statutory_name=row[column.statutory_name],
        city=row[column.city],
        kvk_status=row[column.kvk_status],
        trade_names=tuple(row[column.trade_names].splitlines()),
    )


def read_person(row: Row) -> Person:
    """A person."""
    column = tables.persons.c
    return Person(
        id=row[column.id],
        organisation_id=row[column.organisation_id],
        display_name=row[column.display_name],
        status=row[column.status],
        last_used_on=row[column.last_used_on],
        email=row[column.email],
    )


def read_means(row: Row) -> Means:
    """A means."""
    column = tables.means.c
    return Means(
        id=row[column.id],
        person_id=row[column.person_id],
        authentication_service=row[column.authentication_service],
        internal_pseudonym=InternalPseudonym(row[column.internal_pseudonym]),
        type=row[column.type],
        level=row[column.level],
        status=row[column.status],
        validity=_validity(row, tables.means),
    )


def read_direct_mandate(row: Row, scope_document: str) -> DirectMandate:
    """A direct mandate."""
    column = tables.direct_mandates.c
    branch = row[column.branch]
    return DirectMandate(
        id=row[column.id],
        means_id=row[column.means_id],
        organisation_id=row[column.organisation_id],
        scope=read_scope(scope_document),
        level=row[column.level],
        validity=_validity(row, tables.direct_mandates),
        status=row[column.status],
        branch=BranchNumber(branch) if branch is not None else None,
        for_third_parties_only=row[column.for_third_parties_only],
        version=row[column.version],
    )


def read_chain_mandate(row: Row, scope_document: str) -> ChainMandate:
    """A chain mandate."""
    column = tables.chain_mandates.c
    return ChainMandate(
        id=row[column.id],
        grantor_id=row[column.grantor_id],
        intermediary_id=row[column.intermediary_id],
        origin=row[column.origin],
        scope=read_scope(scope_document),
        level=row[column.level],
        validity=_validity(row, tables.chain_mandates),
        status=row[column.status],
        version=row[column.version],
    )


def read_coupling(row: Row, narrowing_document: str | None) -> MandateCoupling:
    """A coupling."""
    column = tables.mandate_couplings.c
    return MandateCoupling(
        id=row[column.id],
        mandate_id=row[column.mandate_id],
        means_id=row[column.means_id],
        narrowing=read_scope(narrowing_document) if narrowing_document is not None else None,
        level=row[column.level],
        validity=_validity(row, tables.mandate_couplings),
        status=row[column.status],
        version=row[column.version],
    )


def _validity(row: Row, table: sa.Table) -> Validity:
    return Validity(row[table.c.valid_from], row[table.c.valid_until])


def _organisation_row(organisation: Organisation) -> dict[str, Any]:
    return {
        "id": organisation.id,
        "kvk_number": organisation.kvk_number,
        "rsin": organisation.rsin,
        "legal_form": organisation.legal_form,
        "statutory_name": organisation.statutory_name,
        "city": organisation.city,
        "kvk_status": organisation.kvk_status,
        "trade_names": "\n".join(organisation.trade_names),
        "sort_name": sort_name(organisation),
        "search_text": search_text(organisation),
    }


def _person_row(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "organisation_id": person.organisation_id,
        "display_name": person.display_name,
        "status": person.status,
        "last_used_on": person.last_used_on,
        "email": person.email,
    }


def _means_row(means: Means) -> dict[str, Any]:
    return {
        "id": means.id,
        "person_id": means.person_id,
        "authentication_service": means.authentication_service,
        "internal_pseudonym": means.internal_pseudonym,
        "type": means.type,
        **_held_row(means),
    }


def _direct_mandate_row(mandate: DirectMandate) -> dict[str, Any]:
    return {
        "id": mandate.id,
        "means_id": mandate.means_id,
        "organisation_id": mandate.organisation_id,
        "scope_id": scope_id(mandate.scope),
        **_held_row(mandate),
        "branch": mandate.branch,
        "for_third_parties_only": mandate.for_third_parties_only,
        "version": mandate.version,
    }


def _chain_mandate_row(mandate: ChainMandate) -> dict[str, Any]:
    return {
        "id": mandate.id,
        "grantor_id": mandate.grantor_id,
        "intermediary_id": mandate.intermediary_id,
        "origin": mandate.origin,
        "scope_id": scope_id(mandate.scope),
        **_held_row(mandate),
        "version": mandate.version,
    }


def _coupling_row(coupling: MandateCoupling) -> dict[str, Any]:
    return {
        "id": coupling.id,
        "mandate_id": coupling.mandate_id,
        "means_id": coupling.means_id,
        "narrowing_id": scope_id(coupling.narrowing) if coupling.narrowing else None,
        **_held_row(coupling),
        "version": coupling.version,
    }


def _held_row(held: Means | DirectMandate | ChainMandate | MandateCoupling) -> dict[str, Any]:
    return {
        "level": held.level,
        "valid_from": held.validity.valid_from,
        "valid_until": held.validity.valid_until,
        "status": held.status,
    }


_TABLES: Mapping[type[Registered], sa.Table] = {
    Organisation: tables.organisations,
    Person: tables.persons,
    Means: tables.means,
    DirectMandate: tables.direct_mandates,
    ChainMandate: tables.chain_mandates,
    MandateCoupling: tables.mandate_couplings,
}
