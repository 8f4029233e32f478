"""The authentication services of the network, as the management organisation (BO) has signed them now."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from broker.core.clock import Clock
from broker.core.current import Current
from broker.core.errors import NetworkExpired
from broker.saml.keys import VerificationKey
from broker.saml.network import AuthenticationService, Network, read_network


class NetworkFile:
    """Network metadata in a file: verified, and never older than what was read of it before."""

    def __init__(self, path: Path, authority: Sequence[VerificationKey], clock: Clock) -> None:
        """`authority`: the keys of the BO."""
        self._path, self._authority, self._clock = path, authority, clock
        self._sequence = 0

    def read(self) -> Network:
        """The network; raises `MetadataRejected` or OSError."""
        found = read_network(self._path.read_bytes(), self._authority, self._clock(), minimum_sequence=self._sequence)
        self._sequence = found.sequence
        return found


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
