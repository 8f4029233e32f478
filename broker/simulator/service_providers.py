"""Registered service providers: their metadata in the store, parsed anew for each version and now and then."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from broker.core.findings import Finding
from broker.rules import metadata_by_the_book as by_the_book
from broker.rules import registration as rules
from broker.rules.metadata_by_the_book import Written
from broker.rules.metadata_report import Remark, refusal, remarks
from broker.rules.registration import Registration, ServiceCertificates
from broker.rules.rule import check, errors
from broker.saml import artifact
from broker.saml.faults import MetadataReason, MetadataRejected
from broker.saml.metadata import ServiceProviderMetadata, read_as_written, read_service_provider
from broker.store import documents
from broker.store.database import Store, Transaction
from broker.store.documents import RegisteredDocument

KIND: Final = "service_provider"
# The certificate that metadata is signed with may have expired since.
_FRESH: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Parsed:
    sha256: str
    moment: datetime
    metadata: ServiceProviderMetadata


@dataclass(frozen=True, slots=True)
class ServiceProviders:
    """Reads metadata from the store; a new registration is seen by the very next request, in every process."""

    _parsed: dict[str, _Parsed] = field(default_factory=dict)

    def find(self, tx: Transaction, entity_id: str, moment: datetime) -> ServiceProviderMetadata | None:
        """The metadata of `entity_id` as it is registered now, or None; raises `MetadataRejected` when it expired."""
        document = documents.find(tx, KIND, entity_id)
        if document is None:
            return None
        known = self._parsed.get(entity_id)
        if known is None or known.sha256 != document.sha256 or not known.moment <= moment < known.moment + _FRESH:
            known = _Parsed(document.sha256, moment, read_service_provider(document.xml, moment))
            self._parsed[entity_id] = known
        known.metadata.check_current(moment)
        return known.metadata

    def find_by_source(self, tx: Transaction, source_id: bytes, moment: datetime) -> ServiceProviderMetadata | None:
        """The metadata of the service provider that makes artifacts with this SourceID, or None; raises as `find`."""
        registered = documents.list_ids(tx, KIND)
        entity_id = next((item for item in registered if artifact.source_id(item) == source_id), None)
        return None if entity_id is None else self.find(tx, entity_id, moment)


@dataclass(frozen=True, slots=True)
class Registered:
    """What was registered, the warnings about it, and what the scheme wants otherwise in it."""

    metadata: ServiceProviderMetadata
    warnings: tuple[Finding, ...]
    deviations: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them."""
        return (*self.warnings, *self.deviations)


def register(store: Store, xml: bytes, moment: datetime, service_certificates: ServiceCertificates) -> Registered:
    """Check and register metadata of a service provider, replacing what it registered before.

    `service_certificates` are those of the service catalogue. Raises `MetadataRejected` for what the broker could not
    work with; then nothing changes.
    """
    registered = _read(xml, moment, service_certificates)
    store.write(lambda tx: documents.put(tx, KIND, registered.metadata.entity_id, xml, moment))
    return registered


def remove(store: Store, entity_id: str) -> bool:
    """Take a service provider away; gives whether it was registered. Whatever it still sends is that of a stranger."""
    return store.write(lambda tx: documents.delete(tx, KIND, entity_id))


def registered_metadata(store: Store) -> tuple[bytes, ...]:
    """The metadata of all that are registered, exactly as it came."""
    return tuple(document.xml for document in store.read(lambda tx: documents.list_all(tx, KIND)))


@dataclass(frozen=True, slots=True)
class Entry:
    """A registered service provider: what was registered when, and what there is to say about it now.

    `metadata` is None when it would be refused now; then the one remark says why.
    """

    entity_id: str
    registered_at: datetime
    metadata: ServiceProviderMetadata | None
    remarks: tuple[Remark, ...]


def entries(store: Store, moment: datetime, service_certificates: ServiceCertificates) -> tuple[Entry, ...]:
    """All registered service providers, by EntityID."""
    found = store.read(lambda tx: documents.list_all(tx, KIND))
    return tuple(_entry(item, moment, service_certificates) for item in found)


def entry(store: Store, entity_id: str, moment: datetime, service_certificates: ServiceCertificates) -> Entry | None:
    """The registered service provider with this EntityID."""
    document = store.read(lambda tx: documents.find(tx, KIND, entity_id))
    return None if document is None else _entry(document, moment, service_certificates)


def _entry(document: RegisteredDocument, moment: datetime, service_certificates: ServiceCertificates) -> Entry:
    try:
        known = _read(document.xml, moment, service_certificates)
    except MetadataRejected as rejected:
        return Entry(document.entity_id, document.registered_at, None, (refusal(document.xml, rejected),))
    return Entry(document.entity_id, document.registered_at, known.metadata, remarks(document.xml, known.findings))


def unusable(
    store: Store, moment: datetime, service_certificates: ServiceCertificates
) -> Iterator[tuple[str, MetadataRejected]]:
    """The registered service providers, by EntityID, whose metadata would be refused if it came now, and why.

    Metadata that was fine may have expired since, and the catalogue may have changed.
    """
    for document in store.read(lambda tx: documents.list_all(tx, KIND)):
        try:
            _read(document.xml, moment, service_certificates)
        except MetadataRejected as rejected:
            yield document.entity_id, rejected


def _read(xml: bytes, moment: datetime, service_certificates: ServiceCertificates) -> Registered:
    metadata, entity = read_as_written(xml, moment)
    findings = check(rules.RULES, Registration(metadata, service_certificates))
    for finding in errors(findings):
        raise MetadataRejected(MetadataReason.RECIPIENT, finding.where, finding.detail, rules.NO_CERTIFICATE.clause)
    return Registered(metadata, findings, check(by_the_book.RULES, Written(metadata, entity, moment)))
