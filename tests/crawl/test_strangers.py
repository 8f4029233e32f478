"""What belongs to somebody is there for nobody else, at whatever address it is reached (WEB-13)."""

import re
from collections.abc import Callable

import pytest
import requests

from tests.crawl.parties import IMPLIED, parties
from tests.network import Network
from tests.requester import Requester
from tests.simulator.answering import PendingLogin, begin, inputs


@pytest.fixture(scope="module")
def somebody(network: Network, make_requester: Callable[..., Requester]) -> PendingLogin:
    """Somebody who waits at the list."""
    login = begin(network, make_requester(network))
    login.follow(login.post(login.answer()))
    return login


@pytest.fixture(scope="module")
def stranger(network: Network, make_requester: Callable[..., Requester]) -> tuple[requests.Session, str]:
    """A browser with a login and a form of its own."""
    login = begin(network, make_requester(network))
    page = login.follow(login.post(login.answer()))
    return login.browser, inputs(page)["csrf_token"]


def test_WEB_13_WEB_18_what_is_somebody_elses_does_not_exist(
    network: Network, somebody: PendingLogin, stranger: tuple[requests.Session, str]
) -> None:
    """For each address that names something: the answer is the one for what never was, in all but its own number."""
    theirs = {"login_id": somebody.login_id}
    nobodys = {"login_id": "x" * len(somebody.login_id)}
    broker = next(party for party in parties(network) if party.name == "broker")
    rules = [rule for rule in broker.rules if rule.arguments and rule.endpoint != "static"]
    asked = [(rule, method) for rule in rules for method in sorted((rule.methods or set()) - IMPLIED)]
    assert len(asked) > 4
    browser, token = stranger
    for rule, method in asked:
        assert rule.arguments <= theirs.keys(), f"{rule}: say above what of somebody else's it can name"
        looks = set()
        for values in (theirs, nobodys):
            path = broker.app.url_map.bind("").build(rule.endpoint, {name: values[name] for name in rule.arguments})
            sent = {"csrf_token": token, "choice": "x"} if method == "POST" else None
            answer = browser.request(method, network.broker + path, data=sent, allow_redirects=False, timeout=30)
            looks.add((answer.status_code, re.sub(r"\b[0-9a-f]{12}\b", "", answer.text)))
        assert len(looks) == 1, rule
        assert looks.pop()[0] == 404, rule


def test_WEB_13_to_the_one_it_belongs_to_it_is_there(network: Network, somebody: PendingLogin) -> None:
    page = somebody.browser.get(f"{network.broker}/login/{somebody.login_id}", timeout=30)
    assert page.status_code == 200
    assert "Glasblazerij Zeepbel" in page.text
