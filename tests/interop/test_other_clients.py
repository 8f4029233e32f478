"""Service providers in C, PHP and JavaScript, unmodified, at this project's broker: what docs/interop.md tells."""

from dataclasses import replace

import pytest
import requests

from broker import headless
from broker.rules import refused_metadata
from broker.saml.faults import MetadataRejected
from tests.network import Network, register_at

from . import screens
from .client import Client, Told
from .driver import Browser
from .page import NotOnPage, Page
from .spoiling import Line, Spoil, raised_level, unsigned

CLIENT = "Glasblazerij Zeepbel N.V."
OFFICE = "Administratiekantoor Papiermolen B.V."
LEVEL = "urn:etoegang:core:assurance-class:loa3"

ALL = Told("68727720", "000010029", "68750110", OFFICE, LEVEL)
NOT_THE_NAME = replace(ALL, intermediary_name=None)
NOTHING_ENCRYPTED = replace(NOT_THE_NAME, kvk=None, rsin=None)

READ = {
    ("mellon", "1-13"): NOTHING_ENCRYPTED,
    ("mellon", "1-11"): NOT_THE_NAME,
    ("mellon", "flat"): ALL,
    ("simplesamlphp", "1-13"): ALL,
    ("simplesamlphp", "1-11"): NOT_THE_NAME,
    ("simplesamlphp", "flat"): ALL,
    ("node_saml", "1-13"): ALL,
    ("node_saml", "1-11"): NOT_THE_NAME,
    ("node_saml", "flat"): ALL,
}
"""What each client reads of a login on behalf of a client, by dialect. 1.11 does not give the intermediary's name."""


@pytest.fixture
def client(request: pytest.FixtureRequest) -> Client:
    """The client that the test is about; only that one is started."""
    return request.getfixturevalue(request.param)


def to_authentication(browser: Browser, client: Client, dialect: str) -> Page:
    """From the client's page, which sends its own request, to the authentication service."""
    return screens.to_authentication(browser, browser.open(client.login_url(client.sites[dialect])))


def log_in(browser: Browser, client: Client, dialect: str) -> Page:
    """The whole login, on behalf of a client of the accountant."""
    start_url = client.login_url(client.sites[dialect])
    return headless.log_in(start_url, browser=browser, person="Fleur Voorbeeld", client=CLIENT).page


def is_logged_in(browser: Browser, client: Client, dialect: str) -> bool:
    """Whether the client shows its page to this browser, instead of sending it to the broker."""
    page = browser.open(client.login_url(client.sites[dialect]))
    try:
        page.form("Ga verder")
    except NotOnPage:
        return True
    return False


@pytest.mark.parametrize(("client", "dialect"), READ, indirect=["client"])
def test_accountant_logs_in_on_behalf_of_a_client(
    client: Client, dialect: str, browser: Browser, request: pytest.FixtureRequest
) -> None:
    page = log_in(browser, client, dialect)

    assert page.status == 200, page.text + client.log()[-2000:]
    assert client.told(page) == READ[request.node.callspec.params["client"], dialect]


@pytest.mark.parametrize(
    ("client", "reason"),
    [
        ("mellon", 'StatusMessage="Authentication cancelled"'),
        ("simplesamlphp", "Responder/AuthnFailed: Authentication cancelled"),
        ("node_saml", "SAML provider returned Responder error: Authentication cancelled"),
    ],
    indirect=["client"],
)
def test_cancelled_login_ends_at_the_client_with_the_brokers_reason(
    client: Client, reason: str, browser: Browser
) -> None:
    before = len(client.log())
    page = screens.cancel_authentication(browser, to_authentication(browser, client, "flat"))

    assert reason in page.text + client.log()[before:]
    assert not is_logged_in(browser, client, "flat")


@pytest.mark.parametrize(
    ("client", "spoil", "reason"),
    [
        ("mellon", raised_level, "The profile cannot verify a signature on the message"),
        ("mellon", unsigned, "The profile cannot verify a signature on the message"),
        ("simplesamlphp", raised_level, "Reference validation failed"),
        ("node_saml", raised_level, "Invalid document signature"),
        ("node_saml", unsigned, "Invalid document signature"),
    ],
    indirect=["client"],
)
def test_answer_with_a_level_that_the_broker_did_not_state_is_refused(
    client: Client, spoil: Spoil, reason: str, line: Line, browser: Browser
) -> None:
    before = len(client.log())
    with line.spoilt(spoil):
        page = log_in(browser, client, "flat")

    assert reason in page.text + client.log()[before:]
    assert not is_logged_in(browser, client, "flat")


def test_simplesamlphp_takes_an_answer_without_any_signature_over_plain_http(
    simplesamlphp: Client, line: Line, browser: Browser
) -> None:
    """What this release does, not what it should do: docs/interop.md warns for it."""
    with line.spoilt(unsigned):
        page = log_in(browser, simplesamlphp, "flat")

    assert simplesamlphp.told(page) == replace(ALL, level="urn:etoegang:core:assurance-class:loa4")


@pytest.mark.parametrize(
    ("client", "reason"),
    [
        ("mellon", "Missing response"),
        ("simplesamlphp", "Empty ArtifactResponse received, maybe a replay?"),
        ("node_saml", "the broker gave no Response for this artifact"),
    ],
    indirect=["client"],
)
def test_artifact_that_is_presented_again_logs_nobody_in(client: Client, reason: str, browser: Browser) -> None:
    page = log_in(browser, client, "flat")
    address = next(url for url in [*(url for _, url in page.hops), page.url] if "SAMLart=" in url)
    before = len(client.log())
    with Browser() as thief:
        again = thief.open(address)
        assert reason in again.text + client.log()[before:]
        assert not is_logged_in(thief, client, "flat")


def test_node_saml_as_published_asks_for_an_answer_that_the_broker_does_not_give(
    node_saml: Client, browser: Browser
) -> None:
    """Its requests name HTTP-POST; `service_provider.mjs` has them name HTTP-Artifact."""
    page = browser.open(node_saml.login_url(node_saml.sites["flat"]).replace("/page", "/as-published"))

    assert (page.status, page.heading) == (400, "Wij kunnen deze inlogpoging niet vertrouwen")
    assert "EH-MSG-02" in page.text


def test_node_saml_as_published_publishes_no_address_that_the_broker_can_answer_at(
    node_saml: Client, broker_of_dialects: Network
) -> None:
    """Its metadata names HTTP-POST; `service_provider.mjs` has it name HTTP-Artifact."""
    metadata = requests.get(node_saml.metadata_url(node_saml.sites["flat"]), timeout=30).content
    assert metadata.count(b"HTTP-Artifact") == 1
    with pytest.raises(MetadataRejected) as caught:
        register_at(broker_of_dialects, metadata.replace(b"HTTP-Artifact", b"HTTP-POST"))
    assert refused_metadata.finding(caught.value).rule == "EH-REG-43"
