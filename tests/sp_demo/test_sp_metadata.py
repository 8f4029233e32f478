"""What the portals publish about themselves, read by tools that are not theirs."""

import subprocess
import sys
from importlib.resources import files

import pytest
from click.testing import CliRunner
from lxml import etree

from sp_demo.__main__ import main
from tests.sp_demo import wire_broker
from tests.sp_demo.visit import BASE_URL, OINS
from tests.sp_demo.wire_messages import tag

SCHEMAS = {
    "http://www.w3.org/XML/1998/namespace": "xml.xsd",
    "http://www.w3.org/2000/09/xmldsig#": "xmldsig-core-schema.xsd",
    "http://www.w3.org/2001/04/xmlenc#": "xenc-schema.xsd",
    "urn:oasis:names:tc:SAML:2.0:assertion": "saml-schema-assertion-2.0.xsd",
    "urn:oasis:names:tc:SAML:2.0:metadata": "saml-schema-metadata-2.0.xsd",
}


@pytest.fixture
def document(visit):
    page = visit.get("/metadata/kvk")
    assert page.mimetype == "application/samlmetadata+xml"
    return page.data


def names(element):
    return [child.tag for child in element]


def test_it_is_valid_by_the_oasis_schemas(document):
    folder = files("saml2.data.schemas")
    imports = "".join(
        f'<xs:import namespace="{namespace}" schemaLocation="{folder.joinpath(name)}"/>'
        for namespace, name in SCHEMAS.items()
    )
    schema = etree.XMLSchema(
        etree.fromstring(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>')
    )
    schema.assertValid(etree.fromstring(document))


def test_it_is_signed_with_the_whole_certificate(document, pki):
    signed = wire_broker.verified(etree.fromstring(document), pki["kvk-signing"])
    assert signed.get("entityID") == f"urn:etoegang:DV:{OINS['kvk']}:entities:9001"
    info = etree.fromstring(document).find(f"{tag('ds:Signature')}/{tag('ds:KeyInfo')}")
    assert names(info) == [tag("ds:X509Data")]
    assert info.findtext(f".//{tag('ds:X509Certificate')}") == pki["kvk-signing"].certificate_base64


def test_it_says_what_the_broker_must_know(document, pki):
    root = etree.fromstring(document)
    role = root.find(tag("md:SPSSODescriptor"))
    assert names(root) == [tag("ds:Signature"), tag("md:SPSSODescriptor"), tag("md:Organization")]
    assert dict(role.attrib) == {
        "AuthnRequestsSigned": "true",
        "WantAssertionsSigned": "true",
        "protocolSupportEnumeration": "urn:oasis:names:tc:SAML:2.0:protocol",
    }
    assert role.find(tag("md:NameIDFormat")) is None
    keys = {
        part.get("use"): (part.findtext(f".//{tag('ds:KeyName')}"), part.findtext(f".//{tag('ds:X509Certificate')}"))
        for part in role.findall(tag("md:KeyDescriptor"))
    }
    assert keys == {
        use: (pki[f"kvk-{use}"].name, pki[f"kvk-{use}"].certificate_base64) for use in ("signing", "encryption")
    }
    (consumer,) = role.findall(tag("md:AssertionConsumerService"))
    assert dict(consumer.attrib) == {
        "Binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact",
        "Location": f"{BASE_URL}/acs/kvk",
        "index": "0",
        "isDefault": "true",
    }


def test_each_service_has_its_index_and_one_is_the_default(document):
    services = etree.fromstring(document).findall(f".//{tag('md:AttributeConsumingService')}")
    found = [
        (
            part.get("index"),
            part.get("isDefault"),
            [item.get("Name") for item in part.findall(tag("md:RequestedAttribute"))],
        )
        for part in services
    ]
    provider = f"urn:etoegang:DV:{OINS['kvk']}:services"
    assert found == [("9001", "true", [f"{provider}:9001"]), ("9002", "false", [f"{provider}:9002"])]
    assert [name.text for name in services[0].findall(tag("md:ServiceName"))] == [
        "Jaarrekening deponeren",
        "File annual accounts",
    ]


def test_the_command_prints_the_same_and_needs_no_broker(settings_file, document):
    (settings_file.parent / "broker.xml").unlink()
    result = CliRunner().invoke(main, [str(settings_file), "kvk"])
    assert result.exit_code == 0
    assert result.stdout_bytes == document


def test_the_command_needs_no_saml_library(settings_file):
    code = (
        "import sys\n"
        "from sp_demo.__main__ import main\n"
        "main.main(sys.argv[1:], standalone_mode=False)\n"
        "sys.exit('saml2' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(settings_file), "kvk"], check=True, stdout=subprocess.DEVNULL)


def test_the_command_says_in_one_line_what_is_wrong(settings_file):
    result = CliRunner().invoke(main, [str(settings_file), "uwv"])
    assert result.exit_code == 2
    assert result.stderr == f"{settings_file}: no portal 'uwv'; there are: kvk, gemeente\n"
