"""Registering a service provider, and drafting its service catalogue, as the operator of a broker does it."""

from broker import metadata_source
from broker.core.assurance import AssuranceLevel
from broker.core.clock import Clock
from broker.core.errors import ConfigError
from broker.core.identifiers import IdentifierType
from broker.rules import refused_metadata
from broker.saml.faults import MetadataRejected
from broker.settings import Settings
from broker.simulator import service_providers
from broker.simulator.compose import NO_STORE, read_catalogues, signing_key
from broker.simulator.drafting import Draft, draft
from broker.simulator.layout import Layout
from broker.simulator.parties import BROKER
from broker.simulator.service_providers import Registered, ServiceProviders
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
        raise ConfigError(f"{error}; {NO_STORE}") from error
    finally:
        store.close()


def draft_catalogue(
    settings: Settings, entity_id: str, level: AssuranceLevel, identifiers: tuple[IdentifierType, ...], clock: Clock
) -> bytes:
    """A signed service catalogue for a registered service provider; see `drafting.draft`.

    `level` and `identifiers` are for services that no catalogue has yet. Raises `ConfigError`.
    """
    services, moment = read_catalogues(settings), clock()
    store = open_store(settings.store_url)
    try:
        metadata = store.read(lambda tx: ServiceProviders().find(tx, entity_id, moment))
    except MetadataRejected as error:
        raise ConfigError(f"{entity_id}: {error}") from error
    except StoreUnavailable as error:
        raise ConfigError(f"{error}; {NO_STORE}") from error
    finally:
        store.close()
    if metadata is None:
        raise ConfigError(f"{entity_id}: is not registered; 'ketenbroker sp add' registers a service provider")
    party = BROKER.certificates
    assumed = Draft(party.oin, level, identifiers)
    key = signing_key(Layout.of(settings), party.folder)
    return draft(metadata, services.catalogue, assumed, moment, key)
