"""Rows <-> core values of the administration. No SQL is run here."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from broker.core.administration.dossiers import Dossier, FiledMandate
from broker.core.administration.events import state_of
from broker.core.administration.invitations import Invitation
from broker.core.administration.manager_roles import ManagerRole
from broker.core.administration.relations import Relation
from broker.core.administration.representatives import Representative, Signature, SigningMethod
from broker.core.administration.trade_register import KvkCheck
from broker.core.identifiers import BranchNumber
from broker.core.organisations import Branch
from broker.core.validity import Validity
from broker.store.administration import tables
from broker.store.rows import Row, read_chain_mandate
from broker.store.scopes import read_scope, scope_id
from broker.store.tables import scopes


def write_branch(branch: Branch) -> dict[str, Any]:
    """The columns of a branch."""
    return _plain(branch)


def read_branch(row: Row) -> Branch:
    """A branch."""
    values = _values(row, tables.branches)
    return Branch(**{**values, "number": BranchNumber(values["number"])})


def write_representative(organisation_id: str, representative: Representative) -> dict[str, Any]:
    """The columns of a representative of `organisation_id`."""
    return {"organisation_id": organisation_id, **_plain(representative)}


def read_representative(row: Row) -> Representative:
    """A representative."""
    values = _values(row, tables.representatives)
    del values["organisation_id"]
    return Representative(**values)


def write_role(role: ManagerRole) -> dict[str, Any]:
    """The columns of a manager's role."""
    values = _plain(role)
    del values["validity"]
    return {**values, "valid_from": role.validity.valid_from, "valid_until": role.validity.valid_until}


def read_role(row: Row) -> ManagerRole:
    """A manager's role."""
    values = _values(row, tables.manager_roles)
    validity = Validity(values.pop("valid_from"), values.pop("valid_until"))
    return ManagerRole(**values, validity=validity)


def write_check(check: KvkCheck) -> dict[str, Any]:
    """The columns of a KVK check."""
    return _plain(check)


def read_check(row: Row) -> KvkCheck:
    """A KVK check."""
    return KvkCheck(**_values(row, tables.kvk_checks))


def write_dossier(dossier: Dossier) -> dict[str, Any]:
    """The columns of a dossier."""
    signatures = [state_of(signature) for signature in dossier.signatures]
    return {**_plain(dossier), "signatures": json.dumps(signatures)}


def read_dossier(row: Row) -> Dossier:
    """A dossier."""
    values = _values(row, tables.dossiers)
    signatures = tuple(
        Signature(one["representative"], SigningMethod(one["method"]), datetime.fromisoformat(one["signed_at"]))
        for one in json.loads(values["signatures"])
    )
    return Dossier(**{**values, "signatures": signatures})


def read_filed(row: Row) -> FiledMandate:
    """A chain mandate joined with its dossier and scope."""
    return FiledMandate(read_chain_mandate(row, row[scopes.c.document]), read_dossier(row))


def write_invitation(invitation: Invitation) -> dict[str, Any]:
    """The columns of an invitation."""
    values = _plain(invitation)
    del values["scope"]
    return {**values, "scope_id": scope_id(invitation.scope)}


def read_invitation(row: Row) -> Invitation:
    """An invitation joined with its scope."""
    values = _values(row, tables.invitations)
    del values["scope_id"]
    return Invitation(**values, scope=read_scope(row[scopes.c.document]))


def read_relation(row: Row) -> Relation:
    """A relation."""
    values = _values(row, tables.relations)
    return Relation(**{field.name: values[field.name] for field in fields(Relation)})


def _plain(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _values(row: Mapping[Any, Any], table: sa.Table) -> dict[str, Any]:
    return {column.name: row[column] for column in table.c}
