"""Keys of the broker and metadata of the network are replaced while everything runs."""

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import requests
from lxml import etree
from signxml import XMLVerifier
from signxml.exceptions import InvalidSignature

from broker.core.current import Current
from broker.core.errors import ConfigError
from broker.core.ids import RandomIds
from broker.saml import network, network_publication
from broker.saml.keys import VerificationKey
from broker.simulator import prepare
from broker.simulator.compose import compose, signing_key
from broker.simulator.layout import Layout
from broker.simulator.parties import SCHEME_AUTHORITY
from tests.flow.answers import answer
from tests.network import Network
from tests.requester import Requester
from tests.simulator.answering import begin
from tests.simulator.outcome import facts

MD = {"md": "urn:oasis:names:tc:SAML:2.0:metadata", "ds": "http://www.w3.org/2000/09/xmldsig#"}


def roll(running: Network, step: str) -> list[str]:
    certificates = prepare.roll_over(running.settings, step, running.clock, RandomIds())
    return [certificate.key_name for certificate in certificates]


def published(running: Network) -> list[str]:
    """The KeyNames in the broker's metadata, as a service provider fetches it."""
    root = etree.fromstring(requests.get(running.simulator.addresses.metadata, timeout=30).content)
    return [name.text for name in root.findall("md:IDPSSODescriptor/md:KeyDescriptor/ds:KeyInfo/ds:KeyName", MD)]


def pem(running: Network, folder: str = "broker") -> bytes:
    return (running.settings.paths.certs / folder / "signing.pem").read_bytes()


def assert_signed(running: Network, requester: Requester, certificate: bytes) -> None:
    """A whole login, with the stub; what comes back is signed with the key of this certificate and with no other."""
    got = answer(running, requester, "Otto Enkel").root
    XMLVerifier().verify(got, x509_cert=certificate, id_attribute="ID")


def test_the_broker_rolls_its_key_over_without_a_restart(own_network, make_requester):
    requester, old_pem = make_requester(own_network), pem(own_network)
    (old,) = published(own_network)

    both = roll(own_network, "begin")
    new_pem = pem(own_network, "broker-next")
    assert both[0] == old
    assert published(own_network) == both
    assert len(set(both)) == 2
    assert_signed(own_network, requester, old_pem)

    assert roll(own_network, "switch") == both[::-1]
    assert published(own_network) == both[::-1]
    assert_signed(own_network, requester, new_pem)
    with pytest.raises(InvalidSignature):
        assert_signed(own_network, requester, old_pem)

    assert roll(own_network, "finish") == [both[1]]
    assert published(own_network) == [both[1]]
    assert_signed(own_network, requester, new_pem)
    assert sorted(path.name for path in own_network.settings.paths.certs.glob("broker*")) == ["broker"]


def test_the_steps_of_a_roll_over_come_in_order(own_network):
    for step, said in (("switch", "there is no next key"), ("finish", "there is no last key")):
        with pytest.raises(ConfigError, match=said):
            roll(own_network, step)
    roll(own_network, "begin")
    with pytest.raises(ConfigError, match="under way"):
        roll(own_network, "begin")
    roll(own_network, "switch")
    with pytest.raises(ConfigError, match="under way"):
        roll(own_network, "begin")
    with pytest.raises(ConfigError, match="there is no next key"):
        roll(own_network, "switch")


# --- the network ---------------------------------------------------------------------------------------------------


def publish(running: Network, **changes: Any) -> None:
    """The BO publishes the network anew, with these changes."""
    layout = Layout.of(running.settings)
    authority = signing_key(layout, SCHEME_AUTHORITY.folder)
    keys = (VerificationKey.of(authority.certificate),)
    known = network.read_network(layout.network_metadata.read_bytes(), keys, running.simulator.clock() - HOUR)
    changed = replace(known, **changes)
    layout.network_metadata.write_bytes(network_publication.write_network(changed, authority, RandomIds().message_id()))


HOUR = timedelta(hours=1)


def sequence(running: Network) -> int:
    """That of the network metadata that is published now."""
    root = etree.fromstring(Layout.of(running.settings).network_metadata.read_bytes())
    return int(root.get("Name").rpartition(":")[2])


def names(running: Network) -> list[str]:
    return [service.names.nl for service in running.simulator.authentication_services.values()]


@pytest.fixture
def services(own_network: Network) -> tuple[Any, ...]:
    """The authentication services of the network, with another name."""
    known = own_network.simulator.authentication_services.values()
    return tuple(replace(item, names=replace(item.names, nl="Andere naam")) for item in known)


def test_a_newer_network_counts_at_once(own_network, services):
    publish(own_network, authentication_services=services)
    assert names(own_network) == ["Andere naam"]


def test_an_older_network_does_not_take_the_place_of_a_newer_one(own_network, services, log):
    publish(own_network, authentication_services=services, sequence=1)
    assert names(own_network) == ["Stub Authenticatiedienst A"]
    assert names(own_network) == ["Stub Authenticatiedienst A"]
    (entry,) = [entry for entry in log if entry["event"] == "file.refused"]
    assert "older" in entry["detail"]


def test_MD_03_an_older_network_does_not_take_its_place_over_a_restart_either(own_network, services):
    """The first request of a process notes the number in the store, and so does one in each minute after."""
    file, settings, clock = Layout.of(own_network.settings).network_metadata, own_network.settings, own_network.clock
    replayed = file.read_bytes()
    newest = sequence(own_network) + 5
    publish(own_network, authentication_services=services, sequence=newest)
    assert names(own_network) == ["Andere naam"]
    assert requests.get(own_network.broker, timeout=30).status_code == 200

    file.write_bytes(replayed)
    with pytest.raises(ConfigError, match=f"older than {newest}"):
        compose(settings, clock, RandomIds())
    clock.offset = -HOUR  # a clock that was set back keeps nobody from starting
    prepare.prepare(settings, clock, RandomIds())
    compose(settings, clock, RandomIds()).store.close()
    assert sequence(own_network) == newest


def test_a_network_that_nobody_signed_does_not_take_its_place(own_network, log):
    file = Layout.of(own_network.settings).network_metadata
    file.write_bytes(file.read_bytes().replace(b"Stub Authenticatiedienst A", b"Andere naam"))
    assert names(own_network) == ["Stub Authenticatiedienst A"]
    file.unlink()
    assert names(own_network) == ["Stub Authenticatiedienst A"]
    assert [entry["event"] for entry in log] == ["file.refused", "file.refused"]


def test_an_expired_network_stops_logins_until_it_is_renewed(own_network, make_requester, log):
    requester = make_requester(own_network)
    publish(own_network, valid_until=(own_network.clock() + timedelta(seconds=2)).replace(microsecond=0))
    assert begin(own_network, requester).login_id
    own_network.clock.offset = timedelta(seconds=3)

    address = own_network.simulator.addresses.sso
    shown = requests.post(address, requester.begin(address), timeout=30)
    assert shown.status_code == 503
    page = lxml.html.document_fromstring(shown.content)
    assert facts(page)["Code"] == "EH-NET-01"
    assert "network" in next(entry for entry in log if entry["event"] == "rejected")["detail"]

    publish(own_network, valid_until=(own_network.clock() + HOUR).replace(microsecond=0))
    assert begin(own_network, requester).login_id


# --- files in general ----------------------------------------------------------------------------------------------


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def current(tmp_path: Path, told: list[str]) -> tuple[Path, Current[int]]:
    file = tmp_path / "number"
    file.write_text("1")
    return (
        file,
        Current((file,), lambda: int(file.read_text()), (ValueError, OSError), lambda error: told.append(str(error))),
    )


def test_a_file_is_read_anew_when_it_changed_and_only_then(current, told):
    file, number = current
    assert number.get() == 1
    file.write_text("22")
    assert number.get() == 22
    file.write_text("no number")
    assert [number.get(), number.get()] == [22, 22]
    assert len(told) == 1
    file.unlink()
    assert number.get() == 22
    time.sleep(0.01)
    file.write_text("3")
    assert number.get() == 3


def test_what_nobody_expects_is_not_hidden(tmp_path):
    file = tmp_path / "number"
    file.write_text("1")
    number = Current((file,), lambda: int(file.read_text()), (OSError,), print)
    file.write_text("x")
    with pytest.raises(ValueError):
        number.get()
    with pytest.raises(ValueError):
        Current((file,), lambda: int(file.read_text()), (ValueError,), print)
