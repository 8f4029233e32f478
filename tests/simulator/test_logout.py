"""Messages about logging out that cannot be trusted: a page, and nothing goes on (REQ, PRO, SIG)."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import lxml.html
import pytest
import requests
from lxml import etree

from broker.saml import logout, signature
from broker.saml.logout import LogoutResponse
from broker.saml.response import SUCCESS, Status
from broker.simulator.logout import WAITING, Waiting
from broker.simulator.parties import AUTHENTICATION_SERVICE, BROKER
from broker.store import logouts
from tests import second_service
from tests.network import Network, register_at
from tests.requester import NS, Listening, Requester, form, make_id, sign
from tests.simulator.answering import issuer, second_issuer
from tests.simulator.outcome import Watch

STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
NAME_ID = "A" * 64
Post = Callable[..., requests.Response]


@pytest.fixture
def slo(network: Network) -> str:
    return network.simulator.addresses.logout


@pytest.fixture
def post(slo: str) -> Post:
    """post(message, relay_state=None, field="SAMLRequest")"""

    def send(message: etree._Element, relay_state: str | None = None, field: str = "SAMLRequest") -> requests.Response:
        return requests.post(slo, form(field, message, relay_state), allow_redirects=False, timeout=30)

    return send


def test_a_right_request_is_no_rejection(network, post, requester, slo, log):
    answer = post(requester.signed(requester.logout(slo, NAME_ID)))
    assert answer.status_code == 200
    assert [entry["event"] for entry in log] == ["logout.impossible"]


WRONG = {
    "version": ({"Version": "1.1"}, "EH-LGO-01"),
    "no-destination": ({"Destination": None}, "EH-LGO-02"),
    "other-destination": ({"Destination": "https://elsewhere.invalid/slo"}, "EH-LGO-02"),
    "address-of-logins": ({"Destination": "sso"}, "EH-LGO-02"),
    "old": ({"IssueInstant": "2026-01-01T00:00:00Z"}, "EH-LGO-03"),
    "future": ({"IssueInstant": "2126-01-01T00:00:00Z"}, "EH-LGO-03"),
    "expired": ({"NotOnOrAfter": "2026-01-01T00:00:00Z"}, "EH-LGO-06"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_request_says_about_itself(watch: Watch, network, post, requester, slo, name):
    changes, rule = WRONG[name]
    if changes.get("Destination") == "sso":
        changes = {"Destination": network.simulator.addresses.sso}
    message = requester.signed(requester.logout(slo, NAME_ID, **changes))
    watch.refuses(lambda: post(message), rule)


def test_a_relay_state_of_more_than_80_bytes(watch: Watch, post, requester, slo):
    message = requester.signed(requester.logout(slo, NAME_ID))
    watch.refuses(lambda: post(message, relay_state="x" * 81), "EH-LGO-05")
    assert post(message, relay_state="x" * 80).status_code == 200


def test_an_issuer_with_attributes(watch: Watch, post, requester, slo):
    message = requester.logout(slo, NAME_ID)
    message.find("saml:Issuer", NS).set("NameQualifier", "x")
    watch.refuses(lambda: post(requester.signed(message)), "EH-LGO-04")


def test_REQ_12_a_name_id_that_is_empty_or_of_another_kind(watch: Watch, post, requester, slo):
    watch.refuses(lambda: post(requester.signed(requester.logout(slo, ""))), "EH-LGO-07")
    message = requester.logout(slo, NAME_ID)
    message.find("saml:NameID", NS).tag = f"{{{NS['saml']}}}BaseID"
    watch.refuses(lambda: post(requester.signed(message)), "EH-XML-14")  # the schema knows no BaseID that can be sent


def test_a_request_counts_once(watch: Watch, post, requester, slo):
    message = requester.signed(requester.logout(slo, NAME_ID, ID=make_id()))
    assert post(message).status_code == 200
    watch.refuses(lambda: post(message), "EH-LGO-08")


def test_REQ_12_who_sends_it_must_be_known_and_must_have_signed_it(watch: Watch, post, requester, requester_keys, slo):
    stranger = replace(requester, entity_id="urn:etoegang:DV:00000099000000990000:entities:9001")
    watch.refuses(lambda: post(stranger.signed(stranger.logout(slo, NAME_ID))), "EH-SND-01")
    watch.refuses(lambda: post(requester.logout(slo, NAME_ID)), "EH-SIG-01")
    forged = sign(requester.logout(slo, NAME_ID), requester_keys["other"]["signing"], requester.signing.name)
    watch.refuses(lambda: post(forged), "EH-SIG-11")
    changed = requester.signed(requester.logout(slo, NAME_ID))
    changed.find("saml:NameID", NS).text = "B" * 64
    watch.refuses(lambda: post(changed), "EH-SIG-11")


def test_another_kind_of_message_is_not_taken(watch: Watch, network, post, requester, slo):
    watch.refuses(lambda: post(requester.signed(requester.request(slo))), "EH-XML-13")
    message = requester.signed(requester.logout(network.simulator.addresses.sso, NAME_ID))
    sso = network.simulator.addresses.sso
    watch.refuses(
        lambda: requests.post(sso, form("SAMLRequest", message, None), allow_redirects=False, timeout=30), "EH-XML-13"
    )


# --- the way back --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pending:
    """A logout that waits for the authentication service."""

    token: str
    request_id: str


@pytest.fixture
def pending(network: Network, requester: Requester) -> Pending:
    waiting = Waiting(requester.entity_id, "_theirs", "state", AUTHENTICATION_SERVICE.entity_id, make_id())
    token, end = make_id(), network.clock() + timedelta(minutes=5)
    network.simulator.store.write(lambda tx: logouts.put(tx, token, WAITING.dump_json(waiting).decode(), end))
    return Pending(token, waiting.own_request_id)


def response(network: Network, pending: Pending, **changes: object) -> etree._Element:
    """The stub's answer, with its own signature."""
    right = LogoutResponse(
        id=make_id(),
        version="2.0",
        issue_instant=network.clock(),
        issuer=AUTHENTICATION_SERVICE.entity_id,
        in_response_to=pending.request_id,
        destination=network.simulator.addresses.logout,
        status=SUCCESS,
    )
    made = logout.write_response(replace(right, **changes))
    signature.sign(made, issuer(network).signing)
    return made


BACK = {
    "version": ({"version": "1.1"}, "EH-LGO-20"),
    "no-destination": ({"destination": None}, "EH-LGO-21"),
    "other-destination": ({"destination": "https://elsewhere.invalid/"}, "EH-LGO-21"),
    "other-request": ({"in_response_to": "_another"}, "EH-LGO-22"),
    "no-request": ({"in_response_to": None}, "EH-LGO-22"),
}


@pytest.mark.parametrize("name", BACK)
def test_what_an_answer_says_about_itself(watch: Watch, network, pending, post, name):
    changes, rule = BACK[name]
    message = response(network, pending, **changes)
    watch.refuses(lambda: post(message, pending.token, "SAMLResponse"), rule)


@pytest.mark.parametrize("delta", [timedelta(hours=-1), timedelta(hours=1)])
def test_the_age_of_an_answer(watch: Watch, network, pending, post, delta):
    message = response(network, pending, issue_instant=network.clock() + delta)
    watch.refuses(lambda: post(message, pending.token, "SAMLResponse"), "EH-LGO-24")


def test_an_answer_to_nothing(watch: Watch, network, pending, post):
    for token in (None, "", "nobody", "nul\x00"):
        watch.refuses(lambda token=token: post(response(network, pending), token, "SAMLResponse"), "EH-LGO-25")


def test_an_answer_that_the_authentication_service_did_not_sign(watch: Watch, network, pending, post, requester):
    by_stranger = sign(logout_of(network, pending), requester.signing, issuer(network).signing.certificate.key_name)
    watch.refuses(lambda: post(by_stranger, pending.token, "SAMLResponse"), "EH-SIG-11")
    unsigned = logout_of(network, pending)
    watch.refuses(lambda: post(unsigned, pending.token, "SAMLResponse"), "EH-SIG-01")
    by_broker = logout_of(network, pending, issuer=BROKER.entity_id)
    watch.refuses(lambda: post(by_broker, pending.token, "SAMLResponse"), "EH-SND-01")


def logout_of(network: Network, pending: Pending, **changes: object) -> etree._Element:
    """The stub's answer without a signature."""
    made = response(network, pending, **changes)
    made.remove(made.find("ds:Signature", NS))
    return made


def test_an_answer_of_another_authentication_service(watch_of_two: Watch, network_of_two, make_requester):
    requester = make_requester(network_of_two)
    waiting = Waiting(requester.entity_id, "_theirs", None, AUTHENTICATION_SERVICE.entity_id, make_id())
    token, end = make_id(), network_of_two.clock() + timedelta(minutes=5)
    sim = network_of_two.simulator
    sim.store.write(lambda tx: logouts.put(tx, token, WAITING.dump_json(waiting).decode(), end))
    other = second_issuer(network_of_two)
    made = logout_of(network_of_two, Pending(token, waiting.own_request_id), issuer=second_service.ENTITY_ID)
    signature.sign(made, other.signing)
    address = sim.addresses.logout
    watch_of_two.refuses(
        lambda: requests.post(address, form("SAMLResponse", made, token), allow_redirects=False, timeout=30),
        "EH-LGO-23",
    )


def test_a_service_provider_that_stopped_listening_is_sent_nothing(watch: Watch, network, pending, post):
    """Its metadata had no address for answers when the answer came."""
    watch.refuses(lambda: post(response(network, pending), pending.token, "SAMLResponse"), "EH-LGO-25")


def test_a_logout_does_not_wait_for_ever(own_network, make_requester, log):
    requester = make_requester(own_network)
    waiting = Waiting(requester.entity_id, "_theirs", None, AUTHENTICATION_SERVICE.entity_id, make_id())
    sim, token = own_network.simulator, make_id()
    end = own_network.clock() + sim.lifetimes.login
    sim.store.write(lambda tx: logouts.put(tx, token, WAITING.dump_json(waiting).decode(), end))
    own_network.clock.offset = sim.lifetimes.login + timedelta(seconds=1)
    made = response(own_network, Pending(token, waiting.own_request_id))
    watch = Watch(own_network, log)
    watch.refuses(
        lambda: requests.post(
            sim.addresses.logout, form("SAMLResponse", made, token), allow_redirects=False, timeout=30
        ),
        "EH-LGO-25",
    )


def test_what_the_authentication_service_could_not_do_is_not_reported_as_done(network, make_requester, post):
    listening = Listening.of(make_requester(network), entity=9062)
    register_at(network, listening.metadata())
    waiting = Waiting(listening.entity_id, "_theirs", "state", AUTHENTICATION_SERVICE.entity_id, make_id())
    token, end = make_id(), network.clock() + timedelta(minutes=5)
    network.simulator.store.write(lambda tx: logouts.put(tx, token, WAITING.dump_json(waiting).decode(), end))
    failed = response(network, Pending(token, waiting.own_request_id), status=Status(f"{STATUS}Responder"))
    shown = lxml.html.document_fromstring(post(failed, token, "SAMLResponse").content)
    fields = {item.name: item.value for item in shown.forms[0].iter("input")}
    assert fields["RelayState"] == "state"
    (code,) = etree.fromstring(base64.b64decode(fields["SAMLResponse"])).findall("samlp:Status/samlp:StatusCode", NS)
    assert code.get("Value") == f"{STATUS}Responder"
