"""Providers and services to choose from, with a search among services; what was chosen before stays on the page."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from broker.core.administration import scope_parts
from broker.core.search import folded
from broker.web.current import simulator
from broker.web.management.register_pages import ScopeChoice


@dataclass(frozen=True, slots=True)
class Offered:
    """What a page offers: all providers, and the services that `query` finds or that were ticked."""

    providers: tuple[ScopeChoice, ...]
    services: tuple[ScopeChoice, ...]
    query: str
    found: int


def offered(values: MultiDict[str, str]) -> Offered:
    """What to choose from, by what was sent as `q`, `provider` and `service`."""
    catalogue, typed = scope_parts.open_to_chains(simulator().catalogue), values.get("q", "")
    chosen, ticked = set(values.getlist("provider")), set(values.getlist("service"))
    words = folded(typed).split()
    known = scope_parts.services(catalogue)
    found = {
        uuid
        for uuid, one in known.items()
        if all(word in folded(f"{one.name.nl} {one.name.en} {one.provider_name.nl}") for word in words)
    }
    return Offered(
        providers=tuple(
            ScopeChoice(value=oin, name=name, note=None, ticked=oin in chosen)
            for oin, name in scope_parts.providers(catalogue).items()
        ),
        services=tuple(
            ScopeChoice(value=uuid, name=one.name, note=one.provider_name, ticked=uuid in ticked)
            for uuid, one in known.items()
            if uuid in found or uuid in ticked
        ),
        query=typed,
        found=len(found),
    )
