"""Rules for the registration of a service provider: its metadata beside the service catalogue.

Whether metadata can be used by itself is decided where it is read (`broker.saml.metadata`). These rules compare it with
what the catalogue says of the same services.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from broker.core.findings import Severity
from broker.core.identifiers import ServiceId
from broker.core.text import Text
from broker.rules.rule import Rule, Seen
from broker.saml.keys import Certificate
from broker.saml.metadata import ServiceProviderMetadata

ServiceCertificates = Mapping[ServiceId, tuple[Certificate, ...]]


@dataclass(frozen=True, slots=True)
class Registration:
    """Metadata of a service provider, and for each service of the catalogue the certificates that it gives, if any."""

    metadata: ServiceProviderMetadata
    service_certificates: ServiceCertificates

    @property
    def services(self) -> Iterable[tuple[str, tuple[Certificate, ...] | None]]:
        """The services of the metadata with their certificates of the catalogue; None when it lacks the service."""
        for service in self.metadata.services:
            found = self.service_certificates.get(service.service_id)  # type: ignore[call-overload]
            yield service.service_id or f"of index {service.index}", found


def encryption_certificates(
    of_catalogue: tuple[Certificate, ...], metadata: ServiceProviderMetadata
) -> tuple[Certificate, ...]:
    """The certificates to encrypt for a service with: those of the catalogue, or else those of the metadata."""
    return of_catalogue or metadata.encryption_certificates


def differ(of_catalogue: tuple[Certificate, ...], metadata: ServiceProviderMetadata) -> bool:
    """Whether the catalogue gives another certificate to encrypt with than any in the metadata."""
    known = {certificate.der for certificate in metadata.encryption_certificates}
    return bool(of_catalogue and known) and of_catalogue[0].der not in known


def _no_certificate(registration: Registration) -> Iterable[Seen]:
    for service, of_catalogue in registration.services:
        if not encryption_certificates(of_catalogue or (), registration.metadata):
            yield Seen(
                "SPSSODescriptor/KeyDescriptor",
                f"no certificate for encryption, and the service catalogue has none for the service {service}; "
                'add a KeyDescriptor with use="encryption", or a ServiceCertificate in the catalogue',
            )


def _another_certificate(registration: Registration) -> Iterable[Seen]:
    for service, of_catalogue in registration.services:
        if of_catalogue and differ(of_catalogue, registration.metadata):
            yield Seen(
                "SPSSODescriptor/KeyDescriptor",
                f"for the service {service} the catalogue has another certificate, {of_catalogue[0].key_name}; "
                "that one is used",
            )


def _unknown_service(registration: Registration) -> Iterable[Seen]:
    for service, of_catalogue in registration.services:
        if of_catalogue is None:
            yield Seen(
                "SPSSODescriptor/AttributeConsumingService",
                f"the service {service} is not in the service catalogue; logins for it will be refused. "
                "Add its catalogue to paths.catalogues",
            )


NO_CERTIFICATE: Final = Rule(
    "EH-REG-01",
    Severity.ERROR,
    "etd SAML encryption; etd DV metadata for HM: KeyDescriptor",
    Text(
        "Er is geen certificaat om gegevens voor de dienst mee te versleutelen.",
        "There is no certificate to encrypt data for the service with.",
    ),
    _no_certificate,
)

ANOTHER_CERTIFICATE: Final = Rule(
    "EH-REG-02",
    Severity.WARNING,
    "etd Service catalogue: ServiceCertificate",
    Text(
        "De dienstencatalogus heeft een ander certificaat dan de metadata.",
        "The service catalogue has another certificate than the metadata.",
    ),
    _another_certificate,
)
UNKNOWN_SERVICE: Final = Rule(
    "EH-REG-03",
    Severity.WARNING,
    "etd Service catalogue",
    Text(
        "Een dienst uit de metadata staat niet in de dienstencatalogus.",
        "A service of the metadata is not in the service catalogue.",
    ),
    _unknown_service,
)

RULES: Final[tuple[Rule[Any], ...]] = (NO_CERTIFICATE, ANOTHER_CERTIFICATE, UNKNOWN_SERVICE)
