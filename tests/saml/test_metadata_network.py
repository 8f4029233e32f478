"""Network metadata: written by the management organisation, read by the broker and the authentication service."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.text import Text
from broker.saml import document, names, signature
from broker.saml.faults import ContentReason, DocumentReason, MetadataReason, MetadataRejected, Reason, SignatureReason
from broker.saml.keys import Recipient, VerificationKey
from broker.saml.network import Network, read_network
from broker.saml.network_publication import write_network

from .metadata_samples import (
    AUTHENTICATION_SERVICE,
    BROKER,
    MOMENT,
    REGISTER_1,
    REGISTER_2,
    SLO,
    STATEMENTS,
    STUB,
    STUB_LOGOUT,
    network,
    network_metadata,
    signing_key,
)

BO = signing_key("bo")
BO_KEYS = (VerificationKey.of(BO.certificate),)
MD = {"md": names.MD, "saml": names.SAML, "ds": names.DS}

GROUP = "md:EntitiesDescriptor[@Name='urn:etoegang:role:{}']/md:EntityDescriptor/"
AD, MR, HM = (GROUP.format(name) for name in ("Authenticatiediensten", "Machtigingenregisters", "Herkenningsmakelaars"))


def written(content: Network) -> bytes:
    return write_network(content, BO, "_network")


def read(data: bytes, minimum_sequence: int = 0) -> Network:
    return read_network(data, BO_KEYS, MOMENT, minimum_sequence=minimum_sequence)


def refusal(data: bytes, minimum_sequence: int = 0) -> MetadataRejected:
    with pytest.raises(MetadataRejected) as caught:
        read(data, minimum_sequence)
    assert "\n" not in str(caught.value)
    return caught.value


def resigned(change: Callable[[etree._Element], object]) -> bytes:
    """The network with `change` applied to its tree, and then signed by the management organisation after all."""
    root = document.read(network_metadata())
    root.remove(root[0])
    change(root)
    signature.sign(root, BO, position=signature.FIRST, with_certificate=True)
    return document.write(root)


def find(root: etree._Element, path: str) -> etree._Element:
    found = root.find(path, MD)
    assert found is not None
    return found


def test_what_is_written_is_read_back() -> None:
    found = read(network_metadata())
    assert (found.sequence, found.valid_until) == (7, MOMENT + timedelta(days=30))

    (service,) = found.authentication_services
    assert (service.entity_id, service.sso_location) == (AUTHENTICATION_SERVICE, STUB)
    assert service.logout_location == STUB_LOGOUT
    assert service.names == Text("Testmiddelen", "Test means")
    assert service.maximum_level is AssuranceLevel.EH3
    assert [key.certificate for key in service.verification_keys] == [signing_key("ad").certificate]

    first, second = found.registers
    assert (first.entity_id, second.entity_id) == (REGISTER_1, REGISTER_2)
    assert first.recipient == Recipient(REGISTER_1, signing_key("mr1 encryption").certificate)
    assert [key.certificate for key in second.verification_keys] == [signing_key("mr2").certificate]

    (broker,) = found.brokers
    assert broker.entity_id == BROKER
    assert broker.assertion_consumers == {1: STATEMENTS}
    assert broker.logout_location == SLO
    assert [key.certificate for key in broker.verification_keys] == [signing_key("broker").certificate]


def test_logging_out_is_optional() -> None:
    known = network()
    services = tuple(replace(item, logout_location=None) for item in known.authentication_services)
    brokers = tuple(replace(item, logout_location=None) for item in known.brokers)
    found = read(written(replace(known, authentication_services=services, brokers=brokers)))
    assert [item.logout_location for item in (*found.authentication_services, *found.brokers)] == [None, None]


def test_it_is_laid_out_as_the_scheme_says() -> None:
    root = etree.fromstring(network_metadata())
    assert root.get("Name") == "urn:etoegang:1.13:metadata:T:7"
    assert root.get("cacheDuration") == "P7D"
    assert root.get("validUntil") == "2026-12-24T12:00:00Z"
    assert [group.get("Name") for group in root.findall("md:EntitiesDescriptor", MD)] == [
        "urn:etoegang:role:Authenticatiediensten",
        "urn:etoegang:role:Machtigingenregisters",
        "urn:etoegang:role:Herkenningsmakelaars",
    ]


def test_a_role_without_participants_is_left_out() -> None:
    found = read(written(replace(network(), registers=())))
    assert found.registers == ()
    assert len(found.brokers) == len(found.authentication_services) == 1


def test_MD_07_two_certificates_of_a_participant_are_both_read() -> None:
    both = tuple(VerificationKey.of(signing_key(name).certificate) for name in ("ad", "ad next"))
    service = replace(network().authentication_services[0], verification_keys=both)
    (found,) = read(written(replace(network(), authentication_services=(service,)))).authentication_services
    assert [key.certificate for key in found.verification_keys] == [key.certificate for key in both]


def test_only_addresses_that_take_statements_by_post_are_read() -> None:
    def add(root: etree._Element) -> None:
        consumer = find(root, HM + "md:SPSSODescriptor/md:AssertionConsumerService")
        attributes = {"Binding": names.BINDING_ARTIFACT, "Location": "http://localhost:8080/other", "index": "2"}
        consumer.addnext(etree.Element(consumer.tag, attributes))

    assert read(resigned(add)).brokers[0].assertion_consumers == {1: STATEMENTS}


def test_MD_01_unsigned_network_is_refused() -> None:
    root = document.read(network_metadata())
    root.remove(root[0])
    assert refusal(document.write(root)).reason is SignatureReason.MISSING


def test_MD_01_bad_signature_is_refused() -> None:
    changed = network_metadata().replace(STUB.encode(), b"http://127.0.0.1:6666/sso")
    assert refusal(changed).reason is SignatureReason.INVALID


def test_MD_01_signature_of_a_participant_is_refused() -> None:
    assert refusal(write_network(network(), signing_key("broker"), "_network")).reason is SignatureReason.NO_KEY


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=-1)])
def test_MD_02_expired_network_is_refused(ahead: timedelta) -> None:
    assert refusal(written(network(valid_until=MOMENT + ahead))).reason is MetadataReason.EXPIRED


def test_MD_02_network_that_is_valid_for_too_long_is_refused() -> None:
    assert read(written(network(valid_until=MOMENT + timedelta(days=366)))).sequence == 7
    assert refusal(written(network(valid_until=MOMENT + timedelta(days=367)))).reason is MetadataReason.VALIDITY


def test_MD_02_network_without_end_is_refused() -> None:
    assert refusal(resigned(lambda root: root.attrib.pop("validUntil"))).reason is ContentReason.MISSING


def test_MD_02_expired_participant_is_refused() -> None:
    def expire(root: etree._Element) -> None:
        find(root, ".//md:EntityDescriptor").set("validUntil", "2026-11-24T11:59:59Z")

    assert refusal(resigned(expire)).reason is MetadataReason.EXPIRED


def test_MD_03_older_network_is_refused() -> None:
    assert read(network_metadata(), minimum_sequence=7).sequence == 7
    assert refusal(network_metadata(), minimum_sequence=8).reason is MetadataReason.OLDER


def test_MD_04_duplicate_entity_is_refused() -> None:
    twice = replace(network(), brokers=network().brokers * 2)
    assert refusal(written(twice)).reason is MetadataReason.DUPLICATE
    elsewhere = replace(network(), brokers=(replace(network().brokers[0], entity_id=REGISTER_1),))
    assert refusal(written(elsewhere)).reason is MetadataReason.DUPLICATE


def test_MD_05_an_entity_counts_only_in_the_role_that_it_is_listed_under() -> None:
    def rename(root: etree._Element) -> None:
        find(root, "md:EntitiesDescriptor").set("Name", "urn:etoegang:role:Koppelregisters")

    assert read(resigned(rename)).authentication_services == ()


def test_MD_06_wrapped_network_is_refused() -> None:
    """The signed original hidden in Extensions, with the signature still pointing at it."""
    original = document.read(network_metadata())
    evil = document.read(
        network_metadata().replace(b"_network", b"_evil").replace(STUB.encode(), b"http://evil.invalid/")
    )
    evil.remove(evil[0])
    evil.insert(0, original[0])
    extensions = etree.Element(f"{{{names.MD}}}Extensions")
    etree.SubElement(extensions, "{urn:example}x").append(original)
    evil.insert(1, extensions)
    assert refusal(document.write(evil)).reason is SignatureReason.REFERENCE


def test_MD_06_original_in_the_signature_is_refused() -> None:
    original = document.read(network_metadata())
    evil = document.read(network_metadata().replace(STUB.encode(), b"http://evil.invalid/"))
    container = etree.SubElement(evil[0], f"{{{names.DS}}}Object")
    original.set("ID", "_elsewhere")
    container.append(original)
    assert refusal(document.write(evil)).reason is SignatureReason.STRUCTURE


@pytest.mark.parametrize(
    "path",
    [".//md:SingleSignOnService", ".//md:AssertionConsumerService"],
)
@pytest.mark.parametrize("location", ["javascript:alert(1)", "http://user@127.0.0.1/", "http://127.0.0.1/#x"])
def test_MD_10_unusable_endpoint_is_refused(path: str, location: str) -> None:
    rejected = refusal(resigned(lambda root: find(root, path).set("Location", location)))
    assert rejected.reason is MetadataReason.ENDPOINT


def _drop(path: str) -> Callable[[etree._Element], None]:
    def drop(root: etree._Element) -> None:
        element = find(root, path)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)

    return drop


def _set(path: str, name: str, value: str) -> Callable[[etree._Element], None]:
    return lambda root: find(root, path).set(name, value)


def _text(path: str, text: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        find(root, path).text = text

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_set(".", "Name", "urn:etoegang:1.13:metadata:P:7"), MetadataReason.NAME),
        (_set(".", "Name", "urn:etoegang:1.13:metadata:T:"), MetadataReason.NAME),
        (
            _set(AD + "md:IDPSSODescriptor/md:SingleSignOnService", "Binding", names.BINDING_SOAP),
            MetadataReason.ENDPOINT,
        ),
        (_drop(AD + "md:IDPSSODescriptor/md:KeyDescriptor"), MetadataReason.KEY),
        (_drop(AD + "md:IDPSSODescriptor"), DocumentReason.SCHEMA),
        (_drop(AD + "md:Extensions"), ContentReason.MISSING),
        (
            _text(AD + "md:Extensions//saml:AttributeValue", "urn:etoegang:core:assurance-class:loa1"),
            ContentReason.MALFORMED,
        ),
        (_drop(MR + "md:PDPDescriptor/md:KeyDescriptor[@use='encryption']"), MetadataReason.KEY),
        (_drop(MR + "md:PDPDescriptor/md:KeyDescriptor[@use='signing']"), MetadataReason.KEY),
        (
            _set(HM + "md:SPSSODescriptor/md:AssertionConsumerService", "Binding", names.BINDING_SOAP),
            MetadataReason.ENDPOINT,
        ),
        (_set(HM + "md:SPSSODescriptor", "protocolSupportEnumeration", "urn:example"), MetadataReason.ROLE),
    ],
)
def test_a_participant_that_cannot_be_used_is_refused(
    change: Callable[[etree._Element], object], reason: Reason
) -> None:
    assert refusal(resigned(change)).reason is reason


def test_a_register_whose_encryption_certificate_ended_is_refused() -> None:
    ended = signing_key("mr ended", MOMENT - timedelta(days=9), MOMENT - timedelta(days=1)).certificate
    register = replace(network().registers[0], recipient=Recipient(REGISTER_1, ended))
    assert refusal(written(replace(network(), registers=(register,)))).reason is MetadataReason.KEY


def test_other_documents_are_refused() -> None:
    assert refusal(b"<x/>").reason is DocumentReason.WRONG_ROOT
    assert refusal(b"<x").reason is DocumentReason.NOT_WELL_FORMED
