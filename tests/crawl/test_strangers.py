"""What belongs to somebody is there for nobody else, at whatever address it is reached (WEB-13)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
import requests
import sqlalchemy as sa

from broker.simulator.administration.possibilities import Possibility
from broker.store.tables import chain_mandates, mandate_couplings
from broker.web.management.mandates import COUPLING_CHANGES, PLACES
from tests.crawl.parties import IMPLIED, parties
from tests.flow.steps import enter_module
from tests.interop.driver import Browser
from tests.network import Network
from tests.requester import Requester
from tests.simulator.answering import PendingLogin, begin, inputs

# What differs between two answers that are alike: the number of an incident, and the tokens of forms.
OWN = re.compile(r'\b[0-9a-f]{12}\b|name="csrf_token" value="[^"]*"')
WHAT = {"change": next(iter(COUPLING_CHANGES)), "place": PLACES[Possibility.REVOKE]}
# Nobody has one here: that those of others do not exist is shown where they are made.
NONE_HERE = {"invitation_id": "x" * 32, "batch_id": "x" * 32}


@dataclass(frozen=True)
class Stranger:
    """A browser that has what such addresses need, for something of its own."""

    ask: Callable[..., requests.Response]
    token: str


@pytest.fixture(scope="module")
def somebody(network: Network, make_requester: Callable[..., Requester]) -> PendingLogin:
    """Somebody who waits at the list."""
    login = begin(network, make_requester(network))
    login.follow(login.post(login.answer()))
    return login


@pytest.fixture(scope="module")
def theirs(network: Network, somebody: PendingLogin) -> Mapping[str, str]:
    """What addresses can name that is somebody else's: a login, and a chain of the payroll office."""
    coupling = mandate_couplings.c
    wanted = (
        sa.select(coupling.id, coupling.mandate_id, chain_mandates.c.grantor_id)
        .join(chain_mandates, chain_mandates.c.id == coupling.mandate_id)
        .where(coupling.means_id == "noor-eh3")
        .limit(1)
    )
    coupling_id, mandate_id, client_id = network.simulator.store.read(lambda tx: tx.execute(wanted).one())
    of_register = {"coupling_id": coupling_id, "mandate_id": mandate_id, "client_id": client_id}
    return {"login_id": somebody.login_id, **of_register}


@pytest.fixture(scope="module")
def strangers(network: Network, make_requester: Callable[..., Requester]) -> Iterator[Mapping[str, Stranger]]:
    """By the beginning of the address: somebody with a login of their own, and a manager of the accountant's office."""
    login = begin(network, make_requester(network))
    page = login.follow(login.post(login.answer()))
    with Browser() as browser:
        overview = enter_module(browser, network, "Fleur Voorbeeld")
        yield {
            "/login/": Stranger(login.browser.request, inputs(page)["csrf_token"]),
            "/beheer/": Stranger(sender(browser, overview.url), inputs(overview.response)["csrf_token"]),
        }


def sender(browser: Browser, come_from: str) -> Callable[..., requests.Response]:
    """What `requests` has, for a browser that is on a page."""

    def send(method: str, url: str, data: Mapping[str, str] | None, **_: object) -> requests.Response:
        return browser._send(method, url, list((data or {}).items()), come_from)

    return send


def test_WEB_13_WEB_18_what_is_somebody_elses_does_not_exist(
    network: Network, theirs: Mapping[str, str], strangers: Mapping[str, Stranger]
) -> None:
    """For each address that names something: the answer is the one for what never was, in all but its own number."""
    nobodys = {name: "x" * len(value) for name, value in theirs.items()}
    broker = next(party for party in parties(network) if party.name == "broker")
    rules = [rule for rule in broker.rules if "<" in rule.rule and rule.rule.startswith(tuple(strangers))]
    asked = [(rule, method) for rule in rules for method in sorted((rule.methods or set()) - IMPLIED)]
    assert len(asked) > 4
    for rule, method in asked:
        assert rule.arguments <= theirs.keys() | WHAT.keys() | NONE_HERE.keys(), (
            f"{rule}: say above what of somebody else's it can name"
        )
        stranger = next(other for begins, other in strangers.items() if rule.rule.startswith(begins))
        sent = {"csrf_token": stranger.token, "choice": "x", "pin": "x"} if method == "POST" else None
        looks = set()
        for values in (theirs, nobodys):
            address = network.broker + broker.path(rule, **values, **WHAT, **NONE_HERE)
            answer = stranger.ask(method, address, data=sent, allow_redirects=False, timeout=30)
            text = answer.text.replace(address.removeprefix(network.broker), "")
            looks.add((answer.status_code, OWN.sub("", text)))
        assert {status for status, _ in looks} == {404}, (rule, "say above which fields it needs")
        assert len(looks) == 1, rule


def test_WEB_13_to_the_one_it_belongs_to_it_is_there(network: Network, somebody: PendingLogin) -> None:
    page = somebody.browser.get(f"{network.broker}/login/{somebody.login_id}", timeout=30)
    assert page.status_code == 200
    assert "Glasblazerij Zeepbel" in page.text
