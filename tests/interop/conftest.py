"""Service providers to log in with, and brokers to log in at: the wire broker and this project's own."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from broker.simulator.parties import BROKER
from tests.network import Network, register_at, running_network
from tests.ports import free_ports
from tests.requester import Pair

from .client import DIALECTS, MELLON, NODE_SAML, SIMPLESAMLPHP, Client, Configuration
from .driver import Browser
from .harness import DjangoSp, SpFacts, StartDjangoSp, running_django_sp
from .mellon import running_mellon
from .node_saml import running_node_saml
from .real_broker import PLAIN_NAME, broker_for
from .simplesamlphp import running_simplesamlphp
from .spoiling import Line
from .visit import LogIn, Visit
from .visitor import Visitor
from .wire.broker import Plan, WireBroker
from .wire.crypto import Party
from .wire.messages import Chain, ServiceProvider
from .wire.server import serving


@pytest.fixture(scope="session")
def start_django_sp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartDjangoSp]:
    """A function that starts a Django service provider; all are stopped at the end."""
    with ExitStack() as running:

        def start(facts: SpFacts | None = None) -> DjangoSp:
            return running.enter_context(running_django_sp(tmp_path_factory.mktemp("django_sp"), facts))

        yield start


@pytest.fixture(scope="session")
def django_sp(start_django_sp: StartDjangoSp) -> DjangoSp:
    """The Django service provider that knows no broker until a test or fixture gives it one."""
    return start_django_sp()


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A fresh browser."""
    with Browser() as fresh:
        yield fresh


@pytest.fixture(scope="session")
def chain() -> Chain:
    """An intermediary and its client, with KVK's fictitious numbers, and four parties with fresh keys."""
    return Chain(
        client_kvk="90004760",
        client_rsin="857587973",
        intermediary_kvk="68750110",
        broker=Party.make("urn:etoegang:HM:00000099000000010000:entities:9001"),
        authentication_service=Party.make("urn:etoegang:AD:00000099000000020000:entities:9001"),
        intermediary_register=Party.make("urn:etoegang:MR:00000099000000030000:entities:9001"),
        client_register=Party.make("urn:etoegang:MR:00000099000000040000:entities:9002"),
    )


@pytest.fixture
def wire(django_sp: DjangoSp, chain: Chain) -> Iterator[WireBroker]:
    """A wire broker that `django_sp` is registered at and has the metadata of."""
    broker = WireBroker(chain, ServiceProvider.read(django_sp.metadata, django_sp.catalogue))
    with serving(broker):
        django_sp.use_broker(f"{broker.url}/metadata")
        yield broker


@pytest.fixture
def log_in(django_sp: DjangoSp, wire: WireBroker, browser: Browser) -> LogIn:
    """A function that logs in at the wire broker according to a plan."""

    def attempt(plan: Plan | None = None, **start: str | None) -> Visit:
        wire.plan = plan or Plan()
        before = django_sp.log.stat().st_size
        django_sp.use_broker(f"{wire.url}/metadata")
        page = browser.open(django_sp.login_url(**start))
        if page.status == 200:
            page = browser.submit(page.form())
        return Visit(page, django_sp.log.read_bytes()[before:].decode())

    return attempt


@pytest.fixture(scope="session")
def real_broker(django_sp: DjangoSp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """This project's broker with sample data, that `django_sp` is registered at; tests leave its register as it is."""
    with broker_for(django_sp, tmp_path_factory.mktemp("real_broker"), PLAIN_NAME) as network:
        yield network


@pytest.fixture
def visitor(django_sp: DjangoSp, real_broker: Network, browser: Browser) -> Visitor:
    """Somebody with a fresh browser at `django_sp`, which uses `real_broker`."""
    django_sp.use_broker(real_broker.simulator.addresses.metadata)
    return Visitor(browser, django_sp)


@pytest.fixture(scope="session")
def line() -> Line:
    """Between `broker_of_dialects` and the service providers that resolve artifacts there."""
    return Line()


@pytest.fixture(scope="session")
def broker_of_dialects(line: Line, installation: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """This project's broker with sample data, that answers each site of each client in the site's dialect."""
    sites = [site for client in (MELLON, SIMPLESAMLPHP, NODE_SAML) for site in client.values()]
    folder = tmp_path_factory.mktemp("broker_of_dialects")
    options = {site.entity_id: dict(DIALECTS[site.name]) for site in sites}
    with running_network(
        folder, demo=False, installation=installation, line=line, service_providers=options
    ) as network:
        yield network


@pytest.fixture(scope="session")
def configuration(
    broker_of_dialects: Network, requester_keys: dict[str, dict[str, Pair]], tmp_path_factory: pytest.TempPathFactory
) -> Configuration:
    """For any client: the broker's own metadata, as it publishes it. The port is taken anew for each."""
    metadata = tmp_path_factory.mktemp("broker_metadata") / "broker.xml"
    metadata.write_bytes(requests.get(broker_of_dialects.simulator.addresses.metadata, timeout=30).content)
    return Configuration(metadata, BROKER.entity_id, requester_keys["one"]["signing"], port=0)


def _registered(client: Client, network: Network) -> Client:
    """`client`, after the broker read the metadata that each of its sites publishes."""
    for site in client.sites.values():
        register_at(network, requests.get(client.metadata_url(site), timeout=30).content)
    return client


@pytest.fixture(scope="session")
def mellon(configuration: Configuration, broker_of_dialects: Network) -> Iterator[Client]:
    """Apache httpd with mod_auth_mellon."""
    with running_mellon(replace(configuration, port=free_ports(1)[0])) as client:
        yield _registered(client, broker_of_dialects)


@pytest.fixture(scope="session")
def simplesamlphp(configuration: Configuration, broker_of_dialects: Network) -> Iterator[Client]:
    """SimpleSAMLphp."""
    with running_simplesamlphp(replace(configuration, port=free_ports(1)[0])) as client:
        yield _registered(client, broker_of_dialects)


@pytest.fixture(scope="session")
def node_saml(configuration: Configuration, broker_of_dialects: Network) -> Iterator[Client]:
    """A service provider with node-saml."""
    with running_node_saml(replace(configuration, port=free_ports(1)[0])) as client:
        yield _registered(client, broker_of_dialects)
