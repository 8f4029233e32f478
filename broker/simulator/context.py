"""The simulator as one value: everything a use case needs, composed once per process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from broker.core.administration.policy import RegisterPolicy
from broker.core.administration.trade_register import TradeRegister
from broker.core.catalogue import Catalogue
from broker.core.clock import Clock
from broker.core.conditions import Conditions
from broker.core.current import Current
from broker.core.identifiers import ServiceId
from broker.core.ids import Ids
from broker.core.in_force import Document
from broker.core.interface import CURRENT, InterfaceVersion
from broker.core.question import ChainPolicy
from broker.core.text import Text
from broker.rules.timing import Tolerance
from broker.saml.keys import Certificate, SigningKey
from broker.saml.network import AuthenticationService, Network
from broker.simulator.audit.heads import Notary
from broker.simulator.dialects import Dialects
from broker.simulator.module_party import ModuleParty
from broker.simulator.pseudonyms import PseudonymScope
from broker.simulator.registers import Register
from broker.simulator.service_providers import ServiceProviders
from broker.simulator.statuses import Statuses
from broker.simulator.tokens import ChoiceTokens
from broker.store.database import Store
from broker.tls import TlsFiles


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the broker listens, as other parties know it: the public address from settings, never a request header.

    `back_channel` is where artifacts are resolved with a client certificate; None when the broker does not use TLS.
    Service providers have addresses for each version of the interface: `at` gives those of another one.
    """

    base: str
    back_channel: str | None = None
    version: InterfaceVersion = CURRENT

    def at(self, version: InterfaceVersion) -> "Addresses":
        """The same for another version of the interface."""
        return replace(self, version=version)

    @property
    def sso(self) -> str:
        """Where service providers post an AuthnRequest."""
        return f"{self.base}/broker/sso/{self.version}"

    @property
    def consumer(self) -> str:
        """Where authentication services post their answer, whatever version the service provider uses."""
        return f"{self.base}/broker/acs/{CURRENT}"

    @property
    def resolution(self) -> str:
        """Where service providers resolve artifacts."""
        return f"{self.back_channel or self.base}/broker/ars/{self.version}"

    @property
    def logout(self) -> str:
        """Where service providers send a LogoutRequest, and authentication services their answer to ours."""
        return f"{self.base}/broker/slo/{self.version}"

    @property
    def metadata(self) -> str:
        """Where the broker's metadata for service providers is."""
        return f"{self.base}/broker/metadata/{self.version}"

    @property
    def module(self) -> str:
        """The Beheermodule."""
        return f"{self.base}/beheer"

    @property
    def module_consumer(self) -> str:
        """Where browsers bring the broker's artifacts for the Beheermodule."""
        return f"{self.module}/acs"


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long things last.

    A session of the Beheermodule ends after `module_session`, and after `module_idle` in which nothing was asked.
    """

    login: timedelta = timedelta(minutes=15)
    artifact: timedelta = timedelta(minutes=2)
    assertion: timedelta = timedelta(minutes=2)
    resolution: timedelta = timedelta(seconds=5)
    session: timedelta = timedelta(hours=24)
    module_session: timedelta = timedelta(hours=8)
    module_idle: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what messages said is kept, and how long and how many messages of unproven senders are."""

    bodies: timedelta = timedelta(days=365)
    untrusted: timedelta = timedelta(days=30)
    most_untrusted: int = 1000


@dataclass(frozen=True, slots=True)
class RegisterFiles:
    """The sample register, the secrets that internal pseudonyms and links of invitations follow from, and where the
    stub finds its people.
    """

    sample: Path
    secret: bytes
    links: bytes
    accounts: Path


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed over by SMTP, and in whose name."""

    host: str
    port: int
    sender: str
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Simulator:
    """Settings, keys, store, catalogue, clock and ids; no behaviour of its own. The use cases are the other modules.

    `strict` are the EntityIDs of the service providers that are held to the book; `tls` is for questions over https;
    `operator_area` tells whether there are pages to manage the simulator with.
    """

    addresses: Addresses
    entity_id: str
    name: Text
    own_key: Current[SigningKey]
    tls: TlsFiles
    intermediary_register: Register
    client_register: Register
    module: ModuleParty
    network: Current[Network]
    authentication_services: Mapping[str, AuthenticationService]
    catalogue: Catalogue
    catalogue_files: tuple[Document, ...]
    service_certificates: Mapping[ServiceId, tuple[Certificate, ...]]
    service_providers: ServiceProviders
    store: Store
    tokens: ChoiceTokens
    session_secret: bytes
    archive_key: bytes
    notary: Notary
    retention: Retention
    link_secret: bytes
    pseudonym_secret: bytes
    pseudonym_scope: PseudonymScope
    policy: ChainPolicy
    register_policy: RegisterPolicy
    register_files: RegisterFiles
    trade_register: TradeRegister
    mail_server: MailServer | None
    dialects: Dialects
    strict: frozenset[str]
    tolerance: Tolerance
    lifetimes: Lifetimes
    statuses: Statuses
    remember_choice: bool
    developer_drawer: bool
    operator_area: bool
    own_metadata: Mapping[InterfaceVersion, Current[Document]]
    conditions: Callable[[], Conditions]
    clock: Clock
    ids: Ids

    @property
    def signing(self) -> SigningKey:
        """What the broker signs with now."""
        return self.own_key.get()

    def metadata(self, version: InterfaceVersion) -> bytes:
        """The broker's signed metadata for service providers that use this version, as it is now."""
        return self.own_metadata[version].get().octets
