"""Finding one's way in a scenario: names that must exist, ids that must be different, errors that know their place."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from broker.core.identifiers import Identifier, InvalidIdentifier, Oin, ServiceUuid
from broker.core.organisations import Organisation
from broker.core.scope import Scope
from broker.store.scenario.document import Misplaced, Place
from broker.store.scenario.shape import ScopeShape
from broker.store.scenario.shapes import ScenarioShape

Value = TypeVar("Value")
Named = TypeVar("Named", bound=Identifier)


@contextmanager
def at(place: Place) -> Iterator[None]:
    """What a value of the core says against its content is said of this place."""
    try:
        yield
    except Misplaced:
        raise
    except ValueError as error:
        raise Misplaced(place, str(error)) from error


def find(known: Mapping[str, Value], name: str, place: Place, what: str) -> Value:
    """The value called `name`; raises `Misplaced`."""
    if name not in known:
        raise Misplaced(place, f"{name} is not the id of {what} in this file")
    return known[name]


def unique(placed: Iterable[tuple[Place, Value]], key: Callable[[Value], str | None], what: str) -> dict[str, Value]:
    """The values by key, those without a key left out; raises `Misplaced` at the second with the same key."""
    found: dict[str, Value] = {}
    for place, value in placed:
        name = key(value)
        if name is None:
            continue
        if name in found:
            raise Misplaced(place, f"{what} {name} stands in this file twice")
        found[name] = value
    return found


def find_clients(
    organisations: Mapping[str, Organisation],
    groups: Mapping[str, tuple[str, ...]],
    place: Place,
    clients: tuple[str, ...],
    group: str | None,
) -> Iterator[tuple[Place, str]]:
    """The ids of the organisations that an entry is about, each with its place: named one by one, or as a group."""
    if bool(clients) == bool(group):
        raise Misplaced(place, "expected either clients or group")
    for index, name in enumerate(clients):
        client_place = (*place, "clients", index)
        yield client_place, find(organisations, name, client_place, "an organisation").id
    if group:
        for name in find(groups, group, (*place, "group"), "a group of organisations"):
            yield (*place, "group"), name


def read_scope(names: ScenarioShape, scope: ScopeShape, place: Place) -> Scope:
    """The scope, with the names of providers and services looked up."""
    with at(place):
        return Scope(
            everything=scope.everything,
            providers=frozenset(_named(names.providers, scope.providers, Oin, (*place, "providers"), "a provider")),
            services=frozenset(_named(names.services, scope.services, ServiceUuid, (*place, "services"), "a service")),
        )


def _named(
    known: Mapping[str, str], written: tuple[str, ...], kind: type[Named], place: Place, what: str
) -> Iterator[Named]:
    for index, name in enumerate(written):
        if name in known:
            yield kind(known[name])
            continue
        try:
            yield kind(name)
        except InvalidIdentifier:
            raise Misplaced((*place, index), f"{name} is not the id of {what} in this file") from None
