"""Logging out: by way of the broker to the authentication service, and back if the service provider wants that."""

import base64
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree
from signxml import XMLVerifier
from structlog.testing import capture_logs

from broker.simulator.parties import AUTHENTICATION_SERVICE, BROKER
from broker.store.administration import events
from broker.store.audit import messages
from tests.flow.answers import Answer, answer, started
from tests.interop.driver import Browser
from tests.interop.page import Page
from tests.network import Network, register_at, running_network
from tests.requester import NS, Listening, Requester, at, form, make_id, sign

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
IMPOSSIBLE = "Uitloggen is momenteel niet mogelijk"
TO_STUB = "U gaat naar Stub Authenticatiedienst A om uit te loggen"
LOGGED_OUT = "U bent uitgelogd"


@pytest.fixture
def slo(network: Network) -> str:
    return network.simulator.addresses.logout


@pytest.fixture(scope="module")
def login(network: Network, make_requester: Callable[..., Requester]) -> Answer:
    """A login of a service provider that does not want to hear of its logouts, as the scheme has it."""
    return answer(network, make_requester(network), "Otto Enkel")


@pytest.fixture(scope="module")
def login_of_listener(network: Network, make_requester: Callable[..., Requester]) -> Answer:
    listening = Listening.of(make_requester(network), entity=9061)
    register_at(network, listening.metadata())
    return answer(network, listening, "Otto Enkel")


def subject(login: Answer) -> etree._Element:
    return login.assertion.find("saml:Subject/saml:NameID", NS)


def leave(browser: Browser, login: Answer, slo: str, relay_state: str | None = None, **changes: str | None) -> Page:
    """The page that the broker gives after the service provider's LogoutRequest."""
    message = login.requester.logout(slo, changes.pop("name_id", subject(login).text), **changes)
    return started(browser, login.requester, slo, form("SAMLRequest", login.requester.signed(message), relay_state))


def posted(page: Page, field: str = "SAMLRequest") -> etree._Element:
    return etree.fromstring(base64.b64decode(page.form().fields[field]))


def verified(message: etree._Element, network: Network) -> etree._Element:
    """What the broker's signature covers, by an implementation of others."""
    pem = (network.settings.paths.certs / "broker" / "signing.pem").read_bytes()
    return XMLVerifier().verify(message, x509_cert=pem, id_attribute="ID").signed_xml


def test_the_authentication_service_of_the_login_is_told_and_has_the_last_word(browser, network, requester, slo):
    login = answer(network, requester, "Otto Enkel")
    page = leave(browser, login, slo, relay_state="keep")
    assert page.heading == TO_STUB
    assert page.form().action == f"{network.stub}/logout"
    assert set(page.form().fields) == {"SAMLRequest"}  # no RelayState: nobody waits for an answer
    last = browser.submit(page.form())
    assert (last.status, last.heading) == (200, LOGGED_OUT)
    assert "U bent uitgelogd bij Belastingdienst (test) en bij Stub Authenticatiedienst A." in last.text
    assert "Sluit daarna alle vensters van uw browser." in last.text
    assert last.document.forms == []


def test_the_forwarded_request_is_the_brokers_own_and_names_the_login(browser, network, login, slo):
    message = verified(posted(leave(browser, login, slo)), network)
    assert message.tag == f"{{{NS['samlp']}}}LogoutRequest"
    assert message.get("Destination") == f"{network.stub}/logout"
    assert message.get("Version") == "2.0"
    assert message.findtext("saml:Issuer", None, NS) == BROKER.entity_id
    name_id = message.find("saml:NameID", NS)
    assert name_id.text == login.evidence[0].findtext("saml:Subject/saml:NameID", None, NS)
    assert name_id.get("NameQualifier") == AUTHENTICATION_SERVICE.entity_id
    assert name_id.get("Format") == "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


def test_the_request_may_come_by_redirect(browser, login, slo):
    requester = login.requester
    message = etree.tostring(requester.logout(slo, subject(login).text))
    deflate = zlib.compressobj(wbits=-15)
    octets = base64.b64encode(deflate.compress(message) + deflate.flush()).decode()
    query = urlencode({"SAMLRequest": octets, "RelayState": "keep", "SigAlg": RSA_SHA256})
    proof = requester.signing.key.sign(query.encode(), padding.PKCS1v15(), hashes.SHA256())
    signed = f"{query}&{urlencode({'Signature': base64.b64encode(proof).decode()})}"
    assert browser.open(f"{slo}?{signed}").heading == TO_STUB
    assert browser.open(f"{slo}?{signed.replace('keep', 'kept')}").status == 400


def test_a_service_provider_that_listens_is_told_in_the_end(browser, network, login_of_listener, slo):
    own = make_id()
    page = leave(browser, login_of_listener, slo, relay_state="my state & more", ID=own)
    assert page.heading == TO_STUB
    last = browser.submit(page.form())
    assert last.heading == LOGGED_OUT
    assert last.form().action == slo
    back = browser.submit(last.form())
    assert back.heading.startswith("U gaat terug naar ")
    assert back.form().action == login_of_listener.requester.listens_at
    assert back.form().fields["RelayState"] == "my state & more"
    message = verified(posted(back, "SAMLResponse"), network)
    assert message.tag == f"{{{NS['samlp']}}}LogoutResponse"
    assert message.get("InResponseTo") == own
    assert message.get("Destination") == login_of_listener.requester.listens_at
    assert message.findtext("saml:Issuer", None, NS) == BROKER.entity_id
    status = message.find("samlp:Status/samlp:StatusCode", NS)
    assert status.get("Value") == "urn:oasis:names:tc:SAML:2.0:status:Success"

    again = browser.submit(last.form())
    assert again.status == 400


def test_REQ_12_a_login_that_is_not_known_gets_the_page_of_the_scheme(browser, login, slo):
    with capture_logs() as log:
        page = leave(browser, login, slo, name_id="0" * 64)
    assert (page.status, page.heading) == (200, IMPOSSIBLE)
    assert "Sluit alle browservensters om de beveiliging van uw informatie te waarborgen." in page.text
    assert page.document.forms == []
    (entry,) = [entry for entry in log if entry["event"] == "logout.impossible"]
    assert [line.split()[:2] for line in entry["findings"]] == [["EH-LGO-09", "warning"]]


def test_REQ_12_the_login_of_another_service_provider_is_not_known(browser, network, login, login_of_listener, slo):
    page = leave(browser, login_of_listener, slo, name_id=subject(login).text)
    assert page.heading == IMPOSSIBLE


def test_after_a_while_the_login_is_forgotten(own_network, make_requester, browser):
    login = answer(own_network, make_requester(own_network), "Otto Enkel")
    slo = own_network.simulator.addresses.logout
    own_network.clock.offset = timedelta(hours=23, minutes=59)
    page = leave(browser, login, slo, IssueInstant=at(own_network.clock()))
    assert page.heading == TO_STUB
    last = browser.submit(page.form())
    assert last.heading == LOGGED_OUT
    assert "Belastingdienst" not in last.text  # to the authentication service the session was over already
    own_network.clock.offset = timedelta(hours=24, seconds=5)
    assert leave(browser, login, slo, IssueInstant=at(own_network.clock())).heading == IMPOSSIBLE


def test_how_long_is_a_setting(tmp_path, installation, make_requester, browser):
    with running_network(tmp_path, installation=installation, demo=False, messages={"logout_hours": 1}) as running:
        login = answer(running, make_requester(running), "Otto Enkel")
        running.clock.offset = timedelta(hours=1, seconds=5)
        page = leave(browser, login, running.simulator.addresses.logout, IssueInstant=at(running.clock()))
        assert page.heading == IMPOSSIBLE


def test_an_authentication_service_without_a_logout_address_cannot_be_told(browser, network, login):
    """Only the list of authentication services differs from that of the network."""
    from broker.web.app import create_app  # noqa: PLC0415

    sim = network.simulator
    mute = {key: replace(item, logout_location=None) for key, item in sim.authentication_services.items()}
    client = create_app(replace(sim, authentication_services=mute)).test_client()
    message = login.requester.signed(login.requester.logout(sim.addresses.logout, subject(login).text))
    shown = client.post("/broker/slo/1.13", data=form("SAMLRequest", message, None))
    assert IMPOSSIBLE in shown.text


# --- the stub believes the broker only -----------------------------------------------------------------------------


def test_the_stub_refuses_what_it_answered_before_and_what_is_changed(browser, network, login, slo):
    page = leave(browser, login, slo)
    changed = posted(page)
    changed.find("saml:NameID", NS).text = "0" * 64
    refused = started(browser, login.requester, f"{network.stub}/logout", form("SAMLRequest", changed, None))
    assert refused.status == 400
    assert browser.submit(page.form()).heading == LOGGED_OUT
    assert browser.submit(page.form()).status == 400


def test_the_stub_refuses_a_service_provider(browser, network, login):
    address = f"{network.stub}/logout"
    message = login.requester.signed(login.requester.logout(address, subject(login).text))
    assert started(browser, login.requester, address, form("SAMLRequest", message, None)).status == 400


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Destination": "http://127.0.0.1:1/logout"}, "meant for"),
        ({"IssueInstant": "2026-01-01T00:00:00Z"}, "issued at"),
    ],
)
def test_the_stub_refuses_a_request_of_the_broker_that_is_not_for_it_or_old(browser, network, login, changes, said):
    address = f"{network.stub}/logout"
    broker = replace(login.requester, entity_id=BROKER.entity_id)
    pair = type(login.requester.signing).load(network.settings.paths.certs / "broker", "signing")
    message = sign(broker.logout(address, subject(login).text, **changes), pair)
    with capture_logs() as log:
        page = started(browser, login.requester, address, form("SAMLRequest", message, None))
    assert page.status == 400
    assert any(said in entry.get("detail", "") for entry in log)


def test_the_messages_about_a_logout_are_kept_with_the_login_and_are_in_its_chain(network, browser, slo, login):
    onwards = posted(leave(browser, login, slo))
    store = network.simulator.store
    name = store.read(lambda tx: messages.login_of(tx, onwards.get("ID")))
    found = store.read(lambda tx: messages.of_login(tx, name))
    assert [(one.direction.value, one.kind) for one in found[-2:]] == [
        ("received", "LogoutRequest"),
        ("sent", "LogoutRequest"),
    ]
    assert found[0].kind == "AuthnRequest"
    (event, *_) = store.read(lambda tx: events.history_of(tx, name))
    assert event.content["action"] == "login.logout"
    assert event.content["after"]["messages"] == [one.sha256 for one in found]
