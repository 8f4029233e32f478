"""Metadata of a service provider counts as it is registered now, for as long as it says (MD)."""

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests

from broker.saml.faults import MetadataRejected
from tests.network import Network, register_at
from tests.requester import Requester, at
from tests.simulator.outcome import Watch
from tests.simulator.test_posted_choice import at_the_list, choices, choose


@pytest.fixture
def own_watch(own_network: Network, log) -> Watch:
    return Watch(own_network, log)


def post(network: Network, requester: Requester) -> requests.Response:
    """A request of this moment by the clock of the network."""
    sso = network.simulator.addresses.sso
    fields = requester.begin(sso, IssueInstant=at(network.clock()))
    return requests.post(sso, fields, allow_redirects=False, timeout=30)


def lasting(metadata: bytes, until: datetime) -> bytes:
    return metadata.replace(b"entityID=", f'validUntil="{at(until)}" entityID='.encode(), 1)


def test_MD_02_metadata_that_has_expired_no_longer_counts(own_watch, own_network, make_requester):
    """Also in a process that read it when it was still valid."""
    requester = make_requester(own_network)
    register_at(own_network, lasting(requester.metadata(), datetime.now(UTC) + timedelta(hours=1)))
    assert post(own_network, requester).status_code == 303

    own_network.clock.offset = timedelta(minutes=66)
    own_watch.refuses(lambda: post(own_network, requester), "EH-SND-02")

    register_at(own_network, requester.metadata())
    assert post(own_network, requester).status_code == 303


def test_MD_02_an_end_counts_from_its_very_second(own_watch, own_network, make_requester):
    """Not from when the process reads the metadata again."""
    requester = make_requester(own_network)
    register_at(own_network, lasting(requester.metadata(), datetime.now(UTC) + timedelta(minutes=2)))
    assert post(own_network, requester).status_code == 303
    own_network.clock.offset = timedelta(minutes=2)
    own_watch.refuses(lambda: post(own_network, requester), "EH-SND-02")


def test_MD_02_nothing_is_issued_to_whose_metadata_expired_during_the_login(own_watch, own_network, make_requester):
    requester = make_requester(own_network)
    register_at(own_network, lasting(requester.metadata(), datetime.now(UTC) + timedelta(minutes=2)))
    login, page = at_the_list(own_network, requester)
    own_network.clock.offset = timedelta(minutes=3)
    own_watch.refuses(lambda: choose(login, page, choices(page)[1]), "EH-SND-02")


def test_MD_02_metadata_that_has_expired_is_not_registered(network, requester):
    stale = lasting(requester.metadata(), datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(MetadataRejected, match="has passed"):
        register_at(network, stale)
    assert post(network, requester).status_code == 303


def test_MD_07_keys_roll_over_without_a_restart(watch: Watch, network, requester, requester_keys):
    """Old key, both keys, new key: what is registered counts for the very next request."""
    old = replace(requester, entity_id="urn:etoegang:DV:00000099000000110000:entities:9058")
    new = replace(old, signing=requester_keys["other"]["signing"])

    register_at(network, old.metadata())
    assert post(network, old).status_code == 303
    watch.refuses(lambda: post(network, new), "EH-SIG-10")

    extra = (
        new.metadata().split(b'<md:KeyDescriptor use="encryption">')[0].split(b'<md:KeyDescriptor use="signing">')[1]
    )
    both = old.metadata().replace(
        b'<md:KeyDescriptor use="encryption">',
        b'<md:KeyDescriptor use="signing">' + extra + b'<md:KeyDescriptor use="encryption">',
        1,
    )
    register_at(network, both)
    assert post(network, old).status_code == post(network, new).status_code == 303

    register_at(network, new.metadata())
    assert post(network, new).status_code == 303
    watch.refuses(lambda: post(network, old), "EH-SIG-10")


def test_REQ_02_an_address_that_is_no_web_address_is_not_registered(network, requester):
    for wrong in ("javascript:alert(1)", "data:text/html,x", "ftp://127.0.0.1/acs", "//127.0.0.1/acs"):
        metadata = replace(requester, consumer=wrong).metadata()
        with pytest.raises(MetadataRejected):
            register_at(network, metadata)
    assert post(network, requester).status_code == 303


def test_MD_11_an_issuer_that_is_an_address_is_not_visited(watch: Watch, network, requester):
    """Metadata comes from the operator; what a message names is looked up, not fetched."""
    with socket.socket() as canary:
        canary.bind(("127.0.0.1", 0))
        canary.listen()
        canary.settimeout(0.2)
        address = f"http://127.0.0.1:{canary.getsockname()[1]}/metadata"
        stranger = replace(requester, entity_id=address)
        watch.refuses(lambda: post(network, stranger), "EH-SND-01")
        with pytest.raises(TimeoutError):
            canary.accept()
