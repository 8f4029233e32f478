"""Whoever cannot be encrypted for cannot register, and when it comes to that nothing is signed for it (KEY)."""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from lxml import etree

from broker.core.findings import Severity
from broker.core.identifiers import ServiceId
from broker.rules.registration import ServiceCertificates
from broker.saml.faults import MetadataRejected
from broker.saml.keys import Certificate
from broker.simulator import issuing
from broker.simulator.service_providers import register, unusable
from broker.store import documents
from tests.network import Network, register_at
from tests.requester import NS, Pair, Requester, opened
from tests.simulator.journey import BROWSER, Journey, Stub
from tests.simulator.test_posted_choice import at_the_list, choices, choose
from tests.simulator.test_unsupported import TEXTS

SERVICES = "urn:etoegang:DV:00000099000000110000:services"
ENCRYPTION = re.compile(rb'<md:KeyDescriptor use="encryption">.*?</md:KeyDescriptor>', re.DOTALL)


@pytest.fixture
def newcomer(requester: Requester, request) -> Requester:
    """A service provider that is not registered, another one for each test."""
    number = sum(map(ord, request.node.nodeid)) + 10_000
    return replace(requester, entity_id=f"urn:etoegang:DV:00000099000000110000:entities:{number}")


def without_certificate(requester: Requester) -> bytes:
    """Its metadata, without the certificate to encrypt with."""
    metadata, count = ENCRYPTION.subn(b"", requester.metadata())
    assert count == 1
    return metadata


def in_catalogue(network: Network, pair: Pair, *services: int) -> ServiceCertificates:
    """What a catalogue would say that has the certificate of `pair` for these services."""
    certificate = Certificate.from_der(pair.der)
    named = {ServiceId(f"{SERVICES}:{number}"): (certificate,) for number in services}
    return {**network.simulator.service_certificates, **named}


def register_with(network: Network, metadata: bytes, certificates: ServiceCertificates):
    return register(network.simulator.store, metadata, network.clock(), certificates)


def plant(network: Network, requester: Requester) -> None:
    """What an earlier version registered, or a catalogue that was changed, leaves behind."""
    xml = without_certificate(requester)
    store = network.simulator.store
    store.write(lambda tx: documents.put(tx, "service_provider", requester.entity_id, xml, network.clock()))


def test_metadata_without_a_certificate_for_encryption_is_not_registered(watch, network, newcomer):
    with pytest.raises(MetadataRejected) as refused:
        register_at(network, without_certificate(newcomer))
    said = str(refused.value)
    assert said.startswith("recipient: SPSSODescriptor/KeyDescriptor: no certificate for encryption")
    for part in (f"{SERVICES}:9001", 'use="encryption"', "ServiceCertificate"):
        assert part in said
    watch.refuses(lambda: post(network, newcomer), "EH-SND-01")


def test_one_service_with_a_certificate_does_not_make_up_for_another_without(network, newcomer, requester_keys):
    certificates = in_catalogue(network, requester_keys["other"]["encryption"], 9001)
    with pytest.raises(MetadataRejected, match=f"{SERVICES}:9002"):
        register_with(network, without_certificate(newcomer), certificates)


def test_a_certificate_in_the_catalogue_does_as_well_and_is_encrypted_for(network, newcomer, requester_keys):
    pair = requester_keys["other"]["encryption"]
    certificates = in_catalogue(network, pair, 9001, 9002)
    registered = register_with(network, without_certificate(newcomer), certificates)
    assert registered.warnings == ()

    simulator = replace(network.simulator, service_certificates=certificates)
    assertion = answered(Journey(simulator, Stub.of(network.settings, simulator), newcomer))
    legal_subject = assertion.find(".//saml:Attribute[@Name='urn:etoegang:core:LegalSubjectID']", NS)
    identifiers = [opened(item, pair).text for item in legal_subject.iter(f"{{{NS['saml']}}}EncryptedID")]
    assert identifiers[0] == "68727720"


def test_of_several_certificates_the_first_that_is_valid_is_encrypted_for(network, newcomer, requester_keys):
    """During a key roll-over both stand in the catalogue, or in the metadata."""
    new = Certificate.from_der(requester_keys["other"]["encryption"].der)
    old = replace(Certificate.from_der(newcomer.encryption.der), not_after=network.clock() - timedelta(days=1))
    register_at(network, newcomer.metadata())
    for given, pair in (((old, new), requester_keys["other"]["encryption"]), ((old,), newcomer.encryption)):
        certificates = {**network.simulator.service_certificates, ServiceId(f"{SERVICES}:9001"): given}
        simulator = replace(network.simulator, service_certificates=certificates)
        assertion = answered(Journey(simulator, Stub.of(network.settings, simulator), newcomer))
        encrypted = assertion.find("saml:AttributeStatement//saml:EncryptedID", NS)
        assert opened(encrypted, pair).text


def answered(journey: Journey) -> etree._Element:
    """The assertion of a whole login on behalf of a client."""
    login = journey.at_the_list()
    delivery = issuing.issue(journey.simulator, login.id, BROWSER, journey.token(login, "Glasblazerij"))
    artifact = parse_qs(urlsplit(delivery.location).query)["SAMLart"][0]
    return journey.requester.collect(journey.simulator.addresses.resolution, artifact).find(".//saml:Assertion", NS)


def test_another_certificate_in_the_catalogue_is_warned_for_when_registering_and_noted_at_each_login(
    network, newcomer, requester_keys
):
    certificates = in_catalogue(network, requester_keys["other"]["encryption"], 9001)
    registered = register_with(network, newcomer.metadata(), certificates)
    (warning,) = registered.warnings
    assert (warning.rule, warning.severity) == ("EH-REG-02", Severity.WARNING)
    assert f"{SERVICES}:9001" in warning.detail
    assert requester_keys["other"]["encryption"].name in warning.detail

    simulator = replace(network.simulator, service_certificates=certificates)
    begun = Journey(simulator, Stub.of(network.settings, simulator), newcomer).received()
    assert [(note.rule, note.severity) for note in begun.notes] == [("EH-REQ-42", Severity.WARNING)]


def test_the_same_certificate_in_the_catalogue_is_not_worth_a_word(network, newcomer):
    certificates = in_catalogue(network, newcomer.encryption, 9001, 9002)
    assert register_with(network, newcomer.metadata(), certificates).warnings == ()


def test_a_service_that_no_catalogue_has_is_warned_for(network, newcomer):
    stretched = replace(newcomer, services={**newcomer.services, 9098: f"{SERVICES}:9098"})
    (warning,) = register_at(network, stretched.metadata()).warnings
    assert (warning.rule, warning.severity) == ("EH-REG-03", Severity.WARNING)
    assert f"{SERVICES}:9098" in warning.detail


def test_a_request_of_one_who_was_registered_without_is_answered_with_what_is_the_matter(network, log, newcomer):
    plant(network, newcomer)
    answer = post(network, newcomer)
    assert answer.headers["Location"].startswith(f"{newcomer.consumer}?")
    assert [line.split()[0] for line in log[0]["findings"]] == ["EH-REQ-30"]
    artifact = parse_qs(urlsplit(answer.headers["Location"]).query)["SAMLart"][0]
    resolved = newcomer.collect(network.simulator.addresses.resolution, artifact)
    assert resolved.findtext(".//samlp:StatusMessage", None, NS) == TEXTS["EH-REQ-30"]


def test_a_certificate_that_is_gone_when_the_person_chooses_is_a_refusal(network, newcomer):
    register_at(network, newcomer.metadata())
    login, page = at_the_list(network, newcomer)
    plant(network, newcomer)
    answer = choose(login, page, choices(page)[1])
    assert answer.status_code == 200
    assert "NO_ENCRYPTION_CERTIFICATE" in answer.text
    assert "Terug naar Belastingdienst (test)" in answer.text


def test_who_cannot_be_served_is_known_before_the_start(own_network, make_requester):
    fine, broken = make_requester(own_network), make_requester(own_network, entity=9071)
    simulator = own_network.simulator

    def refused() -> dict[str, MetadataRejected]:
        return dict(unusable(simulator.store, own_network.clock(), simulator.service_certificates))

    assert refused() == {}
    plant(own_network, broken)
    assert refused().keys() == {broken.entity_id}
    assert fine.entity_id != broken.entity_id


def post(network: Network, requester: Requester) -> requests.Response:
    sso = network.simulator.addresses.sso
    return requests.post(sso, requester.begin(sso), allow_redirects=False, timeout=30)
