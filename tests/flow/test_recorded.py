"""What is kept of a login for whoever has to judge it afterwards: each message, the record, the events."""

import time
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from lxml import etree

from broker.core.errors import UntrustedMessage
from broker.core.mandates import ChainStatus
from broker.core.recorded import Carrier, Direction, Outcome, WireMessage
from broker.simulator.audit.keeping import sign_heads
from broker.simulator.audit.recording import untrusted_kept
from broker.simulator.audit.sealing import Unreadable, seal, unseal
from broker.simulator.audit.verifying import verify
from broker.simulator.housekeeping import tidy
from broker.store.administration import events
from broker.store.audit import messages, records
from broker.store.audit.records import Wanted
from tests.flow.register import chain_link
from tests.flow.steps import authenticated, choose
from tests.requester import NS, form

CLIENT = "Glasblazerij Zeepbel"
CHAIN = [
    ("received", "HTTP-POST", "AuthnRequest"),
    ("sent", "HTTP-POST", "AuthnRequest"),
    ("received", "HTTP-POST", "Response"),
    ("received", "in-process", "Assertion"),
    ("received", "in-process", "Assertion"),
    ("sent", "HTTP-Artifact", "Response"),
    ("received", "SOAP", "ArtifactResolve"),
    ("sent", "SOAP", "ArtifactResponse"),
]


def login_id(page):
    return page.url.partition("/login/")[2].partition("?")[0]


def kept(network, name):
    return network.simulator.store.read(lambda tx: messages.of_login(tx, name))


def record_of(network, name):
    return network.simulator.store.read(lambda tx: records.find(tx, name))


def events_of(network, name):
    return list(reversed(network.simulator.store.read(lambda tx: events.history_of(tx, name))))


def complete(network, browser):
    """Log in on behalf of a client, in the test itself, where guards are switched off: the id of the login."""
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    choose(browser, page, CLIENT)
    return login_id(page)


def test_every_message_of_a_login_is_kept_byte_for_byte(network, browser):
    chosen = complete(network, browser)
    found = kept(network, chosen)
    assert [(one.direction.value, one.carrier.value, one.kind) for one in found] == CHAIN
    bodies = [unseal(network.simulator.archive_key, one.sealed) for one in found]
    for one, body in zip(found, bodies, strict=True):
        assert (one.size, one.sha256) == (len(body.octets), sha256(body.octets).hexdigest())
        assert one.message_id.encode() in body.octets
    request, question, answer, first, second, response, resolve, resolved = (
        etree.fromstring(body.octets) for body in bodies
    )
    assert answer.get("InResponseTo") == question.get("ID") == found[2].in_response_to
    assert response.get("InResponseTo") == request.get("ID") == found[5].in_response_to
    (delivered,) = resolved.iterfind(".//samlp:Response", NS)
    assert delivered.get("ID") == response.get("ID")
    assert found[7].in_response_to == found[6].message_id == resolve.find(".//samlp:ArtifactResolve", NS).get("ID")
    portal = "urn:etoegang:DV:00000099000000140000:entities:9001"
    stub = "urn:etoegang:AD:00000099000000020000:entities:9001"
    registers = [found[3].peer, found[4].peer]
    assert [one.peer for one in found] == [portal, stub, stub, *registers, portal, portal, portal]
    sim = network.simulator
    assert registers == [sim.intermediary_register.entity_id, sim.client_register.entity_id]
    # What the registers stated went along in Advice, with their signatures.
    advice = response.findall(".//saml:Advice/saml:Assertion", NS)
    assert [one.get("ID") for one in advice[1:]] == [first.get("ID"), second.get("ID")]


def test_the_record_says_who_acted_for_whom(network, browser):
    chosen = complete(network, browser)
    record = record_of(network, chosen)
    assert record.outcome is Outcome.GRANTED
    assert (record.person_id, record.client_id, record.intermediary_id) == (
        "fleur-voorbeeld",
        "glasblazerij-zeepbel",
        "administratiekantoor-papiermolen",
    )
    assert record.ended_at >= record.started_at
    of_client = Wanted(client_ids=("glasblazerij-zeepbel",), outcome=Outcome.GRANTED)
    assert chosen in [one.id for one in network.simulator.store.read(lambda tx: records.search(tx, of_client, most=99))]


def test_the_events_of_a_login_name_the_digest_of_each_message_and_what_the_decision_rests_on(network, browser):
    chosen = complete(network, browser)
    found = events_of(network, chosen)
    assert [one.content["action"] for one in found] == [
        "login.started",
        "login.accepted",
        "login.granted",
        "login.delivered",
    ]
    digests = [one.sha256 for one in kept(network, chosen)]
    assert [one.content["after"]["messages"] for one in found] == [
        digests[:1],
        digests[:3],
        digests[:6],
        digests,
    ]
    facts = found[2].content["after"]["facts"]
    link = chain_link(network.simulator.store, "fleur-eh3", "glasblazerij-zeepbel")
    assert (facts["mandate"]["id"], facts["mandate"]["version"]) == (link.mandate.id, link.mandate.version)
    assert facts["coupling"]["id"] == link.coupling.id
    assert (facts["effective_level"], facts["needed_level"]) == ("loa3", "loa3")
    assert found[2].content["about"] == ["glasblazerij-zeepbel", "administratiekantoor-papiermolen"]


def test_no_event_holds_a_name_a_number_or_a_pseudonym(network, browser):
    chosen = complete(network, browser)
    text = str([one.content for one in events_of(network, chosen)])
    used = network.simulator.store.read(lambda tx: records.find(tx, chosen)).document
    for secret in ("68727720", "68750110", "Zeepbel N.V.", "Fleur Voorbeeld", "internal_pseudonym"):
        assert secret not in text
        assert secret not in used


def test_a_refusal_and_a_cancel_are_recorded_with_their_reason(changing_network, changes, browser):
    page = authenticated(browser, changing_network, "gemeente", 9001, "Fleur Voorbeeld")
    link = chain_link(changing_network.simulator.store, "fleur-eh3", "glasblazerij-zeepbel")
    changes.make(link.mandate, status=ChainStatus.REVOKED)
    refusal = choose(browser, page, CLIENT)
    name = login_id(page)
    assert record_of(changing_network, name).outcome is Outcome.UNDER_WAY
    assert record_of(changing_network, name).reason == "CHAIN_REVOKED"
    denied = events_of(changing_network, name)[-1].content
    assert (denied["action"], denied["reason"]) == ("login.denied", "CHAIN_REVOKED")
    assert denied["after"]["facts"]["mandate"]["status"] == "revoked"

    browser.submit(refusal.form("Terug naar Gemeente Voorbeeldstad"))
    record = record_of(changing_network, name)
    assert (record.outcome, record.client_id) == (Outcome.REFUSED, "glasblazerij-zeepbel")


def test_a_request_that_cannot_be_is_kept_with_the_answer_and_the_rule(network, requester, browser):
    message = requester.signed(requester.request(network.simulator.addresses.sso, IsPassive="true"))
    browser._send("POST", network.simulator.addresses.sso, list(form("SAMLRequest", message, None).items()), None)
    name = network.simulator.store.read(lambda tx: messages.login_of(tx, message.get("ID")))
    assert [(one.direction, one.kind) for one in kept(network, name)] == [
        (Direction.RECEIVED, "AuthnRequest"),
        (Direction.SENT, "Response"),
    ]
    record = record_of(network, name)
    assert record.outcome is Outcome.UNSUPPORTED
    assert record.reason in {finding.rule for finding in kept(network, name)[0].findings}
    (event,) = events_of(network, name)
    assert (event.content["action"], event.content["reason"]) == ("login.unsupported", record.reason)


def test_a_message_that_is_not_trusted_is_kept_outside_the_chain(network, requester, browser):
    message = requester.request(network.simulator.addresses.sso)
    before = time.time()
    browser._send("POST", network.simulator.addresses.sso, list(form("SAMLRequest", message, None).items()), None)
    wanted = Wanted(outcome=Outcome.UNTRUSTED)
    record = network.simulator.store.read(lambda tx: records.search(tx, wanted, most=1))[0]
    assert record.started_at.timestamp() >= before - 1
    (one,) = kept(network, record.id)
    assert (one.carrier, one.findings[0].rule, record.reason) == (Carrier.POST, "EH-SIG-01", "EH-SIG-01")
    assert etree.tostring(message) in unseal(network.simulator.archive_key, one.sealed).octets
    assert events_of(network, record.id) == []


def test_a_body_is_sealed_and_another_key_does_not_open_it(network, browser):
    chosen = complete(network, browser)
    one = kept(network, chosen)[0]
    assert b"AuthnRequest" not in one.sealed
    with pytest.raises(Unreadable):
        unseal(bytes(32), one.sealed)
    with pytest.raises(Unreadable):
        unseal(network.simulator.archive_key, one.sealed[:-1] + b"x")
    assert seal(bytes(32), unseal(network.simulator.archive_key, one.sealed)) != one.sealed


def test_bodies_go_after_their_time_and_the_chain_still_verifies(own_network, browser):
    page = authenticated(browser, own_network, "gemeente", 9001, "Fleur Voorbeeld")
    sim, name = own_network.simulator, login_id(page)
    own_network.clock.offset = sim.retention.bodies - timedelta(minutes=1)
    tidy(sim)
    assert None not in [one.sealed for one in kept(own_network, name)]
    own_network.clock.offset = sim.retention.bodies + timedelta(minutes=1)
    tidy(sim)
    assert [(one.sealed, len(one.sha256)) for one in kept(own_network, name)] == [(None, 64)] * 3
    sign_heads(sim, at_once=True)
    verdict = verify(sim.store, sim.notary.file, sim.notary.key.public)
    assert verdict.broken is None
    assert verdict.signed == verdict.events >= 3


def test_whoever_sends_rubbish_cannot_make_the_store_grow_without_end(network, make_requester):
    requester, sim = make_requester(network), network.simulator
    few = replace(sim, retention=replace(sim.retention, most_untrusted=3))
    for _ in range(5):
        octets = etree.tostring(requester.request(sim.addresses.sso))
        message = WireMessage(
            sim.ids.token(), sim.clock(), Direction.RECEIVED, Carrier.POST, "AuthnRequest", "", octets
        )
        with pytest.raises(UntrustedMessage), untrusted_kept(few, message):
            raise UntrustedMessage(())
    untrusted = Wanted(outcome=Outcome.UNTRUSTED)
    assert sim.store.read(lambda tx: records.count(tx, untrusted, 99)) == 3
