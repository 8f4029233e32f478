"""Registering and removing service providers, and drafting a service catalogue for one, as commands do it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broker.core.assurance import AssuranceLevel
from broker.core.clock import Clock
from broker.core.errors import ConfigError
from broker.core.identifiers import IdentifierType
from broker.core.interface import CURRENT, InterfaceVersion
from broker.rules.metadata_report import Remark, refusal, remarks
from broker.saml.faults import MetadataRejected
from broker.saml.metadata import ServiceProviderMetadata
from broker.settings import Settings
from broker.simulator import connection, metadata_source, service_providers
from broker.simulator.compose import NO_STORE, addresses, clock_of, read_catalogues, signing_key
from broker.simulator.drafting import Draft, draft
from broker.simulator.layout import Layout
from broker.simulator.parties import BROKER
from broker.simulator.service_providers import ServiceProviders
from broker.store.database import Store, open_store
from broker.store.errors import StoreUnavailable


def register(settings: Settings, source: str, clock: Clock) -> tuple[ServiceProviderMetadata, tuple[Remark, ...]]:
    """Register the metadata behind `source`, a file name or an address; gives it, with what there is to say about it.

    Raises `ConfigError` with one line: source, rule, place, what is wrong, clause.
    """
    services, octets, clock = read_catalogues(settings), b"", clock_of(settings, clock)
    try:
        with _store(settings) as store:
            octets = _octets(settings, source)
            known = service_providers.register(store, octets, clock(), services.certificates)
    except MetadataRejected as error:
        found = refusal(octets, error)
        line = f", line {found.line}" if found.line else ""
        raise ConfigError(f"{source}: {found.rule} {found.where}{line}: {found.detail} ({found.clause})") from error
    return known.metadata, remarks(octets, known.findings)


def told(settings: Settings, known: ServiceProviderMetadata) -> str:
    """That it was registered, and what it must know of this broker. Raises `ConfigError`."""
    options, party = settings.service_providers.get(known.entity_id), BROKER.certificates
    version: InterfaceVersion = "1.11" if options is not None and options.dialect == "1.11" else CURRENT
    certificate = signing_key(Layout.of(settings), party.folder).certificate
    needed = connection.needed(addresses(settings).at(version), BROKER.entity_id, certificate.key_name)
    lines = [f"Registered {known.entity_id} ({known.display_name.en}) with {len(known.services)} service(s)."]
    return "\n".join([*lines, *(f"  {name.en:27}  {value}" for name, value in needed)])


def remove(settings: Settings, entity_id: str) -> None:
    """Take a registered service provider away; raises `ConfigError` when there is none with this EntityID."""
    with _store(settings) as store:
        if not service_providers.remove(store, entity_id):
            raise ConfigError(f"{entity_id}: is not registered")


def _octets(settings: Settings, source: str) -> bytes:
    if metadata_source.is_address(source):
        layout = Layout.of(settings)
        return metadata_source.fetch(source, layout.tls_files(BROKER.certificates.folder, layout.tls_authorities))
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise ConfigError(f"{source}: cannot be read: {error.strerror}") from error


def draft_catalogue(
    settings: Settings, entity_id: str, level: AssuranceLevel, identifiers: tuple[IdentifierType, ...], clock: Clock
) -> bytes:
    """A signed service catalogue for a registered service provider; see `drafting.draft`.

    `level` and `identifiers` are for services that no catalogue has yet. Raises `ConfigError`.
    """
    services, moment = read_catalogues(settings), clock_of(settings, clock)()
    try:
        with _store(settings) as store:
            metadata = store.read(lambda tx: ServiceProviders().find(tx, entity_id, moment))
    except MetadataRejected as error:
        raise ConfigError(f"{entity_id}: {error}") from error
    if metadata is None:
        raise ConfigError(f"{entity_id}: is not registered; 'ketenbroker sp add' registers a service provider")
    party = BROKER.certificates
    assumed = Draft(party.oin, level, identifiers)
    key = signing_key(Layout.of(settings), party.folder)
    return draft(metadata, services.catalogue, assumed, moment, key)


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    """The store; inside, that it does not answer becomes `ConfigError`."""
    store = open_store(settings.store_url)
    try:
        yield store
    except StoreUnavailable as error:
        raise ConfigError(f"{error}; {NO_STORE}") from error
    finally:
        store.close()
