"""Registered service providers: their metadata in the store, parsed anew for each version and now and then."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from broker.saml.metadata import ServiceProviderMetadata, read_service_provider
from broker.store import documents
from broker.store.database import Store, Transaction

_KIND = "service_provider"
# Metadata that was fine may have expired since.
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
        document = documents.find(tx, _KIND, entity_id)
        if document is None:
            return None
        known = self._parsed.get(entity_id)
        if known is None or known.sha256 != document.sha256 or not known.moment <= moment < known.moment + _FRESH:
            known = _Parsed(document.sha256, moment, read_service_provider(document.xml, moment))
            self._parsed[entity_id] = known
        return known.metadata


def register(store: Store, xml: bytes, moment: datetime) -> ServiceProviderMetadata:
    """Check and register metadata of a service provider, replacing what it registered before.

    Raises `MetadataRejected` for what the broker could not work with; then nothing changes.
    """
    metadata = read_service_provider(xml, moment)
    store.write(lambda tx: documents.put(tx, _KIND, metadata.entity_id, xml, moment))
    return metadata
