"""What belongs to somebody is there for nobody else, at whatever address it is reached (WEB-13)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from werkzeug.routing import Rule

from broker.core.administration.batch_file import COLUMNS
from broker.simulator.administration import batch_upload
from broker.simulator.administration.possibilities import Possibility
from broker.store.administration.tables import events
from broker.store.tables import chain_mandates, mandate_couplings
from broker.web.management.mandates import COUPLING_CHANGES, PLACES
from tests.crawl.parties import IMPLIED, Party, parties
from tests.flow.steps import enter_module
from tests.interop.driver import Browser
from tests.network import Network, running_network
from tests.requester import Requester
from tests.simulator.administration.people import make_manager
from tests.simulator.administration.requests import TWO_OF_THREE, invite
from tests.simulator.answering import PendingLogin, begin, inputs

# What differs between two answers that are alike: the number of an incident, and the tokens of forms.
OWN = re.compile(r'\b[0-9a-f]{12}\b|name="csrf_token" value="[^"]*"')
WHAT = {"change": next(iter(COUPLING_CHANGES)), "place": PLACES[Possibility.REVOKE]}
FIELDS = {"choice": "x", "pin": "x", "version": "1", "email": "x@klant.example", "means": "noor-eh3"}
"""What forms ask, filled in well: it is the address that is somebody else's."""
RECEIVED = "management.received_invitation"


@dataclass(frozen=True)
class Stranger:
    """A browser that has what such addresses need, for something of its own."""

    ask: Callable[..., requests.Response]
    token: str


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """A network in which the office invited the glass works, and took in a file."""
    with running_network(tmp_path_factory.mktemp("several"), demo=False, installation=installation) as running:
        yield running


@pytest.fixture(scope="module")
def somebody(several: Network, make_requester: Callable[..., Requester]) -> PendingLogin:
    """Somebody who waits at the list."""
    login = begin(several, make_requester(several))
    login.follow(login.post(login.answer()))
    return login


@pytest.fixture(scope="module")
def theirs(several: Network, somebody: PendingLogin) -> Mapping[str, str]:
    """What addresses can name that is somebody else's: a login, and what the accountant's office has."""
    coupling, sim = mandate_couplings.c, several.simulator
    wanted = (
        sa.select(coupling.id, coupling.mandate_id, chain_mandates.c.grantor_id)
        .join(chain_mandates, chain_mandates.c.id == coupling.mandate_id)
        .where(coupling.means_id == "fleur-eh3")
        .limit(1)
    )
    coupling_id, mandate_id, client_id = sim.store.read(lambda tx: tx.execute(wanted).one())
    fleur = make_manager(sim)
    invitation, _ = invite(sim, fleur, TWO_OF_THREE)
    batch = batch_upload.upload(sim, fleur, BytesIO(f"{';'.join(COLUMNS)}\nx;;;;;;;".encode()), "clients.csv")
    return {
        "login_id": somebody.login_id,
        "coupling_id": coupling_id,
        "mandate_id": mandate_id,
        "client_id": client_id,
        "invitation_id": invitation.id,
        "batch_id": batch.id,
    }


@pytest.fixture(scope="module")
def strangers(several: Network, make_requester: Callable[..., Requester]) -> Iterator[Mapping[str, Stranger]]:
    """By the beginning of the address: somebody with a login of their own, and a manager of the payroll office."""
    login = begin(several, make_requester(several))
    page = login.follow(login.post(login.answer()))
    with Browser() as browser:
        overview = enter_module(browser, several, "Noor Proef")
        yield {
            "/login/": Stranger(login.browser.request, inputs(page)["csrf_token"]),
            "/beheer/": Stranger(sender(browser, overview.url), inputs(overview.response)["csrf_token"]),
        }


def sender(browser: Browser, come_from: str) -> Callable[..., requests.Response]:
    """What `requests` has, for a browser that is on a page."""

    def send(method: str, url: str, data: Mapping[str, str] | None, **_: object) -> requests.Response:
        return browser._send(method, url, list((data or {}).items()), come_from)

    return send


@pytest.fixture(scope="module")
def broker(several: Network) -> Party:
    """The broker's routing table."""
    return next(party for party in parties(several) if party.name == "broker")


def naming(broker: Party, *begins: str) -> list[Rule]:
    """The addresses that begin so and name something."""
    return [rule for rule in broker.rules if "<" in rule.rule and rule.rule.startswith(begins)]


def happened(several: Network) -> int:
    """How many events there were."""
    return several.simulator.store.read(lambda tx: tx.scalar(sa.select(sa.func.count()).select_from(events)))


def test_WEB_13_WEB_18_what_is_somebody_elses_does_not_exist(
    several: Network, broker: Party, theirs: Mapping[str, str], strangers: Mapping[str, Stranger]
) -> None:
    """For each address that names something: the answer is the one for what never was, in all but its own number."""
    nobodys = {name: "x" * len(value) for name, value in theirs.items()}
    rules = naming(broker, *strangers)
    asked = [(rule, method) for rule in rules for method in sorted((rule.methods or set()) - IMPLIED)]
    assert len(asked) > 4
    before = happened(several)
    for rule, method in asked:
        assert rule.arguments <= theirs.keys() | WHAT.keys(), f"{rule}: say above what of somebody else's it can name"
        stranger = next(other for begins, other in strangers.items() if rule.rule.startswith(begins))
        sent = {"csrf_token": stranger.token, **FIELDS} if method == "POST" else None
        looks = set()
        for values in (theirs, nobodys):
            address = several.broker + broker.path(rule, **values, **WHAT)
            answer = stranger.ask(method, address, data=sent, allow_redirects=False, timeout=30)
            text = answer.text.replace(address.removeprefix(several.broker), "")
            looks.add((answer.status_code, OWN.sub("", text)))
        assert {status for status, _ in looks} == {404}, (rule, "found; or say above which fields it needs")
        assert len(looks) == 1, rule
    assert happened(several) == before


def test_WEB_13_to_the_one_it_belongs_to_it_is_there(
    several: Network, broker: Party, somebody: PendingLogin, theirs: Mapping[str, str]
) -> None:
    page = somebody.browser.get(f"{several.broker}/login/{somebody.login_id}", timeout=30)
    assert page.status_code == 200
    assert "Glasblazerij Zeepbel" in page.text
    with Browser() as office, Browser() as client:
        enter_module(office, several, "Fleur Voorbeeld")
        enter_module(client, several, "Gijs Glas")
        rules = [rule for rule in naming(broker, "/beheer/") if "GET" in (rule.methods or ())]
        assert RECEIVED in {rule.endpoint for rule in rules}
        for rule in rules:
            owner = client if rule.endpoint == RECEIVED else office
            found = owner.open(several.broker + broker.path(rule, **theirs, **WHAT))
            assert found.status != 404, rule
