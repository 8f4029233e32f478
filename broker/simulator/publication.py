"""Signing and publishing the metadata of the network and of the broker, with the keys and at the moment of now."""

from datetime import timedelta
from typing import Final

from broker.core.assurance import AssuranceLevel
from broker.core.clock import Clock
from broker.core.ids import Ids
from broker.core.interface import VERSIONS
from broker.saml import broker_metadata, names, network_publication, pki
from broker.saml.broker_metadata import BrokerDescription
from broker.saml.endpoints import Endpoint
from broker.saml.keys import Certificate, Recipient, VerificationKey
from broker.saml.network import AuthenticationService, Broker, Network
from broker.saml.network import Register as RegisterEntry
from broker.saml.pki import certificate_path
from broker.settings import Settings
from broker.simulator import compose, own_keys, participants
from broker.simulator.compose import signing_key
from broker.simulator.context import Addresses
from broker.simulator.layout import Layout
from broker.simulator.parties import (
    AUTHENTICATION_SERVICE,
    BROKER,
    CLIENT_REGISTER,
    INTERMEDIARY_REGISTER,
    SCHEME_AUTHORITY,
    Entity,
)
from broker.store.database import Store

_NETWORK_LIFE: Final = timedelta(days=90)


def publish(settings: Settings, store: Store, clock: Clock, ids: Ids) -> None:
    """Write the network's metadata and the broker's. Raises `ConfigError`."""
    layout = Layout.of(settings)
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


def _certificate(layout: Layout, entity: Entity, use: pki.Use) -> Certificate:
    return Certificate.from_pem_file(certificate_path(layout.certs, entity.certificates.folder, use))


def _keys(layout: Layout, entity: Entity) -> tuple[VerificationKey, ...]:
    return (VerificationKey.of(_certificate(layout, entity, "signing")),)


def _register(layout: Layout, entity: Entity) -> RegisterEntry:
    recipient = Recipient(entity.entity_id, _certificate(layout, entity, "encryption"))
    return RegisterEntry(entity.entity_id, entity.name, _keys(layout, entity), recipient)
