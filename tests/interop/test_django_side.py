"""What django-digid-eherkenning hands to its broker: two files, and an AuthnRequest."""

import base64
import hashlib
from importlib.metadata import distribution, version

import pytest
from lxml import etree

from tests.network import CHECKOUT

from .driver import Browser
from .harness import DjangoSp, DjangoSpFailed, SpFacts, StartDjangoSp
from .schemas import CATALOGUE, METADATA, PROTOCOL, assert_valid
from .wire.broker import WireBroker
from .wire.crypto import NS, key_name, verified
from .wire.messages import ServiceProvider

SAML_PREFIX = "urn:oasis:names:tc:SAML:2.0:"


@pytest.fixture
def metadata(django_sp: DjangoSp) -> etree._Element:
    return etree.parse(django_sp.metadata).getroot()


@pytest.fixture
def catalogue(django_sp: DjangoSp) -> etree._Element:
    return etree.parse(django_sp.catalogue).getroot()


@pytest.mark.parametrize("name", ["django-digid-eherkenning", "maykin-python3-saml"])
def test_library_is_installed_as_published(name: str) -> None:
    recorded = [file for file in distribution(name).files if file.hash and file.suffix == ".py"]

    assert recorded
    for file in recorded:
        digest = hashlib.new(file.hash.mode, file.locate().read_bytes()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value, file


def test_page_about_clients_names_the_versions_that_are_run() -> None:
    page = (CHECKOUT / "docs" / "interop.md").read_text()
    library, saml, *below = map(
        version, ["django-digid-eherkenning", "maykin-python3-saml", "Django", "xmlsec", "lxml"]
    )

    assert f"| {library} with maykin-python3-saml {saml}, from PyPI; " in page
    assert "; Django {}, xmlsec {}, lxml {} |".format(*below) in page


def test_project_that_cannot_start_says_why(start_django_sp: StartDjangoSp) -> None:
    with pytest.raises(DjangoSpFailed, match="A valid OIN consists of 20 digits"):
        start_django_sp(SpFacts(oin="99"))


def test_broker_without_metadata_is_refused(django_sp: DjangoSp) -> None:
    with pytest.raises(DjangoSpFailed, match="Failed to parse the metadata"):
        django_sp.use_broker(django_sp.whoami_url)


def test_metadata_is_valid_and_signed_with_the_only_key_in_it(django_sp: DjangoSp, metadata: etree._Element) -> None:
    provider = ServiceProvider.read(django_sp.metadata, django_sp.catalogue)

    assert_valid(metadata, METADATA)
    assert verified(django_sp.metadata.read_bytes(), provider.certificate).get("entityID") == metadata.get("entityID")
    (key,) = metadata.findall("md:SPSSODescriptor/md:KeyDescriptor", NS)
    assert key.get("use") is None
    assert key.findtext("ds:KeyInfo/ds:KeyName", namespaces=NS) == key_name(provider.certificate)


def test_metadata_names_one_artifact_endpoint_and_one_service(django_sp: DjangoSp, metadata: etree._Element) -> None:
    (endpoint,) = metadata.findall("md:SPSSODescriptor/md:AssertionConsumerService", NS)
    (service,) = metadata.findall("md:SPSSODescriptor/md:AttributeConsumingService", NS)

    assert dict(endpoint.attrib) == {
        "Binding": SAML_PREFIX + "bindings:HTTP-Artifact",
        "Location": f"{django_sp.base_url}/eherkenning/acs/",
        "index": "1",
    }
    assert dict(service.attrib) == {"index": "9001"}
    assert [attribute.get("Name") for attribute in service.findall("md:RequestedAttribute", NS)] == [
        "urn:etoegang:DV:00000099000000150000:services:9001"
    ]


def test_catalogue_is_valid_but_its_signature_is_an_empty_form(catalogue: etree._Element) -> None:
    assert_valid(catalogue, CATALOGUE)
    assert not catalogue.findtext("ds:Signature/ds:SignatureValue", namespaces=NS)
    assert not catalogue.findtext(".//ds:DigestValue", namespaces=NS)


def test_catalogue_asks_rsin_with_kvk_number_first_and_kvk_number_alone_otherwise(catalogue: etree._Element) -> None:
    allowed = [
        (one.get("setNumber"), one.text.split(":")[-1]) for one in catalogue.iter("{*}EntityConcernedTypesAllowed")
    ]

    assert allowed == [("1", "RSIN"), ("1", "KvKnr"), ("2", "KvKnr")]
    assert catalogue.findtext(".//{*}ServiceInstance/{*}ServiceUUID") == "e0000099-0015-4000-8000-000000009001"


def test_login_page_posts_a_signed_request_to_the_broker(
    django_sp: DjangoSp, wire: WireBroker, browser: Browser
) -> None:
    form = browser.open(django_sp.login_url()).form()
    sent = base64.b64decode(form.fields["SAMLRequest"])
    request = verified(sent, wire.provider.certificate)

    assert (form.method, form.action) == ("POST", f"{wire.url}/sso")
    assert form.fields["RelayState"] == "/whoami"
    assert_valid(etree.fromstring(sent), PROTOCOL)
    assert {name: value for name, value in request.attrib.items() if name not in {"ID", "IssueInstant"}} == {
        "Version": "2.0",
        "ProviderName": "Gemeente Djangodorp (test)",
        "ForceAuthn": "true",
        "Destination": f"{wire.url}/sso",
        "ProtocolBinding": SAML_PREFIX + "bindings:HTTP-Artifact",
        "AssertionConsumerServiceURL": f"{django_sp.base_url}/eherkenning/acs/",
        "AttributeConsumingServiceIndex": "9001",
    }
    assert request.findtext("saml:Issuer", namespaces=NS) == wire.provider.entity_id


def test_login_page_has_the_script_that_sends_the_form(django_sp: DjangoSp, wire: WireBroker, browser: Browser) -> None:
    (script,) = browser.open(django_sp.login_url()).document.iter("script")

    assert "submit()" in browser.open(django_sp.base_url + script.get("src")).response.text


def test_request_holds_nothing_but_issuer_and_signature_with_the_certificate_in_it(
    django_sp: DjangoSp, wire: WireBroker, browser: Browser
) -> None:
    form = browser.open(django_sp.login_url()).form()
    request = etree.fromstring(base64.b64decode(form.fields["SAMLRequest"]))

    assert [etree.QName(child).localname for child in request] == ["Issuer", "Signature"]
    assert [etree.QName(part).localname for part in request.find("ds:Signature/ds:KeyInfo", NS)] == ["X509Data"]


def test_without_a_service_index_and_a_place_to_return_to_the_request_leaves_both_open(
    django_sp: DjangoSp, wire: WireBroker, browser: Browser
) -> None:
    form = browser.open(django_sp.login_url(then=None, service_index=None)).form()
    request = etree.fromstring(base64.b64decode(form.fields["SAMLRequest"]))

    assert "AttributeConsumingServiceIndex" not in request.attrib
    assert form.fields["RelayState"] == ""
