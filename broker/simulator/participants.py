"""The authentication services of the network, as the management organisation (BO) has signed them now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from broker.core.clock import Clock
from broker.core.current import Current
from broker.core.errors import NetworkExpired
from broker.core.in_force import Document
from broker.saml.keys import VerificationKey
from broker.saml.network import AuthenticationService, Network, read_network
from broker.store import sequences
from broker.store.database import Store, Transaction

_NAME: Final = "network"


class NetworkFile:
    """Network metadata in a file: verified, and never older than what was read of it or noted in the store before."""

    def __init__(self, path: Path, authority: Sequence[VerificationKey], clock: Clock, store: Store) -> None:
        """`authority`: the keys of the BO."""
        self._path, self._authority, self._clock, self._store = path, authority, clock, store
        self._sequence = 0

    def read(self) -> Network:
        """The network; raises `MetadataRejected`, `StoreUnavailable` or OSError."""
        known = max(self._sequence, self._store.read(noted))
        data = self._path.read_bytes()
        found = read_network(data, self._authority, self._clock(), minimum_sequence=known)
        self._sequence = found.sequence
        return replace(found, source=Document.of("network", data))


def noted(tx: Transaction) -> int:
    """The highest sequence number of network metadata that a broker of this store used; 0 for none."""
    return sequences.highest(tx, _NAME)


def note(tx: Transaction, network: Network) -> None:
    """Remember, over a restart too, that this network metadata is in use: an older one no longer counts."""
    sequences.note(tx, _NAME, network.sequence)


class AuthenticationServices(Mapping[str, AuthenticationService]):
    """Those of the network metadata, by EntityID; each use raises `NetworkExpired` once that is no longer valid."""

    def __init__(self, network: Current[Network], clock: Clock) -> None:
        self._network, self._clock = network, clock
        self._seen: tuple[Network, dict[str, AuthenticationService]] | None = None

    def __getitem__(self, entity_id: str) -> AuthenticationService:
        return self._now()[entity_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def _now(self) -> dict[str, AuthenticationService]:
        network = self._network.get()
        if self._clock() >= network.valid_until:
            raise NetworkExpired(f"the network metadata was valid until {network.valid_until.isoformat()}")
        if self._seen is None or self._seen[0] is not network:
            self._seen = (network, {item.entity_id: item for item in network.authentication_services})
        return self._seen[1]
