"""Whatever is wrong, at whatever endpoint: an answer that protects, in words for people, and that tells nothing."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import pytest

from broker.web.app import create_app, create_back_channel
from tests.crawl.parties import Party, parties
from tests.crawl.rules import faults
from tests.crawl.sweep import SECRET, VALUE, Asked, broken, needs_a_token, nothing_sent, sweep
from tests.network import Network

# What says in a page of its own, with its form, that what was sent is too large.
OWN_WORDS = {
    "operator.inspector.inspect",
    "operator.service_providers.register",
    "operator.service_providers.remove",
}
# A form of the demo service provider is read where it is needed; a fault on the back channel is a SOAP fault.
NOT_READ, FAULT = {"pages.login", "pages.logout", "pages.consume_post"}, "back_channel.resolve"


@pytest.fixture(params=["broker", "broker over https", "back channel", "stub", "demo"])
def make_party(request: pytest.FixtureRequest, network: Network) -> Callable[[], Party]:
    """make_party(): a party that nobody else uses."""

    def make() -> Party:
        if request.param == "broker over https":
            base = "https://broker.test"
            addresses = replace(network.simulator.addresses, base=base)
            return Party("broker", base, create_app(replace(network.simulator, addresses=addresses)))
        if request.param == "back channel":
            return Party("broker", network.broker, create_back_channel(network.simulator))
        return next(party for party in parties(network) if party.name == request.param)

    return make


def told(asked: Asked) -> str:
    return asked.answer.body.decode()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_WEB_07_WEB_10_WEB_12_WEB_17_B24_whatever_is_wrong_with_a_request(
    make_party: Callable[[], Party], language: str
) -> None:
    found = list(sweep(make_party(), language))
    wrong = sorted({fault for item in found for fault in faults(item.answer)})
    assert not wrong, "\n".join(wrong)
    for item in found:
        status = item.answer.status
        match item.wrong:
            case "another method":
                assert status == 405, item
            case "too large" if item.endpoint not in NOT_READ | OWN_WORDS | {FAULT}:
                assert status == 413, item
        assert status < 500 or item.endpoint == FAULT, item
    assert {item.wrong for item in found} == {"nothing sent", "another method", "what may be asked", "too large"}


def test_WEB_04_no_endpoint_of_the_broker_takes_a_form_without_its_token(network: Network) -> None:
    broker = next(party for party in parties(network) if party.name == "broker")
    posted = [item for item in nothing_sent(broker, "nl") if needs_a_token(item)]
    assert {item.endpoint for item in posted} >= {"login.authenticate", "login.again", "login.choose", "login.cancel"}
    for item in posted:
        assert (item.answer.status, "EH-WEB-400" in told(item)) == (400, True), item


@pytest.mark.parametrize("language", ["nl", "en"])
def test_WEB_17_B24_whatever_is_wrong_with_the_party_itself(make_party: Callable[[], Party], language: str) -> None:
    found = list(broken(make_party(), language))
    wrong = sorted({fault for item in found for fault in faults(item.answer)})
    assert not wrong, "\n".join(wrong)
    assert found
    for item in found:
        assert item.answer.status == 500, item
        assert SECRET not in told(item)
        assert VALUE not in told(item)


def test_WEB_01_WEB_09_no_way_of_asking_leads_to_another_host(make_party: Callable[[], Party]) -> None:
    """Slashes too many, and a request that says it is for somebody else's host."""
    party = make_party()
    for rule in party.rules:
        path = party.path(rule)
        doubled = f"/{path[1:].replace('/', '//')}"
        for asked in (path, f"/{path}", f"{path}/", doubled, f"//evil.invalid{path}", f"/\\evil.invalid{path}"):
            said = {"PATH_INFO": asked, "HTTP_HOST": "evil.invalid", "HTTP_X_FORWARDED_HOST": "evil.invalid"}
            with party.app.test_client().get("/", environ_overrides=said) as got:
                to = urlsplit(urljoin(party.base + "/", got.headers.get("Location", "")))
                assert f"{to.scheme}://{to.netloc}" == party.base, asked
                assert "//evil.invalid" not in got.text, asked
