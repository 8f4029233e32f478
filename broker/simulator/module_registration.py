"""The Beheermodule is registered as any service provider is: by its signed metadata."""

from broker.core.clock import Clock
from broker.core.errors import ConfigError
from broker.core.ids import Ids
from broker.core.text import Text
from broker.rules.registration import ServiceCertificates
from broker.saml.faults import MetadataRejected
from broker.saml.keys import Certificate
from broker.saml.pki import certificate_path
from broker.saml.service_provider_metadata import ServiceProviderDescription, write_service_provider
from broker.simulator import service_providers
from broker.simulator.compose import signing_key
from broker.simulator.context import Addresses
from broker.simulator.layout import Layout
from broker.simulator.parties import MANAGEMENT_MODULE, MANAGEMENT_SERVICE
from broker.store.database import Store

_SERVICE_NAME = Text("Beheermodule machtigingenregister", "Management module of the mandate register")


def metadata(layout: Layout, addresses: Addresses, ids: Ids) -> bytes:
    """The signed metadata of the Beheermodule, with the keys that there are. Raises `ConfigError`."""
    party = MANAGEMENT_MODULE.certificates.folder
    key = signing_key(layout, party)
    described = ServiceProviderDescription(
        entity_id=MANAGEMENT_MODULE.entity_id,
        display_name=MANAGEMENT_MODULE.name,
        signing=key.certificate,
        encryption=Certificate.from_pem_file(certificate_path(layout.certs, party, "encryption")),
        consumer=addresses.module_consumer,
        service_id=MANAGEMENT_SERVICE,
        service_name=_SERVICE_NAME,
    )
    return write_service_provider(described, key, ids.message_id())


def register_module(store: Store, xml: bytes, clock: Clock, certificates: ServiceCertificates) -> None:
    """Register the Beheermodule, in place of what was registered before. Raises `ConfigError`."""
    try:
        service_providers.register(store, xml, clock(), certificates)
    except MetadataRejected as error:
        raise ConfigError(f"metadata of the Beheermodule: {error}") from error
