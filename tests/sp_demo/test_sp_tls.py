"""The demo service provider over https: it gives artifacts to the one broker that it trusts, and shows who it is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from broker.core.clock import system_clock
from broker.saml import pki
from broker.simulator.layout import Layout
from sp_demo.broker import read_broker
from sp_demo.client import PortalClient
from sp_demo.keys import read_own_key
from sp_demo.login import random_id
from sp_demo.receive import read_answer
from sp_demo.refusal import Reason, Refused
from sp_demo.settings import read_settings
from tests.network import Network
from tests.simulator.artifacts import issued_to

NO_FILES = {"tls_key_file": None, "tls_certificate_file": None}


@pytest.fixture
def code(network_over_tls: Network) -> Callable[..., str]:
    """code(other settings, other settings of the portal): the status behind an artifact; raises `Refused`."""
    network = network_over_tls
    settings = read_settings(Layout.of(network.settings).demo_config)

    def resolved(change: dict[str, object], change_portal: dict[str, object]) -> str:
        portal = settings.portal("gemeente").model_copy(update=change_portal)
        broker = read_broker(settings.broker_metadata_file)
        key = read_own_key(portal.signing_key_file, portal.signing_certificate_file)
        client = PortalClient(settings.model_copy(update=change), portal, broker, key, system_clock)
        artifact = issued_to(network.simulator, portal.entity_id, settings.acs_url(portal))
        answer = read_answer(client.resolve(artifact, random_id()), broker.keys, system_clock())
        return answer.status.detail.rpartition(":")[2]

    return resolved


def test_it_shows_its_certificate_for_tls(code):
    assert code({}, {}) == "AuthnFailed"


def test_it_shows_its_certificate_for_signing_when_it_has_no_other(code):
    assert code({}, NO_FILES) == "AuthnFailed"


def test_ART_03_with_a_certificate_of_another_it_gets_nothing(code, network_over_tls: Network):
    certificate, key = network_over_tls.client_certificate("kvk")
    with pytest.raises(Refused) as refused:
        code({}, {"tls_certificate_file": certificate, "tls_key_file": key})
    assert refused.value.reason is Reason.NOTHING_FOUND


@pytest.fixture
def another_authority(tmp_path: Path) -> Path:
    pki.ensure(tmp_path / "certs", (pki.Party("x", "X", "00000099000000990000"),), system_clock())
    return pki.authority_path(tmp_path / "certs")


def test_ART_13_a_broker_with_a_certificate_of_another_authority_gets_no_artifact(code, another_authority: Path):
    with pytest.raises(Refused, match="CERTIFICATE_VERIFY_FAILED") as refused:
        code({"broker_ca_file": another_authority}, {})
    assert refused.value.reason is Reason.BROKER_SILENT


def test_ART_13_without_the_test_authority_nobody_vouches_for_the_broker(code):
    with pytest.raises(Refused, match="CERTIFICATE_VERIFY_FAILED") as refused:
        code({"broker_ca_file": None}, {})
    assert refused.value.reason is Reason.BROKER_SILENT
