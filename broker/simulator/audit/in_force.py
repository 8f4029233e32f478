"""What was in force when something happened in a login: metadata of everybody in it, and the service catalogue.

An event names it all by one digest, that of a list. The list and what it names are kept in the transaction of the
event, unless they are there: between two changes of metadata or catalogue that is one look at an index.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from broker.core.administration.events import state_of
from broker.core.catalogue import Service
from broker.core.identifiers import ServiceId
from broker.core.in_force import LISTING, Document, digests_of, listed_in, listing_of
from broker.simulator import service_providers
from broker.simulator.context import Simulator
from broker.store import documents
from broker.store.administration.events import RecordedEvent
from broker.store.audit import in_force
from broker.store.audit.in_force import Altered
from broker.store.database import Transaction

SERVICE_PROVIDER: Final = "service-provider"
SERVICE: Final = "service"


@dataclass(frozen=True, slots=True)
class InForce:
    """A list, and the documents that it names."""

    listing: Document
    documents: tuple[Document, ...]


def keep(sim: Simulator, tx: Transaction, service_provider: str, service_id: str = "") -> str:
    """Keep what is in force now for a login at this service provider, as far as it is not kept; gives its digest."""
    known = digests_of(_of_installation(sim, service_id))
    registered = documents.digest(tx, service_providers.KIND, service_provider)
    named = known if registered is None else {**known, SERVICE_PROVIDER: registered}
    listing = listing_of(named)
    if not in_force.is_kept(tx, listing.sha256):
        now = of_moment(sim, tx, service_provider, service_id)
        in_force.keep(tx, (now.listing, *now.documents))
    return listing.sha256


def of_moment(sim: Simulator, tx: Transaction, service_provider: str, service_id: str = "") -> InForce:
    """What is in force now."""
    found = _of_installation(sim, service_id)
    registered = documents.find(tx, service_providers.KIND, service_provider)
    if registered is not None:
        found = (*found, Document.of(SERVICE_PROVIDER, registered.xml))
    return InForce(listing_of(digests_of(found)), found)


def named_by(event: RecordedEvent) -> str | None:
    """The digest of what was in force at an event; None for one of before that was kept."""
    named: str | None = (event.content["after"] or {}).get("in_force")
    return named


def kept(tx: Transaction, digest: str) -> InForce:
    """What has this digest; raises `Altered`."""
    listing = in_force.get(tx, digest)
    return InForce(listing, tuple(in_force.get(tx, one) for one in listed_in(listing).values()))


def problems(tx: Transaction) -> tuple[int, tuple[str, ...]]:
    """How many documents are kept, and what is wrong with them, a line each that names one."""
    kept, named, wrong = set(), set(), []
    for digest in in_force.all_digests(tx):
        kept.add(digest)
        try:
            found = in_force.get(tx, digest)
        except Altered as altered:
            wrong.append(str(altered))
        else:
            named |= set(listed_in(found).values()) if found.name == LISTING else set()
    missing = (f"document {digest}: is missing" for digest in sorted(named - kept))
    return len(kept), (*wrong, *missing)


def _of_installation(sim: Simulator, service_id: str) -> tuple[Document, ...]:
    """All but the metadata of the service provider, which is in the store."""
    network = sim.network.get().source
    service = sim.catalogue.services.get(ServiceId(service_id)) if service_id else None
    return (
        *(() if network is None else (network,)),
        *(metadata.get() for metadata in sim.own_metadata.values()),
        *sim.catalogue_files,
        *(() if service is None else (_entry(service),)),
    )


@lru_cache(maxsize=1024)
def _entry(service: Service) -> Document:
    """A service as the broker understood the catalogue and the settings about it."""
    return Document.of(SERVICE, json.dumps(state_of(service), sort_keys=True, ensure_ascii=False, indent=1).encode())
