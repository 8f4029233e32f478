"""What costs something is not done for strangers, and does not pile up (DOS)."""

import time
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pkgutil import walk_packages
from re import Pattern

import pytest
import requests
import sqlalchemy as sa
from lxml import etree

import broker
from broker.saml import signature
from broker.simulator.housekeeping import EVERY, tidy
from broker.store.tables import artifacts, claims, pending_logins
from tests.network import Network
from tests.requester import NS, Requester, form
from tests.simulator.outcome import Watch


def rows(network: Network) -> int:
    tables = (pending_logins, artifacts, claims)
    return network.simulator.store.read(
        lambda tx: sum(tx.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables)
    )


def test_DOS_04_logins_that_nobody_finishes_are_forgotten(own_network, make_requester):
    """By the next request once they expired an hour ago; what messages left behind goes with its own time."""
    requester, clock, sso = make_requester(own_network), own_network.clock, own_network.simulator.addresses.sso
    before = rows(own_network)
    for _ in range(20):
        requests.post(sso, requester.begin(sso), allow_redirects=False, timeout=30)
    assert rows(own_network) == before + 40
    clock.offset = own_network.simulator.lifetimes.login + timedelta(hours=1) + EVERY
    requests.get(own_network.broker, timeout=30)
    assert rows(own_network) == before + 20
    clock.offset = timedelta(days=367)
    tidy(own_network.simulator)
    assert rows(own_network) == before


def post(address: str, message: etree._Element) -> requests.Response:
    return requests.post(address, form("SAMLRequest", message, None), allow_redirects=False, timeout=30)


@pytest.fixture
def proofs(monkeypatch) -> list[object]:
    """Each call that would compute with a public key."""
    made: list[object] = []

    def count(*given: object) -> bool:
        made.append(given)
        return False

    monkeypatch.setattr(signature, "_proves", count)
    return made


def test_DOS_07_what_is_cheap_to_see_is_seen_before_anything_is_computed(
    watch: Watch, network, requester: Requester, proofs
):
    sso = network.simulator.addresses.sso
    stranger = requester.signed(requester.request(sso, issuer="urn:nobody"))
    renamed = requester.signed(requester.request(sso))
    renamed.find("ds:Signature/ds:KeyInfo/ds:KeyName", NS).text = "f" * 64
    without_reference = requester.signed(requester.request(sso))
    without_reference.find("ds:Signature/ds:SignedInfo/ds:Reference", NS).set("URI", "")
    for message, rule in (
        (stranger, "EH-SND-01"),
        (renamed, "EH-SIG-10"),
        (without_reference, "EH-SIG-06"),
        (requester.request(sso), "EH-SIG-01"),
        (etree.fromstring("<x/>"), "EH-XML-13"),
    ):
        watch.refuses(lambda message=message: post(sso, message), rule)
    assert proofs == []
    watch.refuses(lambda: post(sso, requester.signed(requester.request(sso))), "EH-SIG-11")
    assert len(proofs) == 1


def patterns() -> Iterator[Pattern[str] | Pattern[bytes]]:
    """Every regular expression that a module of the broker holds."""
    for module in walk_packages(broker.__path__, "broker."):
        if ".migrations" not in module.name:
            yield from (item for item in vars(import_module(module.name)).values() if isinstance(item, Pattern))


SLOW = ("a", "0", " ", "-", ".", ":", "/", "A1.", "urn:etoegang:DV:", "<?xml version='1.0' ", "2026-11-23T12:00:00.")


@pytest.mark.parametrize("pattern", sorted(set(patterns()), key=lambda item: str(item.pattern)), ids=str)
def test_DOS_08_no_pattern_needs_long_for_anything(pattern):
    """Longer than any value can be, and wrong at the very end, so that every way to match is tried."""
    started = time.process_time()
    for part in SLOW:
        value = part * (65_536 // len(part)) + "\0"
        for start in (value, "0001" + value, "urn:x:" + value):
            given = start.encode() if isinstance(pattern.pattern, bytes) else start
            pattern.fullmatch(given)
            pattern.match(given)
    assert time.process_time() - started < 1


def test_DOS_08_the_patterns_are_found():
    assert len(set(patterns())) > 5
