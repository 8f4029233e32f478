"""Making what an installation needs before it can serve: keys, secrets, tables, sample data, metadata.

Keys, secrets and data are made once and left alone afterwards; metadata and the settings of the other two programs
follow the settings and are written every time.
"""

from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography import x509

from broker.core.administration import actors
from broker.core.assurance import AssuranceLevel
from broker.core.clock import Clock
from broker.core.errors import ConfigError
from broker.core.ids import Ids
from broker.core.interface import VERSIONS
from broker.saml import broker_metadata, names, network_publication, pki
from broker.saml.broker_metadata import BrokerDescription
from broker.saml.endpoints import Endpoint
from broker.saml.keys import Certificate, Recipient, UnusableKey, VerificationKey
from broker.saml.network import AuthenticationService, Broker, Network
from broker.saml.network import Register as RegisterEntry
from broker.saml.pki import certificate_path
from broker.settings import Settings
from broker.simulator import compose, module_registration, other_parties, own_keys, participants, secret_files
from broker.simulator.administration import whole_register
from broker.simulator.audit import heads, keys
from broker.simulator.audit.heads import HeadRefused
from broker.simulator.compose import read_catalogues, signing_key
from broker.simulator.context import Addresses
from broker.simulator.layout import Layout
from broker.simulator.parties import (
    AUTHENTICATION_SERVICE,
    BROKER,
    CERTIFIED,
    CLIENT_REGISTER,
    INTERMEDIARY_REGISTER,
    SCHEME_AUTHORITY,
    Entity,
)
from broker.store import scenario
from broker.store.administration.chain import ChainBroken
from broker.store.database import Store, open_store
from broker.store.errors import StoreUnavailable
from broker.store.migrate import migrate

_NETWORK_LIFE: Final = timedelta(days=90)
_SECRETS: Final = ("session", "links", "choices", "pseudonyms", "register", "archive", "stub", "demo")


def prepare(settings: Settings, clock: Clock, ids: Ids) -> list[str]:
    """Make what is missing; returns what was made, in words. Raises `ConfigError` with one line."""
    layout, moment = Layout.of(settings), clock()
    services = read_catalogues(settings)
    try:
        made = [f"certificate {path}" for path in pki.ensure(layout.certs, CERTIFIED, moment)]
    except UnusableKey as error:
        raise ConfigError(str(error)) from error
    for name in _SECRETS:
        secret_files.ensure(layout.secret(name))
    made += [f"key {path}" for path in keys.ensure(layout.audit_key, layout.audit_public_key)]
    layout.state.mkdir(parents=True, exist_ok=True)
    migrate(settings.store_url)
    store = open_store(settings.store_url)
    try:
        made += _load_sample(settings, store, clock)
        _sign_head(settings, store, clock)
        _write_metadata(settings, layout, store, clock, ids)
        module = module_registration.metadata(layout, compose.addresses(settings), ids)
        module_registration.register_module(store, module, clock, services.certificates)
        _write_tls_authorities(settings, layout)
        other_parties.write_stub(settings, layout, store)
        other_parties.write_demo(settings, layout, services.catalogue)
    finally:
        store.close()
    return made


def roll_over(settings: Settings, step: str, clock: Clock, ids: Ids) -> tuple[Certificate, ...]:
    """One step of a key roll-over of the broker (`own_keys`), and the metadata that follows from it.

    Gives the signing certificates that are published, the one in use first. Raises `ConfigError`.
    """
    layout, party = Layout.of(settings), BROKER.certificates
    signing_key(layout, party.folder)  # says so when there is no installation yet
    match step:
        case "begin":
            own_keys.begin(layout.certs, party, clock())
        case "switch":
            own_keys.switch(layout.certs, party)
        case _:
            own_keys.finish(layout.certs, party)
    store = open_store(settings.store_url)
    try:
        _write_metadata(settings, layout, store, clock, ids)
    except StoreUnavailable as error:
        raise ConfigError(f"{error}; {compose.NO_STORE}") from error
    finally:
        store.close()
    return own_keys.published(layout.certs, party)


def _load_sample(settings: Settings, store: Store, clock: Clock) -> list[str]:
    if not store.read(scenario.is_empty):
        return []
    files, moment = compose.register_files(settings), clock()
    sample = whole_register.read_file(files, files.sample, moment)
    whole_register.fill(store, sample, actors.rule("sample data"), moment)
    return [f"sample register from {files.sample}"]


def _sign_head(settings: Settings, store: Store, clock: Clock) -> None:
    """Nothing starts on an audit log that is not what was signed."""
    notary = compose.notary(settings)
    try:
        heads.sign(notary, store, clock(), at_once=True)
    except (ChainBroken, HeadRefused) as error:
        raise ConfigError(
            f"the audit log is not what was signed: {error}; 'ketenbroker audit verify' tells more. To go on with this "
            f"store all the same, put {notary.file} aside"
        ) from error


def _write_metadata(settings: Settings, layout: Layout, store: Store, clock: Clock, ids: Ids) -> None:
    """Sign and publish the network's metadata and the broker's, with the keys that there are now."""
    layout.network_metadata.parent.mkdir(exist_ok=True)
    addresses, moment = compose.addresses(settings), clock()
    stub = AuthenticationService(
        entity_id=AUTHENTICATION_SERVICE.entity_id,
        names=AUTHENTICATION_SERVICE.name,
        sso_location=f"{settings.stub.url}/sso",
        verification_keys=_keys(layout, AUTHENTICATION_SERVICE),
        maximum_level=AssuranceLevel.EH4,
        logout_location=f"{settings.stub.url}/logout",
    )
    own = tuple(map(VerificationKey.of, own_keys.published(layout.certs, BROKER.certificates)))
    broker = Broker(BROKER.entity_id, BROKER.name, {0: addresses.consumer}, own, addresses.logout)
    published = Network(
        # Never lower than what brokers have used: they would not take it, if a clock was set back.
        sequence=max(int(moment.timestamp()) // 60, store.read(participants.noted)),
        valid_until=moment + _NETWORK_LIFE,
        authentication_services=(stub,),
        registers=(_register(layout, INTERMEDIARY_REGISTER), _register(layout, CLIENT_REGISTER)),
        brokers=(broker,),
    )
    authority = signing_key(layout, SCHEME_AUTHORITY.folder)
    metadata = network_publication.write_network(published, authority, ids.message_id())
    layout.network_metadata.write_bytes(metadata)
    for version in VERSIONS:
        _write_broker_metadata(layout, addresses.at(version), ids)


def _write_broker_metadata(layout: Layout, addresses: Addresses, ids: Ids) -> None:
    """That of one version of the interface, for service providers."""
    description = BrokerDescription(
        version=addresses.version,
        entity_id=BROKER.entity_id,
        display_name=BROKER.name,
        signing_certificates=own_keys.published(layout.certs, BROKER.certificates),
        single_sign_on=(
            Endpoint(names.BINDING_POST, addresses.sso),
            Endpoint(names.BINDING_REDIRECT, addresses.sso),
            Endpoint(names.BINDING_ARTIFACT, addresses.sso),
        ),
        artifact_resolution=addresses.resolution,
        single_logout=(
            Endpoint(names.BINDING_POST, addresses.logout),
            Endpoint(names.BINDING_REDIRECT, addresses.logout),
        ),
    )
    key = signing_key(layout, BROKER.certificates.folder)
    path = layout.broker_metadata(addresses.version)
    path.write_bytes(broker_metadata.write_broker_metadata(description, key, ids.message_id()))


def _write_tls_authorities(settings: Settings, layout: Layout) -> None:
    """One file, as TLS libraries want it, with what certificates of service providers may come from."""
    files = (pki.authority_path(layout.certs), *settings.back_channel.authorities)
    layout.tls_authorities.write_bytes(b"\n".join(map(_certificates_in, files)))


def _certificates_in(path: Path) -> bytes:
    # A TLS library passes over what it does not understand, as long as it understands something.
    octets = compose.read_file(path)
    try:
        x509.load_pem_x509_certificates(octets)
    except ValueError as error:
        raise ConfigError(f"{path}: holds no certificate in PEM, or one that cannot be read") from error
    return octets


def _certificate(layout: Layout, entity: Entity, use: pki.Use) -> Certificate:
    return Certificate.from_pem_file(certificate_path(layout.certs, entity.certificates.folder, use))


def _keys(layout: Layout, entity: Entity) -> tuple[VerificationKey, ...]:
    return (VerificationKey.of(_certificate(layout, entity, "signing")),)


def _register(layout: Layout, entity: Entity) -> RegisterEntry:
    recipient = Recipient(entity.entity_id, _certificate(layout, entity, "encryption"))
    return RegisterEntry(entity.entity_id, entity.name, _keys(layout, entity), recipient)
