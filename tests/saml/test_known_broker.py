"""The broker's metadata as the Beheermodule reads it, and the metadata that the Beheermodule gives of itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from lxml import etree

from broker.core.identifiers import ServiceId
from broker.core.text import Text
from broker.saml import document, names, signature
from broker.saml.faults import MetadataRejected
from broker.saml.keys import SigningKey
from broker.saml.known_broker import read_broker
from broker.saml.metadata import read_service_provider
from broker.saml.service_provider_metadata import ServiceProviderDescription, write_service_provider

from .metadata_samples import ARS, BROKER, MOMENT, SSO, broker_metadata, signing_key

KEY = signing_key("broker")
ROLE = f"{{{names.MD}}}IDPSSODescriptor"


def spoilt(change: Callable[[etree._Element], object], key: SigningKey | None = KEY) -> bytes:
    """The metadata with a change, signed again with `key`."""
    root = document.read(broker_metadata())
    root.remove(root.find(f"{{{names.DS}}}Signature"))
    change(root)
    if key is not None:
        signature.sign(root, key, position=signature.FIRST, with_certificate=True)
    return document.write(root)


def without(name: str) -> Callable[[etree._Element], object]:
    def change(root: etree._Element) -> None:
        role = root.find(ROLE)
        for element in role.findall(f"{{{names.MD}}}{name}"):
            role.remove(element)

    return change


def without_posts(root: etree._Element) -> None:
    for element in root.findall(f"{ROLE}/{{{names.MD}}}SingleSignOnService"):
        element.set("Binding", names.BINDING_REDIRECT)


def nothing(_root: etree._Element) -> None:
    """As it is."""


def test_whom_to_ask_and_whom_to_believe() -> None:
    known = read_broker(broker_metadata(), MOMENT)
    assert (known.entity_id, known.sso_location) == (BROKER, SSO)
    assert [known.artifact_resolution_by_index(index).location for index in (0, 1)] == [ARS, ARS]
    assert known.artifact_resolution_by_index(2) is None
    assert [key.certificate.der for key in known.verification_keys] == [KEY.certificate.der]


def test_what_is_signed_again_is_read_as_before() -> None:
    assert read_broker(spoilt(nothing), MOMENT).entity_id == BROKER


@pytest.mark.parametrize(
    "data",
    [
        spoilt(nothing, key=None),
        spoilt(nothing, key=signing_key("another")),
        broker_metadata().replace(SSO.encode(), b"http://127.0.0.1:6666/sso"),
        spoilt(without_posts),
        spoilt(without("KeyDescriptor")),
        spoilt(lambda root: root.set("validUntil", (MOMENT - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ"))),
        spoilt(lambda root: setattr(root, "tag", f"{{{names.MD}}}AffiliationDescriptor")),
        spoilt(lambda root: etree.SubElement(root.find(ROLE), f"{{{names.MD}}}Nonsense")),
        b"<x/>",
        b"",
    ],
    ids=[
        "unsigned",
        "another's",
        "changed",
        "no sign-on for posts",
        "no key",
        "expired",
        "no entity",
        "not by the schema",
        "no metadata",
        "nothing",
    ],
)
def test_metadata_that_is_not_to_be_believed(data: bytes) -> None:
    with pytest.raises(MetadataRejected):
        read_broker(data, MOMENT)


def test_an_address_with_another_binding_is_no_place_to_resolve_artifacts() -> None:
    def change(root: etree._Element) -> None:
        root.find(f"{ROLE}/{{{names.MD}}}ArtifactResolutionService").set("Binding", names.BINDING_POST)

    known = read_broker(spoilt(change), MOMENT)
    assert known.artifact_resolution_by_index(0) is None
    assert known.artifact_resolution_by_index(1).location == ARS


def test_of_two_places_to_sign_on_the_one_for_posts_counts() -> None:
    def change(root: etree._Element) -> None:
        first = root.find(f"{ROLE}/{{{names.MD}}}SingleSignOnService")
        other = {"Binding": names.BINDING_REDIRECT, "Location": "http://127.0.0.1:6666/other"}
        first.addprevious(etree.Element(first.tag, other))

    assert read_broker(spoilt(change), MOMENT).sso_location == SSO


def test_our_own_metadata_is_read_as_any_service_providers() -> None:
    key = signing_key("module")
    service_id = ServiceId("urn:etoegang:DV:00000099000000160000:services:9001")
    described = ServiceProviderDescription(
        entity_id="urn:etoegang:DV:00000099000000160000:entities:9001",
        display_name=Text("Beheermodule", "Management module"),
        signing=key.certificate,
        encryption=signing_key("module encryption").certificate,
        consumer="http://localhost:8080/beheer/acs",
        service_id=service_id,
        service_name=Text("Beheer", "Management"),
    )
    metadata = read_service_provider(write_service_provider(described, key, "_module"), MOMENT)
    assert metadata.signed
    assert (metadata.entity_id, metadata.display_name) == (described.entity_id, described.display_name)
    assert [item.der for item in metadata.encryption_certificates] == [described.encryption.der]
    (consumer,) = metadata.assertion_consumers
    assert (consumer.binding, consumer.location, consumer.is_default) == (
        names.BINDING_ARTIFACT,
        described.consumer,
        True,
    )
    assert metadata.service_by_index(9001).service_id == service_id
