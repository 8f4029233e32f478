"""Each version of the interface has metadata and addresses of its own, and a request is answered in that version."""

from dataclasses import dataclass
from typing import Any

import pytest
import requests
from lxml import etree
from signxml import XMLVerifier

from tests.flow.answers import Answer, answer
from tests.network import Network
from tests.requester import NS, Requester, form, soap
from tests.simulator.artifacts import assert_answered, issued
from tests.simulator.outcome import Watch

MD = {"md": "urn:oasis:names:tc:SAML:2.0:metadata"}
BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:"
FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
VERSIONS = ("1.13", "1.11")
EXTENSION = "{urn:etoegang:%s:metadata-extension}version"


@dataclass(frozen=True)
class Published:
    """What the broker's metadata of one version says, as a service provider reads it."""

    root: etree._Element
    sso: str
    resolution: str
    logout: str


def published(network: Network, version: str) -> Published:
    got = requests.get(f"{network.broker}/broker/metadata/{version}", timeout=30)
    assert (got.status_code, got.headers["Content-Type"]) == (200, "application/samlmetadata+xml; charset=utf-8")
    certificate = (network.settings.paths.certs / "broker" / "signing.pem").read_bytes()
    root = XMLVerifier().verify(got.content, x509_cert=certificate, id_attribute="ID").signed_xml
    (role,) = root.findall("md:IDPSSODescriptor", MD)

    def location(name: str, binding: str) -> str:
        found = role.findall(f"md:{name}[@Binding='{BINDING}{binding}']", MD)
        (one,) = {item.get("Location") for item in found}
        return one

    return Published(
        root,
        location("SingleSignOnService", "HTTP-POST"),
        location("ArtifactResolutionService", "SOAP"),
        location("SingleLogoutService", "HTTP-POST"),
    )


def name_id_format(got: Answer) -> str:
    return got.assertion.find("saml:Subject/saml:NameID", NS).get("Format")


@pytest.mark.parametrize("version", VERSIONS)
def test_the_metadata_of_a_version_is_signed_and_names_the_addresses_of_that_version(network, version):
    known = published(network, version)
    assert known.root.get(EXTENSION % version) == version
    locations = known.root.xpath("//@Location")
    assert len(locations) == 7
    assert {location.rpartition("/")[2] for location in locations} == {version}
    (role,) = known.root.findall("md:IDPSSODescriptor", MD)
    formats = [item.text for item in role.findall("md:NameIDFormat", MD)]
    assert formats[0] == f"{FORMAT}{'persistent' if version == '1.11' else 'transient'}"


def test_a_service_provider_is_answered_in_the_version_of_the_address_that_it_uses(network, requester):
    """No setting says so: the address that a request comes to does."""
    got = {version: answer(network, requester, "Otto Enkel", at=published(network, version)) for version in VERSIONS}
    assert name_id_format(got["1.13"]) == f"{FORMAT}transient"
    assert name_id_format(got["1.11"]) == f"{FORMAT}persistent"
    assert got["1.11"].texts("1.9:EntityConcernedID:KvKnr")
    assert "urn:etoegang:core:LegalSubjectID" in got["1.13"].attributes
    assert "urn:etoegang:core:LegalSubjectID" not in got["1.11"].attributes
    left = log_out(network, got["1.11"])
    assert (left.status_code, "U gaat naar Stub Authenticatiedienst A om uit te loggen" in left.text) == (200, True)


def log_out(network: Network, login: Answer, **changes: Any) -> requests.Response:
    """A LogoutRequest at the address of 1.11, for it unless `changes` say otherwise."""
    slo = network.simulator.addresses.at("1.11").logout
    name_id = login.assertion.findtext("saml:Subject/saml:NameID", None, NS)
    message = login.requester.logout(slo, name_id, **changes)
    return requests.post(slo, form("SAMLRequest", login.requester.signed(message), None), timeout=30)


def test_REQ_07_a_request_for_the_address_of_another_version(watch: Watch, network, requester: Requester):
    addresses = {version: network.simulator.addresses.at(version) for version in VERSIONS}
    for here, there in (VERSIONS, VERSIONS[::-1]):
        meant_for = requester.begin(addresses[there].sso)
        watch.refuses(
            lambda here=here, fields=meant_for: requests.post(addresses[here].sso, fields, timeout=30), "EH-REQ-02"
        )


def test_a_question_and_a_logout_for_the_address_of_another_version(watch: Watch, network, requester: Requester):
    old, new = network.simulator.addresses.at("1.11"), network.simulator.addresses
    artifact = issued(network.simulator, requester)
    question = requester.signed(requester.resolve(artifact, Destination=new.resolution))
    watch.faults(lambda: soap(old.resolution, question), "EH-RES-02")
    right = requester.signed(requester.resolve(artifact, Destination=old.resolution))
    (content,) = etree.fromstring(soap(old.resolution, right).content).find("soap:Body", NS)
    assert_answered(content)

    message = requester.logout(new.logout, "nobody")
    fields = form("SAMLRequest", requester.signed(message), None)
    watch.refuses(lambda: requests.post(old.logout, fields, timeout=30), "EH-LGO-02")


def test_there_is_no_other_version(network):
    for path in ("metadata/1.9", "metadata/1.12", "sso/1.12", "acs/1.11"):
        assert requests.get(f"{network.broker}/broker/{path}", timeout=30).status_code == 404
