"""What is written is read back, by us and by the schema of others."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from signxml import XMLVerifier

from broker.core.catalogue import BRANCH_RESTRICTION, RequestedAttribute, Service
from broker.core.identifiers import IdentifierType, Oin, ServiceId
from broker.saml.catalogue import read_catalogue
from broker.saml.catalogue_writing import write_catalogue

from .metadata_samples import pem, signing_key

SAMPLE = Path(__file__).parents[2] / "metadata" / "service-catalogue.xml"
MOMENT = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = signing_key("broker")
KVK, RSIN, PSEUDO = IdentifierType.KVK_NUMBER, IdentifierType.RSIN, IdentifierType.PSEUDO


def services() -> list[Service]:
    """Those of the sample, made to use everything that a catalogue can say."""
    known = read_catalogue(SAMPLE.read_bytes(), "sample").catalogue
    first, second, *others = known.services.values()
    rich = replace(
        first,
        identifier_sets=(frozenset({RSIN, KVK}), frozenset({KVK})),
        acting_sets=(frozenset({PSEUDO}),),
        restrictions_allowed=frozenset({BRANCH_RESTRICTION}),
        requested_attributes=(RequestedAttribute("urn:x:one", True), RequestedAttribute("urn:x:two")),
        brokers=frozenset({Oin("00000099000000010000"), Oin("00000099000000018000")}),
    )
    portal = replace(
        second, portal_for=(first.service_id, ServiceId("urn:etoegang:DV:00000099000000120000:services:1"))
    )
    return [rich, portal, *others]


def written(*some: Service, certificates: bool = True) -> bytes:
    own = {service.service_id: (signing_key("sp").certificate,) for service in some} if certificates else {}
    return write_catalogue(some, own, "urn:etoegang:1.13:service-catalogue:T:2", MOMENT, KEY)


def test_what_is_written_is_read_back() -> None:
    expected = services()
    found = read_catalogue(written(*expected), "written")
    assert sorted(found.catalogue.services.values(), key=str) == sorted(expected, key=str)
    assert {item.der for (item,) in found.certificates.values()} == {signing_key("sp").certificate.der}
    assert set(read_catalogue(written(*expected, certificates=False), "x").certificates.values()) == {()}


def test_others_accept_it(their_schema: etree.XMLSchema) -> None:
    data = written(*services())
    their_schema.assertValid(etree.fromstring(data))
    verified = XMLVerifier().verify(data, x509_cert=pem(KEY), id_attribute="ID")
    assert verified.signed_xml.get("ID") == "_catalogue"


def test_instances_of_one_provider_share_a_definition() -> None:
    first, second, *_ = services()
    both = (replace(first, definition_uuid=second.definition_uuid), replace(second, portal_for=()))
    assert written(*both).count(b"<esc:ServiceDefinition ") == 1


@pytest.mark.parametrize("count", [1, 3])
def test_only_what_was_asked_is_written(count: int) -> None:
    some = [replace(service, portal_for=()) for service in services()[:count]]
    assert set(read_catalogue(written(*some), "x").catalogue.services) == {service.service_id for service in some}
