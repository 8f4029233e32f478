"""The back channel over TLS: an artifact leads to its answer over a connection of the party that asks (ART)."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
import requests
from lxml import etree

from broker.saml.client_certificate import ClientCertificate
from tests.network import Network
from tests.requester import Requester, sign, soap
from tests.simulator.artifacts import assert_answered, assert_empty, issued
from tests.simulator.outcome import Watch


@pytest.fixture
def tls(network_over_tls: Network) -> Network:
    return network_over_tls


@pytest.fixture
def watch(tls: Network, log) -> Watch:
    return Watch(tls, log)


@pytest.fixture
def requester(tls: Network, make_requester: Callable[..., Requester]) -> Requester:
    """A service provider with the OIN of the Belastingdienst."""
    return make_requester(tls)


@pytest.fixture
def artifact(tls: Network, requester: Requester) -> str:
    return issued(tls.simulator, requester)


@pytest.fixture
def collect(tls: Network, requester: Requester, artifact: str) -> Callable[..., etree._Element]:
    """collect("kvk", "tls"): the answer to the requester's question, over a connection with a certificate of KVK."""

    def ask(party: str | None = "belastingdienst", use: str = "tls", address: str | None = None) -> etree._Element:
        connection = {"verify": tls.authority, "cert": tls.client_certificate(party, use) if party else None}
        return requester.collect(address or tls.simulator.addresses.resolution, artifact, **connection)

    return ask


def refusals(log) -> list[str]:
    """The ids of the rules for which connections were refused."""
    return [line.split()[0] for entry in log if entry["event"] == "artifact.refused" for line in entry["findings"]]


def test_metadata_names_the_address_that_wants_a_certificate(tls: Network):
    metadata = etree.fromstring(
        requests.get(tls.simulator.addresses.metadata, verify=tls.authority, timeout=30).content
    )
    named = {item.get("Location") for item in metadata.iter("{*}ArtifactResolutionService")}
    assert named == {f"{tls.settings.back_channel.url}/broker/ars/1.13"}
    assert {item.get("Location") for item in metadata.iter("{*}SingleSignOnService")} == {tls.simulator.addresses.sso}
    assert tls.simulator.addresses.sso.startswith(f"https://localhost:{tls.settings.broker.port}/")
    assert tls.settings.back_channel.port != tls.settings.broker.port


def test_ART_02_ART_03_the_own_certificate_leads_to_the_answer_once(log, collect):
    assert_answered(collect())
    assert_empty(collect())
    assert refusals(log) == []


@pytest.mark.parametrize("use", ["tls", "signing"])
def test_ART_03_a_certificate_of_another_party_leads_to_nothing_and_the_artifact_is_spent(log, collect, use):
    assert_empty(collect("kvk", use))
    assert refusals(log) == ["EH-RES-07"]
    assert_empty(collect())


def test_ART_03_a_connection_without_a_certificate_leads_to_nothing_and_the_artifact_is_spent(tls, log, collect):
    assert_empty(collect(None, address=f"{tls.broker}/broker/ars/1.13"))
    assert refusals(log) == ["EH-RES-06"]
    assert_empty(collect())


def test_ART_03_no_header_stands_for_a_certificate(tls, log, requester, artifact):
    """What a proxy could tell the program in a header, anybody could."""
    pem = tls.client_certificate("belastingdienst")[0].read_text()
    told = {name: quote(pem) for name in ("SSL_CLIENT_CERT", "SSL-Client-Cert", "X-SSL-Client-Cert", "X-Client-Cert")}
    question = etree.tostring(requester.signed(requester.resolve(artifact)))
    body = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>%s</s:Body></s:Envelope>' % question
    )
    headers = {"Content-Type": "text/xml", **told}
    answer = requests.post(f"{tls.broker}/broker/ars/1.13", body, headers=headers, verify=tls.authority, timeout=30)
    assert_empty(etree.fromstring(answer.content)[0][0])
    assert refusals(log) == ["EH-RES-06"]


def test_a_certificate_in_the_metadata_is_as_good_as_one_with_the_oin(
    tls, log, make_requester, requester_keys, tmp_path
):
    """The scheme lets the certificate for signing serve connections too; that of `one` has the OIN of another party."""
    requester, pair = make_requester(tls, "kvk"), requester_keys["one"]["signing"]
    certificate, key = tmp_path / "one.pem", tmp_path / "one.key"
    certificate.write_bytes(pair.certificate_pem)
    key.write_bytes(pair.key_pem)
    connection = {"verify": tls.authority, "cert": (certificate, key)}
    resolution = tls.simulator.addresses.resolution
    assert_answered(requester.collect(resolution, issued(tls.simulator, requester), **connection))
    other = make_requester(tls, "kvk", "other", 9056)
    assert_empty(other.collect(resolution, issued(tls.simulator, other), **connection))
    assert refusals(log) == ["EH-RES-07"]


def test_ART_05_a_question_that_is_not_proven_spends_nothing_over_the_right_connection(
    watch, tls, requester, requester_keys, artifact, collect
):
    connection = {"verify": tls.authority, "cert": tls.client_certificate("belastingdienst")}
    question, stranger = requester.resolve(artifact), requester_keys["other"]["signing"]
    resolution = tls.simulator.addresses.resolution
    watch.faults(lambda: soap(resolution, question, **connection), "EH-SIG-01")
    watch.faults(lambda: soap(resolution, sign(question, stranger), **connection), "EH-SIG-10")
    assert_answered(collect())


def test_a_question_that_names_the_other_address_is_not_for_this_one(watch, tls, requester, artifact, collect):
    connection = {"verify": tls.authority, "cert": tls.client_certificate("belastingdienst")}
    question = requester.signed(requester.resolve(artifact, Destination=f"{tls.broker}/broker/ars/1.13"))
    watch.faults(lambda: soap(tls.simulator.addresses.resolution, question, **connection), "EH-RES-02")
    assert_answered(collect())


@pytest.mark.parametrize("path", ["/", "/login/x", "/broker/metadata/1.13", "/broker/ars/1.13", "/static/icon.svg"])
def test_the_address_of_the_back_channel_has_no_pages(tls, path):
    connection = {"verify": tls.authority, "cert": tls.client_certificate("kvk")}
    answer = requests.get(tls.settings.back_channel.url + path, timeout=30, **connection)
    assert answer.status_code == (405 if "ars" in path else 404)
    assert answer.content == b""
    assert "Set-Cookie" not in answer.headers


def test_the_oin_of_a_certificate_that_cannot_be_read_is_not_known():
    assert ClientCertificate.from_der(b"\x30\x03\x02\x01\x01").oin is None
