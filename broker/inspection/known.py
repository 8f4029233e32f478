"""Whose keys are known: what metadata says of the parties in it, whatever their role.

Metadata says by itself whom to believe, so whoever gives it vouches for it; its own signature is looked at when it is
inspected itself. What cannot be used is told, and left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from lxml import etree

from broker.rules import refused_metadata
from broker.saml import descriptors, document, key_descriptors, metadata, names
from broker.saml.faults import Fault, MetadataRejected
from broker.saml.keys import VerificationKey
from broker.saml.metadata import ServiceProviderMetadata
from broker.saml.network import Network

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ELEMENTS: Final = 50_000
_ROLES: Final = ("IDPSSODescriptor", "SPSSODescriptor", "PDPDescriptor", "AttributeAuthorityDescriptor")


@dataclass(frozen=True, slots=True)
class Party:
    """One party of metadata. `requests_at` are the addresses that take an AuthnRequest, `answers_at` those for answers.

    `service_provider` is what the broker makes of it, for a service provider that it would accept.
    """

    entity_id: str
    keys: tuple[VerificationKey, ...]
    requests_at: tuple[str, ...] = ()
    answers_at: tuple[str, ...] = ()
    service_provider: ServiceProviderMetadata | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The parties by EntityID, and what could not be used, one line each."""

    parties: Mapping[str, Party] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def keys_of(self, entity_id: str) -> tuple[VerificationKey, ...]:
        """The keys that this party signs with; none when it is not known."""
        party = self.parties.get(entity_id)
        return party.keys if party else ()

    def service_provider(self, entity_id: str) -> ServiceProviderMetadata | None:
        """The service provider with this EntityID."""
        party = self.parties.get(entity_id)
        return party.service_provider if party else None


def of_network(network: Network) -> dict[str, Party]:
    """The participants of network metadata that was read and verified already."""
    services = [
        Party(one.entity_id, one.verification_keys, (one.sso_location,)) for one in network.authentication_services
    ]
    registers = [Party(one.entity_id, one.verification_keys) for one in network.registers]
    brokers = [
        Party(one.entity_id, one.verification_keys, (), tuple(one.assertion_consumers.values()))
        for one in network.brokers
    ]
    return {party.entity_id: party for party in (*services, *registers, *brokers)}


def joined(first: Known, more: Mapping[str, Party]) -> Known:
    """The parties of both."""
    parties = dict(first.parties)
    for entity_id, party in more.items():
        parties[entity_id] = _joined(parties.get(entity_id), party, party.service_provider)
    return Known(parties, first.problems)


def read(documents: Iterable[bytes], moment: datetime) -> Known:
    """What `documents` of metadata say; never raises."""
    parties: dict[str, Party] = {}
    problems: list[str] = []
    for data in documents:
        try:
            root = document.read(data, max_bytes=MAX_BYTES, max_elements=MAX_ELEMENTS, drop_comments=True)
        except Fault as fault:
            problems.append(f"metadata: {fault}")
            continue
        entities = list(root.iter(descriptors.ENTITY))
        if not entities:
            problems.append("metadata: there is no EntityDescriptor in it")
        for entity in entities:
            party = _party(entity, problems)
            known = _service_provider(data, moment, problems) if len(entities) == 1 and _provides(entity) else None
            parties[party.entity_id] = _joined(parties.get(party.entity_id), party, known)
    return Known(parties, tuple(problems))


def _joined(before: Party | None, party: Party, known: ServiceProviderMetadata | None) -> Party:
    """One party that several documents tell of, such as a broker in its own metadata and in that of the network."""
    if before is None:
        return Party(party.entity_id, party.keys, party.requests_at, party.answers_at, known)
    return Party(
        party.entity_id,
        (*before.keys, *party.keys),
        (*before.requests_at, *party.requests_at),
        (*before.answers_at, *party.answers_at),
        known or before.service_provider,
    )


def _provides(entity: etree._Element) -> bool:
    """Whether it is a service provider and not a broker, which is one too for authentication services."""
    return (
        entity.find(f"{{{names.MD}}}SPSSODescriptor") is not None
        and entity.find(f"{{{names.MD}}}IDPSSODescriptor") is None
        and not entity.get("entityID", "").startswith("urn:etoegang:HM:")
    )


def _party(entity: etree._Element, problems: list[str]) -> Party:
    entity_id = entity.get("entityID", "")
    keys: list[VerificationKey] = []
    roles = [role for name in _ROLES for role in entity.findall(f"{{{names.MD}}}{name}")]
    for role in roles:
        for item in role.findall(f"{{{names.MD}}}KeyDescriptor"):
            if item.get("use", "signing") == "signing":
                _add_key(item, entity_id, keys, problems)
    return Party(
        entity_id,
        tuple(keys),
        _locations(roles, "SingleSignOnService"),
        _locations(roles, "AssertionConsumerService"),
    )


def _add_key(item: etree._Element, entity_id: str, keys: list[VerificationKey], problems: list[str]) -> None:
    try:
        certificate = key_descriptors.certificate(item)
    except Fault as fault:
        problems.append(f"{entity_id}: {fault}")
    else:
        keys.append(VerificationKey.of(certificate))


def _locations(roles: list[etree._Element], name: str) -> tuple[str, ...]:
    found = (item.get("Location", "") for role in roles for item in role.findall(f"{{{names.MD}}}{name}"))
    return tuple(dict.fromkeys(found))


def _service_provider(data: bytes, moment: datetime, problems: list[str]) -> ServiceProviderMetadata | None:
    try:
        return metadata.read_service_provider(data, moment)
    except MetadataRejected as rejected:
        found = refused_metadata.finding(rejected)
        problems.append(f"{found.rule} {found.where}: {found.detail}")
        return None
