"""The table of HTTP endpoints is the routing table of the three applications, and addresses in the text answer."""

import re
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map

from broker.settings import Settings
from broker.simulator.layout import Layout
from broker.web.api.app import described
from broker.web.app import create_app, create_back_channel
from idp_stub.app import create_app as create_stub
from sp_demo.app import create_app as create_demo
from tests.docs.pages import PAGES, Page, read
from tests.network import Network

IMPLIED = {"HEAD", "OPTIONS"}
# An application of its own, whose calls are in docs/api.md; and where tenants are.
API = {re.sub(r"{[^}]+}", "<>", path) for path in described()["paths"]}
API |= {"/api", "/api/v1", "/api/openapi.json", "/t/<>", "/t/<>/api/v1"}


@pytest.fixture(scope="module")
def routes(network: Network) -> dict[str, Map]:
    layout = Layout.of(network.settings)
    return {
        "broker": create_app(network.simulator).url_map,
        "back channel": create_back_channel(network.simulator).url_map,
        "stub": create_stub(layout.stub_config).url_map,
        "demo": create_demo(layout.demo_config).url_map,
    }


def test_the_table_of_endpoints_is_complete_and_true(routes: dict[str, Map]) -> None:
    told = [
        (party, method, path.strip("`"))
        for party, method, path, _ in read("docs/architecture.md").rows("HTTP endpoints")
    ]
    there = {
        (party, method, rule.rule)
        for party, found in routes.items()
        for rule in found.iter_rules()
        for method in (rule.methods or set()) - IMPLIED
    }
    assert len(told) == len(set(told))
    assert set(told) == there


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_in_the_text_are_endpoints(page: Page, routes: dict[str, Map]) -> None:
    known = {_plain(rule.rule) for found in routes.values() for rule in found.iter_rules()} | API
    named = {span.partition("?")[0] for span in page.spans if re.match(r"/\w*", span)}
    assert {path for path in named if _plain(path) not in known} == set()


def _plain(path: str) -> str:
    return re.sub(r"<[^>]+>", "<>", path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_addresses_in_the_text_answer(page: Page, routes: dict[str, Map]) -> None:
    parties = {urlsplit(Settings.model_fields[party.replace(" ", "_")].default.url).netloc: party for party in routes}
    for address in re.findall(r"https?://(?:localhost|127\.0\.0\.1):808\d[^\s`)\"']*", page.text):
        parts = urlsplit(address)
        party = parties.get(parts.netloc)
        assert party, f"{address}: nobody listens there"
        if party == "broker" and parts.path in API:
            continue
        try:
            routes[party].bind("").match(parts.path or "/", method="GET")
        except MethodNotAllowed:
            pass
        except NotFound:
            pytest.fail(f"{address}: no such path")
