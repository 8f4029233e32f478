"""The broker in this process, with logins that wait for an answer and an artifact that waits to be resolved."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import sqlalchemy as sa

from broker.core.clock import system_clock
from broker.core.identifiers import Oin
from broker.core.ids import RandomIds
from broker.core.login import Login
from broker.saml import pki
from broker.saml.keys import SigningKey
from broker.settings import Settings
from broker.simulator import issuing
from broker.simulator.compose import compose, signing_key
from broker.simulator.context import Simulator
from broker.simulator.layout import Layout
from broker.simulator.parties import SCHEME_AUTHORITY
from broker.simulator.prepare import prepare
from broker.simulator.service_providers import register
from broker.store.database import Store, Transaction
from broker.store.tables import artifacts, claims, pending_logins
from idp_stub.statements import Issuer
from tests import second_service
from tests.requester import Pair, Requester
from tests.simulator.journey import BROWSER, Form, Journey, Stub

CHECKOUT = Path(__file__).parents[2]
ATTACKER = pki.Party("attacker", "Aanvaller (test)", Oin("00000099000000110000"))
ASKER = pki.Party("asker", "Aanvrager (test)", Oin("00000099000000110000"))
OTHER_ASKER = pki.Party("other_asker", "Andere aanvrager (test)", Oin("00000099000000120000"))

Result = TypeVar("Result")
Rows = tuple[tuple[object, ...], ...]
# As texts: this is asked after every mutant, and what the columns mean does not matter.
_EVERYTHING = [str(sa.select(table).order_by(*table.primary_key)) for table in (claims, pending_logins, artifacts)]


class SameIds:
    """The same id each time: what the broker makes of a message then depends on the message alone."""

    def message_id(self) -> str:
        return "_" + "5" * 32

    def transient(self) -> str:
        return "5" * 64

    def handle(self) -> bytes:
        return b"5" * 20

    def token(self) -> str:
        return "5" * 32

    def within(self, *_step: str) -> "SameIds":
        return self


@dataclass(frozen=True, slots=True)
class ForgetfulStore(Store):
    """The real store, in which every transaction is undone once it has told what it changed.

    `told` gets the rows that there would have been.
    """

    told: list[Rows]

    def write(self, work: Callable[[Transaction], Result]) -> Result:
        with self.writer.connect() as tx:
            try:
                result = work(tx)
                self.told.append(rows(tx))
                return result
            finally:
                tx.rollback()


def rows(tx: Transaction) -> Rows:
    """Everything that messages may change."""
    return tuple(tuple(row) for everything in _EVERYTHING for row in tx.exec_driver_sql(everything))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A login at the authentication service: its ID, and the form that asks."""

    login: Login
    asked: Form


@dataclass(frozen=True, slots=True)
class World:
    """The broker (`simulator`, which forgets), the parties around it, and what waits.

    `first` and `second` are logins of two service providers, `artifact` an answer for the service provider `asker`.
    """

    simulator: Simulator
    stub: Stub
    second_stub: Issuer
    asker: Requester
    asker_key: SigningKey
    other_asker: Requester
    other_asker_key: SigningKey
    authority: SigningKey
    attacker: SigningKey
    network_metadata: bytes
    first: Waiting
    second: Waiting
    artifact: str

    @property
    def moment(self) -> datetime:
        """The one moment at which everything happens."""
        return self.simulator.clock()

    @property
    def told(self) -> list[Rows]:
        """What the last messages changed."""
        store = self.simulator.store
        return store.told if isinstance(store, ForgetfulStore) else []


@contextmanager
def world(folder: Path, installation: Path) -> Iterator[World]:
    """A world below `folder`, from a copy of `installation` (see `tests.network.make_installation`)."""
    shutil.copytree(installation, folder, dirs_exist_ok=True)
    moment = system_clock()
    settings = _settings(folder)
    prepare(settings, lambda: moment, RandomIds())
    layout = Layout.of(settings)
    second_service.join(layout, "http://127.0.0.1:1", lambda: moment)
    simulator = compose(settings, lambda: moment, RandomIds())
    with closing(simulator.store):
        yield _peopled(simulator, settings, layout)


def _settings(folder: Path) -> Settings:
    return Settings(
        paths={
            "certs": folder / "certs",
            "state": folder / "var",
            "catalogues": [CHECKOUT / "metadata" / "service-catalogue.xml"],
            "sample_register": CHECKOUT / "metadata" / "sample-register.yaml",
            "trade_register": CHECKOUT / "metadata" / "trade-register.yaml",
        }
    )


def _peopled(simulator: Simulator, settings: Settings, layout: Layout) -> World:
    pki.ensure(layout.certs, (ATTACKER, ASKER, OTHER_ASKER), simulator.clock())
    asker, other = (_requester(simulator, layout, party) for party in (ASKER, OTHER_ASKER))
    stub = Stub.of(settings, simulator)
    first, second = Journey(simulator, stub, asker), Journey(simulator, stub, other)
    artifact = _artifact(first)
    return World(
        first=_waiting(first),
        second=_waiting(second),
        simulator=replace(simulator, store=_forgetful(simulator.store), ids=SameIds()),
        stub=stub,
        second_stub=Issuer(
            second_service.ENTITY_ID,
            signing_key(layout, second_service.PARTY.folder),
            simulator.intermediary_register.recipient,
        ),
        asker=asker,
        asker_key=signing_key(layout, ASKER.folder),
        other_asker=other,
        other_asker_key=signing_key(layout, OTHER_ASKER.folder),
        authority=signing_key(layout, SCHEME_AUTHORITY.folder),
        attacker=signing_key(layout, ATTACKER.folder),
        network_metadata=layout.network_metadata.read_bytes(),
        artifact=artifact,
    )


def _forgetful(store: Store) -> ForgetfulStore:
    return ForgetfulStore(store.reader, store.writer, [])


def _requester(simulator: Simulator, layout: Layout, party: pki.Party) -> Requester:
    made = Requester(
        entity_id=f"urn:etoegang:DV:{party.oin}:entities:9055",
        signing=Pair.load(layout.certs / party.folder, "signing"),
        encryption=Pair.load(layout.certs / party.folder, "encryption"),
        consumer=f"http://127.0.0.1:1/acs/{party.folder}",
        services={9001: f"urn:etoegang:DV:{party.oin}:services:9001"},
        resolutions={0: f"http://127.0.0.1:1/ars/{party.folder}"},
    )
    register(simulator.store, made.metadata(), simulator.clock(), simulator.service_certificates)
    return made


def _waiting(journey: Journey) -> Waiting:
    login = journey.begin()
    return Waiting(login, journey.ask(login))


def _artifact(journey: Journey) -> str:
    """A complete login, up to the artifact."""
    login = journey.at_the_list()
    delivery = issuing.issue(journey.simulator, login.id, BROWSER, journey.token(login, ""))
    if isinstance(delivery, issuing.Refused):
        raise LookupError(f"the sample data have nobody to log in for: {delivery}")
    return parse_qs(urlsplit(delivery.location).query)["SAMLart"][0]
