"""Services as the service catalogue (dienstencatalogus) describes them."""

from collections.abc import Mapping
from dataclasses import dataclass

from broker.core.assurance import AssuranceLevel
from broker.core.identifiers import IdentifierType, Oin, ServiceId, ServiceUuid
from broker.core.text import Text

BRANCH_RESTRICTION = "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr"


@dataclass(frozen=True, slots=True)
class RequestedAttribute:
    """An attribute that a service asks for; without one that `is_required` there can be no login."""

    name: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """A service instance together with the definition it is an instance of.

    `definition_uuid` is what entitlements are registered against and may be shared between providers;
    `instance_uuid` and `service_id` are what messages carry. `identifier_sets` are the allowed identifier
    types (ECTA) in the order in which they must be tried; the types of one set are delivered together. `acting_sets`
    are the same for the acting person (ASTA); without any, it is a pseudonym. `brokers` are those that the catalogue
    says the service is connected to (HerkenningsmakelaarId and additional ones). `portal_for` are the services behind a
    portal, by ServiceID; empty for any other service.
    `chain_allowed` is not part of the scheme's catalogue: it models a portal that accepts no chain mandates.
    """

    service_id: ServiceId
    instance_uuid: ServiceUuid
    definition_uuid: ServiceUuid
    provider_oin: Oin
    provider_name: Text
    name: Text
    description: Text
    required_level: AssuranceLevel
    identifier_sets: tuple[frozenset[IdentifierType], ...]
    restrictions_allowed: frozenset[str] = frozenset()
    acting_sets: tuple[frozenset[IdentifierType], ...] = ()
    requested_attributes: tuple[RequestedAttribute, ...] = ()
    brokers: frozenset[Oin] = frozenset()
    chain_allowed: bool = True
    portal_for: tuple[ServiceId, ...] = ()

    def provider_called(self, name: str | None) -> Text:
        """The provider under the name that a message gives it (ProviderName).

        In both languages when that is one of its own names or none: a sender has one language, a page may have another.
        """
        own = self.provider_name
        return own if name in (None, own.nl, own.en) else Text(name, name)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All services by ServiceID."""

    services: Mapping[ServiceId, Service]

    def find(self, service_id: str) -> Service | None:
        """The service with this ServiceID, or None; any text may be asked for."""
        return self.services.get(service_id)  # type: ignore[call-overload,no-any-return]

    def behind(self, service: Service) -> tuple[Service, ...]:
        """The services that a login for the portal `service` is about; none for any other service."""
        return tuple(self.services[service_id] for service_id in service.portal_for)
