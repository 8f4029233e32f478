"""What a scope is called on screen and in mails."""

from collections.abc import Iterable

from broker.core.catalogue import Catalogue
from broker.core.scope import Scope
from broker.core.text import Text

EVERYTHING: Text = Text("alle diensten, nu en later", "all services, now and later")


def describe(scope: Scope, catalogue: Catalogue) -> Text:
    """The scope in words: `alle diensten van Gemeente Voorbeeldstad; Jaarrekening (KVK)`.

    What the catalogue no longer has is called by its number.
    """
    if scope.everything:
        return EVERYTHING
    services = list(catalogue.services.values())
    providers = {service.provider_oin: service.provider_name for service in services}
    by_definition = {service.definition_uuid: service for service in reversed(services)}
    parts = [_provider(providers.get(oin, Text(oin, oin))) for oin in sorted(scope.providers)]
    for uuid in sorted(scope.services):
        known = by_definition.get(uuid)
        parts.append(_service(known.name, known.provider_name) if known else Text(uuid, uuid))
    return Text(_listed(part.nl for part in parts), _listed(part.en for part in parts))


def _provider(name: Text) -> Text:
    return Text(f"alle diensten van {name.nl}", f"all services of {name.en}")


def _service(name: Text, provider: Text) -> Text:
    return Text(f"{name.nl} ({provider.nl})", f"{name.en} ({provider.en})")


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(sorted(parts, key=str.casefold))
