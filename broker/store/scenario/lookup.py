"""Finding one's way in a scenario: names that must exist, ids that must be different, errors that know their place."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from broker.core.identifiers import Oin, ServiceUuid
from broker.core.scope import Scope
from broker.store.scenario.document import Misplaced, Place
from broker.store.scenario.shapes import ScenarioShape, ScopeShape

Value = TypeVar("Value")


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


def read_scope(names: ScenarioShape, scope: ScopeShape, place: Place) -> Scope:
    """The scope, with the names of providers and services looked up."""
    with at(place):
        return Scope(
            everything=scope.everything,
            providers=frozenset(
                Oin(find(names.providers, name, (*place, "providers", index), "a provider"))
                for index, name in enumerate(scope.providers)
            ),
            services=frozenset(
                ServiceUuid(find(names.services, name, (*place, "services", index), "a service"))
                for index, name in enumerate(scope.services)
            ),
        )
