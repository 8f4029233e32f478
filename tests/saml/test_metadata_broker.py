"""The broker's metadata, as the software of others reads it: pysaml2, python3-saml, signxml and the xmlsec1 program."""

import hashlib
import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from lxml import etree
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import SPConfig
from signxml import XMLVerifier
from signxml.exceptions import InvalidSignature

from broker.saml import document, key_descriptors, names, schema, signature
from broker.saml.broker_metadata import write_broker_metadata
from broker.saml.keys import VerificationKey

from .metadata_samples import (
    ARS,
    BROKER,
    MOMENT,
    SLO,
    SSO,
    broker_description,
    broker_metadata,
    certificate_text,
    network_metadata,
    pem,
    signing_key,
)

KEY, NEXT = signing_key("broker"), signing_key("broker next")
NS = {"md": names.MD, "ds": names.DS, "saml": names.SAML, "mdattr": names.MDATTR}


@pytest.fixture
def client() -> Saml2Client:
    config = SPConfig().load(
        {
            "entityid": "urn:etoegang:DV:00000099000000140000:entities:9001",
            "service": {"sp": {"endpoints": {"assertion_consumer_service": []}}},
            "metadata": {"inline": [broker_metadata().decode()]},
            # pysaml2 wants the path of a program that exists; nothing here makes it run
            "xmlsec_binary": sys.executable,
        }
    )
    return Saml2Client(config)


def test_pysaml2_finds_the_addresses_and_the_key(client: Saml2Client) -> None:
    assert list(client.metadata.with_descriptor("idpsso")) == [BROKER]
    assert client.sso_location(BROKER, BINDING_HTTP_POST) == SSO
    assert client.sso_location(BROKER, BINDING_HTTP_REDIRECT) == SSO
    ((key_name, certificate),) = client.metadata.certs(BROKER, "idpsso", "signing")
    assert key_name == KEY.certificate.key_name
    assert certificate.replace("\n", "") == certificate_text(KEY)


@pytest.mark.parametrize("binding", [BINDING_HTTP_POST, BINDING_HTTP_REDIRECT])
def test_pysaml2_and_python3_saml_find_where_to_log_out(client: Saml2Client, binding: str) -> None:
    assert client.metadata.single_logout_service(BROKER, binding, "idpsso")[0]["location"] == SLO
    parsed = OneLogin_Saml2_IdPMetadataParser.parse(broker_metadata(), required_slo_binding=binding)
    assert parsed["idp"]["singleLogoutService"] == {"url": SLO, "binding": binding}


@pytest.mark.parametrize("index", [0, 1])
def test_pysaml2_finds_where_to_resolve_an_artifact_of_either_index(client: Saml2Client, index: int) -> None:
    octets = b"\0\4" + index.to_bytes(2, "big") + hashlib.sha1(BROKER.encode()).digest() + bytes(20)
    assert client.artifact2destination(b64encode(octets), "idpsso") == ARS


@pytest.mark.parametrize("binding", [BINDING_HTTP_POST, BINDING_HTTP_REDIRECT])
def test_python3_saml_finds_the_addresses_and_the_key(binding: str) -> None:
    parsed = OneLogin_Saml2_IdPMetadataParser.parse(broker_metadata(), required_sso_binding=binding, entity_id=BROKER)
    assert parsed["idp"]["entityId"] == BROKER
    assert parsed["idp"]["singleSignOnService"] == {"url": SSO, "binding": binding}
    assert [item["url"] for item in parsed["idp"]["artifactResolutionService"]] == [ARS, ARS]
    assert [item["index"] for item in parsed["idp"]["artifactResolutionService"]] == ["0", "1"]
    assert parsed["idp"]["x509cert"] == certificate_text(KEY)
    assert parsed["security"] == {"authnRequestsSigned": True}


def test_both_certificates_are_published_during_a_key_roll_over() -> None:
    description = broker_description(KEY.certificate, NEXT.certificate)
    published = [write_broker_metadata(description, key, "_metadata") for key in (KEY, NEXT)]
    for data, key in zip(published, (KEY, NEXT), strict=True):
        root = etree.fromstring(data)
        assert root.findtext("ds:Signature/ds:KeyInfo/ds:X509Data/ds:X509Certificate", None, NS) == certificate_text(
            key
        )
        role = root.find("md:IDPSSODescriptor", NS)
        assert role is not None
        assert key_descriptors.certificates(role, "signing") == (KEY.certificate, NEXT.certificate)
        parsed = OneLogin_Saml2_IdPMetadataParser.parse(data)
        assert parsed["idp"]["x509certMulti"]["signing"] == [certificate_text(KEY), certificate_text(NEXT)]


def test_an_encryption_certificate_is_published_when_there_is_one() -> None:
    plain = broker_description(KEY.certificate)
    described = type(plain)(
        plain.entity_id,
        plain.display_name,
        plain.signing_certificates,
        plain.single_sign_on,
        plain.artifact_resolution,
        encryption_certificates=(NEXT.certificate,),
    )
    for description, expected in ((plain, ()), (described, (NEXT.certificate,))):
        role = etree.fromstring(write_broker_metadata(description, KEY, "_m")).find("md:IDPSSODescriptor", NS)
        assert role is not None
        assert key_descriptors.certificates(role, "encryption") == expected
        assert key_descriptors.certificates(role, "signing") == (KEY.certificate,)


def test_the_shape_is_that_of_the_scheme() -> None:
    root = etree.fromstring(broker_metadata())
    assert root.tag == f"{{{names.MD}}}EntityDescriptor"
    assert root.get("entityID") == BROKER
    assert root.get(f"{{{names.EME}}}version") == "1.13"
    (role,) = root.findall("md:IDPSSODescriptor", NS)
    assert role.get("WantAuthnRequestsSigned") == "true"
    assert role.findtext("md:KeyDescriptor/ds:KeyInfo/ds:KeyName", None, NS) == KEY.certificate.key_name
    attribute = root.find("md:Extensions/mdattr:EntityAttributes/saml:Attribute", NS)
    assert attribute is not None
    assert attribute.get("Name") == "urn:oasis:names:tc:SAML:attribute:assurance-certification"
    assert attribute.findtext("saml:AttributeValue", None, NS) == "urn:etoegang:core:assurance-class:loa4"
    assert root[0].tag == f"{{{names.DS}}}Signature"


def test_it_says_that_it_is_a_simulator_and_names_nobody() -> None:
    root = etree.fromstring(broker_metadata())
    organisation = [str(text) for text in root.xpath("md:Organization/md:OrganizationName/text()", namespaces=NS)]
    assert len(organisation) == 2
    assert all("Simulator" in text for text in organisation)
    contact = root.find("md:ContactPerson", NS)
    assert contact is not None
    assert contact.get("contactType") == "administrative"
    assert [etree.QName(item).localname for item in contact] == ["Company", "EmailAddress", "TelephoneNumber"]
    assert (contact.findtext("md:EmailAddress", None, NS) or "").endswith(".invalid")


WRITTEN = {"broker": (broker_metadata, KEY), "network": (network_metadata, signing_key("bo"))}


@pytest.mark.parametrize("kind", WRITTEN)
def test_what_is_written_follows_the_schema(kind: str) -> None:
    write, _ = WRITTEN[kind]
    schema.validate(document.read(write()))


@pytest.mark.parametrize("kind", WRITTEN)
def test_our_own_verifier_accepts_the_signature(kind: str) -> None:
    write, key = WRITTEN[kind]
    root = document.read(write())
    covered = signature.verify(root, (VerificationKey.of(key.certificate),), MOMENT, position=signature.FIRST)
    assert covered.tag == root.tag


@pytest.mark.parametrize("kind", WRITTEN)
def test_signxml_accepts_the_signature_and_refuses_a_change(kind: str) -> None:
    write, key = WRITTEN[kind]
    data = write()
    found = XMLVerifier().verify(data, x509_cert=pem(key), id_attribute="ID")
    assert found.signed_xml is not None
    assert found.signed_xml.get("ID") == etree.fromstring(data).get("ID")
    with pytest.raises(InvalidSignature):
        XMLVerifier().verify(data.replace(b"localhost", b"localhast"), x509_cert=pem(key), id_attribute="ID")


@pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="the program xmlsec1 is not on PATH")
@pytest.mark.parametrize("kind", WRITTEN)
def test_the_xmlsec1_program_accepts_the_signature_and_refuses_a_change(kind: str, tmp_path: Path) -> None:
    write, key = WRITTEN[kind]
    data, file, certificate = write(), tmp_path / "metadata.xml", tmp_path / "key.pem"
    certificate.write_bytes(pem(key))
    root = etree.QName(etree.fromstring(data))
    command = ["xmlsec1", "--verify", "--id-attr:ID", f"{root.namespace}:{root.localname}"]
    command += ["--pubkey-cert-pem", str(certificate), str(file)]
    file.write_bytes(data)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    file.write_bytes(data.replace(b"localhost", b"localhast"))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
