"""What a scope can be made of: the providers and the services of the catalogue, to offer and to name."""

from broker.core.catalogue import Catalogue, Service
from broker.core.identifiers import Oin, ServiceUuid
from broker.core.text import Text


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
