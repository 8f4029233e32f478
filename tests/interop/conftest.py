"""Service providers to log in with, and brokers to log in at: the wire broker and this project's own."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.network import Network

from .driver import Browser
from .harness import DjangoSp, SpFacts, StartDjangoSp, running_django_sp
from .real_broker import PLAIN_NAME, broker_for
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
