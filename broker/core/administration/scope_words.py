"""What a scope is called: in a sentence (`describe`), as a list (`in_full`), and in a line of a table (`in_brief`).

What the catalogue no longer has is called by its number.
"""

from collections.abc import Iterable
from typing import Final

from broker.core.administration.scope_parts import providers, services
from broker.core.catalogue import Catalogue, Service
from broker.core.identifiers import ServiceUuid
from broker.core.scope import Scope
from broker.core.text import Text

EVERYTHING: Final = Text("alle diensten, nu en later", "all services, now and later")
_GENERAL: Final = Text(
    "Algemene bevoegdheid: alle diensten, nu en later", "General authority: all services, now and later"
)


def describe(scope: Scope, catalogue: Catalogue) -> Text:
    """The scope in a sentence of a mail or a file: `alle diensten van Gemeente Voorbeeldstad; Jaarrekening (KVK)`."""
    if scope.everything:
        return EVERYTHING
    named, known = providers(catalogue), services(catalogue)
    parts = [_all_services_of(named.get(oin, Text(oin, oin))) for oin in scope.providers]
    parts += [_service(known.get(uuid), uuid) for uuid in scope.services]
    return Text(_listed(part.nl for part in parts), _listed(part.en for part in parts))


def in_full(catalogue: Catalogue, scope: Scope) -> tuple[Text, ...]:
    """Everything that `scope` covers, a line each, providers first named: `KVK: alle diensten, ook nieuwe`."""
    if scope.everything:
        return (_GENERAL,)
    named, known = providers(catalogue), services(catalogue)
    lines = [_of_provider(named.get(oin, Text(oin, oin))) for oin in scope.providers]
    lines += [_of_service(known.get(uuid), uuid) for uuid in scope.services]
    return tuple(sorted(lines, key=lambda line: line.nl.casefold()))


def in_brief(catalogue: Catalogue, scope: Scope) -> Text:
    """What `scope` covers, in one line of a list."""
    first, *others = in_full(catalogue, scope)
    return Text(f"{first.nl} en nog {len(others)}", f"{first.en} and {len(others)} more") if others else first


def _all_services_of(provider: Text) -> Text:
    return Text(f"alle diensten van {provider.nl}", f"all services of {provider.en}")


def _service(service: Service | None, uuid: ServiceUuid) -> Text:
    if service is None:
        return Text(uuid, uuid)
    name, provider = service.name, service.provider_name
    return Text(f"{name.nl} ({provider.nl})", f"{name.en} ({provider.en})")


def _of_provider(name: Text) -> Text:
    return Text(f"{name.nl}: alle diensten, ook nieuwe", f"{name.en}: all services, new ones too")


def _of_service(service: Service | None, uuid: ServiceUuid) -> Text:
    if service is None:
        return Text(f"Dienst die niet meer bestaat ({uuid})", f"Service that no longer exists ({uuid})")
    provider, name = service.provider_name, service.name
    return Text(f"{provider.nl}: {name.nl}", f"{provider.en}: {name.en}")


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(sorted(parts, key=str.casefold))
