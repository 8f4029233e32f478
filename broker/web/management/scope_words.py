"""What a mandate covers, in words."""

from broker.core.catalogue import Catalogue, Service
from broker.core.identifiers import Oin, ServiceUuid
from broker.core.scope import Scope
from broker.core.text import Text

_EVERYTHING = Text("Algemene bevoegdheid: alle diensten, nu en later", "General authority: all services, now and later")
_ALL_OF = Text("alle diensten, ook nieuwe", "all services, new ones too")


def providers(catalogue: Catalogue) -> dict[Oin, Text]:
    """The providers of the catalogue by OIN, in the order of their Dutch names."""
    named = {service.provider_oin: service.provider_name for service in catalogue.services.values()}
    return dict(sorted(named.items(), key=lambda item: item[1].nl.casefold()))


def services(catalogue: Catalogue) -> dict[ServiceUuid, Service]:
    """One service for each definition, by provider and name: entitlements hang on the definition."""
    ordered = sorted(
        catalogue.services.values(), key=lambda one: (one.provider_name.nl.casefold(), one.name.nl.casefold())
    )
    found: dict[ServiceUuid, Service] = {}
    for service in ordered:
        if not service.portal_for:
            found.setdefault(service.definition_uuid, service)
    return found


def open_to_chains(catalogue: Catalogue) -> Catalogue:
    """The part of the catalogue for which a chain mandate is of use."""
    kept = {service_id: one for service_id, one in catalogue.services.items() if one.chain_allowed}
    return Catalogue(kept)


def in_full(catalogue: Catalogue, scope: Scope) -> tuple[Text, ...]:
    """Everything that `scope` covers, a line each. What is no longer in the catalogue keeps its number."""
    if scope.everything:
        return (_EVERYTHING,)
    known_providers, known_services = providers(catalogue), services(catalogue)
    lines = [_of_provider(known_providers.get(oin, Text(oin, oin))) for oin in scope.providers]
    lines += [_of_service(known_services.get(uuid), uuid) for uuid in scope.services]
    return tuple(sorted(lines, key=lambda line: line.nl.casefold()))


def in_brief(catalogue: Catalogue, scope: Scope) -> Text:
    """What `scope` covers, in one line of a list."""
    lines = in_full(catalogue, scope)
    if len(lines) == 1:
        return lines[0]
    more = len(lines) - 1
    return Text(f"{lines[0].nl} en nog {more}", f"{lines[0].en} and {more} more")


def _of_provider(name: Text) -> Text:
    return Text(f"{name.nl}: {_ALL_OF.nl}", f"{name.en}: {_ALL_OF.en}")


def _of_service(service: Service | None, uuid: ServiceUuid) -> Text:
    if service is None:
        return Text(f"Dienst die niet meer bestaat ({uuid})", f"Service that no longer exists ({uuid})")
    provider, name = service.provider_name, service.name
    return Text(f"{provider.nl}: {name.nl}", f"{provider.en}: {name.en}")
