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


def covering(number: int) -> sa.Select[str]:
    """Ids of the scopes that cover the service that `covering_parameters` names: `core.scope.covers` in SQL.

    `number` tells the services of one statement apart.
    """
    wanted = (sa.bindparam(f"{name}_{number}", type_=sa.Text) for name in ("provider_oin", "definition_uuid"))
    return sa.select(scope_items.c.scope_id).where(scope_items.c.item.in_([EVERYTHING_ITEM, *wanted]))


def covering_parameters(service: Service, number: int) -> dict[str, str]:
    """The parameters of `covering`."""
    return {f"provider_oin_{number}": service.provider_oin, f"definition_uuid_{number}": service.definition_uuid}


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
