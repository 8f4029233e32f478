"""Registering a service provider, as the operator of a broker does it."""

from broker import metadata_source
from broker.core.clock import Clock
from broker.core.errors import ConfigError
from broker.rules import refused_metadata
from broker.saml.faults import MetadataRejected
from broker.settings import Settings
from broker.simulator import service_providers
from broker.simulator.compose import read_catalogues
from broker.simulator.service_providers import Registered
from broker.store.database import open_store
from broker.store.errors import StoreUnavailable


def register(settings: Settings, source: str, clock: Clock) -> Registered:
    """Register the metadata behind `source`, a file name or an address.

    Raises `ConfigError` with one line: source, rule, place, what is wrong, clause.
    """
    services = read_catalogues(settings)
    octets = metadata_source.read(source)
    store = open_store(settings.store_url)
    try:
        return service_providers.register(store, octets, clock(), services.certificates)
    except MetadataRejected as error:
        found = refused_metadata.finding(error)
        raise ConfigError(f"{source}: {found.rule} {found.where}: {found.detail}") from error
    except StoreUnavailable as error:
        raise ConfigError(f"{error}; 'ketenbroker init' makes the store when there is none") from error
    finally:
        store.close()
