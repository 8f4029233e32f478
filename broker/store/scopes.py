"""Scopes, each different one stored once.

Mandates in their thousands share a handful of scopes, so "which scopes cover this service" is answered before any
mandate is looked at.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

import sqlalchemy as sa

from broker.core.catalogue import Service
from broker.core.identifiers import Oin, ServiceUuid
from broker.core.scope import Scope
from broker.store.tables import scope_items, scopes

EVERYTHING_ITEM = "*"

COVERING = sa.select(scope_items.c.scope_id).where(
    scope_items.c.item.in_(
        [
            EVERYTHING_ITEM,
            sa.bindparam("service_provider_oin", type_=sa.Text),
            sa.bindparam("service_definition_uuid", type_=sa.Text),
        ]
    )
)
"""Ids of the scopes that cover the service that `covering_parameters` names: `core.scope.covers` in SQL."""


def covering_parameters(service: Service) -> dict[str, str]:
    """The parameters of `COVERING`."""
    return {"service_provider_oin": service.provider_oin, "service_definition_uuid": service.definition_uuid}


@lru_cache(maxsize=4096)
def scope_id(scope: Scope) -> str:
    """The id of `scope`: a digest of what it covers, so equal scopes have equal ids in every database."""
    return sha256(_document(scope).encode()).hexdigest()[:32]


@lru_cache(maxsize=4096)
def read_scope(document: str) -> Scope:
    """The scope that a row of `scopes` holds."""
    stored = json.loads(document)
    return Scope(
        everything=stored["everything"],
        providers=frozenset(map(Oin, stored["providers"])),
        services=frozenset(map(ServiceUuid, stored["services"])),
    )


def keep_scopes(tx: sa.Connection, wanted: Iterable[Scope]) -> None:
    """Store those of `wanted` that are not stored yet."""
    by_id = {scope_id(scope): scope for scope in wanted}
    stored = set(tx.scalars(sa.select(scopes.c.id).where(scopes.c.id.in_(by_id))))
    new = {key: scope for key, scope in by_id.items() if key not in stored}
    if new:
        tx.execute(sa.insert(scopes), [{"id": key, "document": _document(scope)} for key, scope in new.items()])
        tx.execute(
            sa.insert(scope_items),
            [{"scope_id": key, "item": item} for key, scope in new.items() for item in _items(scope)],
        )


def _items(scope: Scope) -> Iterable[str]:
    return [EVERYTHING_ITEM] if scope.everything else [*scope.providers, *scope.services]


def _document(scope: Scope) -> str:
    return json.dumps(
        {"everything": scope.everything, "providers": sorted(scope.providers), "services": sorted(scope.services)}
    )
