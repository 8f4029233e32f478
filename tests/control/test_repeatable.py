"""With a seed and a clock that stands still two runs give the same messages, byte for byte.

What is encrypted is not the same: keys, initialisation vectors and padding are drawn anew each time, as they must be.
So a message that holds an encrypted part differs in that part, and in the digests and signatures over it.
"""

import re
from datetime import UTC, datetime, timedelta

from tests.control.conftest import Caller
from tests.control.scripted import FLEUR, visit
from tests.flow.steps import GO_ON, prove, to_stub
from tests.interop.driver import Browser
from tests.interop.page import Page
from tests.network import running_network
from tests.requester import at

SEED = "golden"
DRAWN_ANEW = re.compile(rb"<(?:\w+:)?(CipherValue|DigestValue|SignatureValue)>([^<]+)")


def without_what_is_drawn_anew(message: bytes) -> bytes:
    """The message without encrypted values and what is reckoned over them, wherever that is repeated.

    A register's statement names the signature of the one before it (LinkedDeclarationSignatureValue).
    """
    for _, value in DRAWN_ANEW.findall(message):
        message = message.replace(value, b"")
    return message


def run(api, network, provider, seed, client="glasblazerij-zeepbel"):
    """One login after a reset, with everything about it fixed: its id and its messages."""
    api("POST", "/reset", {"seed": seed})
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    api("PUT", "/clock", {"now": noon.isoformat(), "frozen": True})
    api("POST", "/scripts", {**FLEUR, "client": client}, status=201)
    addresses = network.simulator.addresses
    visit(addresses, provider, ID="_request", IssueInstant=at(noon))
    (login,) = api("GET", "/logins")["logins"]
    kept = api("GET", f"/logins/{login['id']}/messages")["messages"]
    return login["id"], {(one["direction"], one["kind"]): one["xml"].encode() for one in kept}


def test_two_runs_give_the_same_messages_but_for_what_is_encrypted(api, controlled, provider):
    first, second = (run(api, controlled, provider, SEED) for _ in range(2))
    assert first[0] == second[0]
    assert set(first[1]) == {
        ("received", "AuthnRequest"),
        ("sent", "AuthnRequest"),
        ("received", "Response"),
        ("received", "Assertion"),
        ("sent", "Response"),
    }
    assert first[1]["sent", "AuthnRequest"] == second[1]["sent", "AuthnRequest"]
    for kind in (("received", "Response"), ("sent", "Response")):
        ours, theirs = (without_what_is_drawn_anew(messages[kind]) for messages in (first[1], second[1]))
        assert ours == theirs
        assert first[1][kind] != second[1][kind]


def test_another_seed_or_none_gives_other_ids(api, controlled, provider):
    with_seed, other, without = (run(api, controlled, provider, seed)[1] for seed in (SEED, "other", None))
    assert len({one["sent", "AuthnRequest"] for one in (with_seed, other, without)}) == 3


def test_an_answer_without_encrypted_parts_is_the_same_byte_for_byte(tmp_path, installation, make_requester):
    entity = "urn:etoegang:DV:00000099000000110000:entities:9055"
    flat = {entity: {"dialect": "flat"}}
    with running_network(tmp_path, installation=installation, demo=False, service_providers=flat) as network:
        provider = make_requester(network)
        caller = Caller(network.broker)
        first, second = (run(caller, network, provider, SEED)[1] for _ in range(2))
    assert first["sent", "Response"] == second["sent", "Response"]
    assert b"CipherValue" not in first["sent", "Response"]
    assert first["received", "Response"] != second["received", "Response"]


def test_an_assertion_expires_for_the_service_provider(api, controlled):
    """The clock is back while the answer is made, so that it is old when the demo service provider reads it."""
    assert "/outcome" not in fetched(api, controlled, timedelta()).url
    refused = fetched(api, controlled, timedelta(minutes=5))
    assert refused.url.endswith("/portal/gemeente/outcome")
    assert "SP-" in refused.text


def fetched(api, network, old: timedelta) -> Page:
    """Where a login ends whose answer is this old when it is fetched."""
    with Browser() as browser:
        page = prove(browser, to_stub(browser, network, "gemeente", 9001), "Fleur Voorbeeld")
        page = browser.submit(page.form())
        api("POST", "/clock/advance", {"seconds": -old.total_seconds()})
        chosen = page.form(GO_ON).choose("Glasblazerij Zeepbel")
        answer = browser._send(chosen.method, chosen.action, chosen.pairs, chosen.url)
        api("PUT", "/clock", {"real": True})
        return browser.open(answer.headers["Location"], from_page=page)
