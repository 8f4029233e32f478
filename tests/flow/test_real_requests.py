"""Three requests in the shape in which real service providers send them, each to the end of a login (etd 4.1)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from structlog.testing import capture_logs

from broker.saml import pki
from broker.simulator.parties import BROKER
from tests.flow.answers import started
from tests.flow.steps import choose, prove
from tests.interop.driver import Browser
from tests.interop.page import Page
from tests.network import Network, register_at
from tests.requester import ARTIFACT, NS, Pair, Requester, form, make_id, now
from tests.simulator.artifact_service import ArtifactService

OIN = "00000099000000110000"
TAX_RETURN = f"urn:etoegang:DV:{OIN}:services:9001"
EH3 = "urn:etoegang:core:assurance-class:loa3"
RELAY_STATE = "/aanvraag/start?_start=1&formulier=bezwaar-maken&stap=persoonsgegevens"
C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
XACML_SAML = "urn:oasis:xacml:2.0:saml:assertion:schema:os"

Made = Callable[..., Requester]


@pytest.fixture
def made(network: Network, requester_keys: dict[str, dict[str, Pair]], arrivals: str) -> Made:
    """made(index, **changes): registered with one service under this AttributeConsumingServiceIndex."""

    def make(index: int, entity: int, **changes: object) -> Requester:
        requester = Requester(
            entity_id=f"urn:etoegang:DV:{OIN}:entities:{entity}",
            **requester_keys["one"],
            consumer=f"{arrivals}/acs/real-{entity}",
            services={index: TAX_RETURN},
        )
        requester = replace(requester, **changes)
        register_at(network, requester.metadata())
        return requester

    return make


def signed(text: str, pair: Pair, *, hint: str = "X509Data", prefixes: str = "") -> etree._Element:
    """The request as it goes over the wire, signed by libxmlsec right behind Issuer; `prefixes` is a PrefixList."""
    inclusive = f'<ec:InclusiveNamespaces xmlns:ec="{C14N}" PrefixList="{prefixes}"/>' if prefixes else ""
    certificate = f"<ds:X509Data><ds:X509Certificate>{pair.text}</ds:X509Certificate></ds:X509Data>"
    hints = {"X509Data": certificate, "KeyName": f"<ds:KeyName>{pair.name}</ds:KeyName>"}
    template = f"""<ds:Signature xmlns:ds="{NS["ds"]}"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="{C14N}">{inclusive}</ds:CanonicalizationMethod>
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
<ds:Reference URI="#{etree.fromstring(text).get("ID")}"><ds:Transforms>
<ds:Transform Algorithm="{NS["ds"]}enveloped-signature"/><ds:Transform Algorithm="{C14N}">{inclusive}</ds:Transform>
</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>
</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo>{hints[hint]}
</ds:KeyInfo></ds:Signature>"""
    root = etree.fromstring(text.replace("</saml:Issuer>", "</saml:Issuer>" + template, 1))
    context = xmlsec.SignatureContext()
    pem = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)
    context.register_id(root, "ID")
    key_info = root.find("ds:Signature/ds:KeyInfo", NS)
    root.find("ds:Signature", NS).remove(key_info)  # libxmlsec would write its own
    context.sign(root.find("ds:Signature", NS))
    root.find("ds:Signature", NS).append(key_info)
    return root


def to_the_end(browser: Browser, page: Page) -> dict[str, list[str]]:
    """From the broker's first page to the query that arrives at the service provider."""
    arrived = choose(
        browser, browser.submit(prove(browser, browser.submit(page.form()), "Fleur Voorbeeld").form()), "G"
    )
    return parse_qs(urlsplit(arrived.url).query, strict_parsing=True)


def assert_answered(
    network: Network, requester: Requester, query: dict[str, list[str]], request: etree._Element
) -> None:
    answer = requester.collect(network.simulator.addresses.resolution, query["SAMLart"][0])
    assertion = answer.find("samlp:Response/saml:Assertion", NS)
    data = assertion.find("saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData", NS)
    assert (data.get("InResponseTo"), data.get("Recipient")) == (request.get("ID"), requester.consumer)
    assert assertion.findtext(".//saml:Audience", None, NS) == requester.entity_id
    names = assertion.findall("saml:AttributeStatement/saml:Attribute[@Name='urn:etoegang:core:ServiceID']/*", NS)
    assert [value.text for value in names] == [TAX_RETURN]


def noted(entries: list[dict[str, object]]) -> list[str]:
    (begun,) = [entry for entry in entries if entry["event"] == "login.started"]
    return [line.split()[0] for line in begun["notes"]]


def test_open_forms_posts_url_and_binding_with_a_certificate(network, browser, made):
    """The address instead of its index, a service index of four digits, no level, and the signature as last child."""
    requester, sso = made(9052, 9071), network.simulator.addresses.sso
    text = (
        f'<samlp:AuthnRequest xmlns:samlp="{NS["samlp"]}" xmlns:saml="{NS["saml"]}" ID="ONELOGIN{make_id()}"'
        f' Version="2.0" ForceAuthn="true" IssueInstant="{now()}" Destination="{sso}"'
        f' ProtocolBinding="{ARTIFACT}" AssertionConsumerServiceURL="{requester.consumer}"'
        f' AttributeConsumingServiceIndex="9052">\n    <saml:Issuer>{requester.entity_id}</saml:Issuer>\n'
        "</samlp:AuthnRequest>"
    )
    message = signed(text, requester.signing)
    assert message[-1].tag == f"{{{NS['ds']}}}Signature"
    assert message.find("ds:Signature/ds:KeyInfo/ds:X509Data/ds:X509Certificate", NS) is not None
    assert 65 <= len(RELAY_STATE) <= 80
    with capture_logs() as entries:
        page = started(browser, requester, sso, form("SAMLRequest", message, RELAY_STATE))
    assert noted(entries) == ["EH-REQ-41", "EH-REQ-48", "EH-REQ-44"]
    query = to_the_end(browser, page)
    assert query["RelayState"] == [RELAY_STATE]
    assert_answered(network, requester, query, message)


def test_digid_balie_posts_an_index_and_a_minimum_and_no_service(network, browser, made):
    """One service with index 0 in the metadata, which is the default."""
    requester, sso = made(0, 9072), network.simulator.addresses.sso
    text = (
        f'<samlp:AuthnRequest xmlns:samlp="{NS["samlp"]}" xmlns:saml="{NS["saml"]}" ID="{make_id()}" Version="2.0"'
        f' IssueInstant="{now()}" Destination="{sso}" ForceAuthn="true" AssertionConsumerServiceIndex="0">'
        f"<saml:Issuer>{requester.entity_id}</saml:Issuer>"
        f'<samlp:RequestedAuthnContext Comparison="minimum"><saml:AuthnContextClassRef>{EH3}'
        "</saml:AuthnContextClassRef></samlp:RequestedAuthnContext></samlp:AuthnRequest>"
    )
    message = signed(text, requester.signing, hint="KeyName")
    with capture_logs() as entries:
        page = started(browser, requester, sso, form("SAMLRequest", message, None))
    assert noted(entries) == []
    query = to_the_end(browser, page)
    assert "RelayState" not in query
    assert_answered(network, requester, query, message)


@pytest.fixture
def artifact_service(network: Network, made: Made) -> Iterator[ArtifactService]:
    service = ArtifactService(made(9001, 9073))
    certificate = pki.certificate_path(network.settings.paths.certs, BROKER.certificates.folder, "signing")
    service.broker_certificate = certificate.read_text()
    with service.listening() as address:
        service.requester = made(9001, 9073, resolutions={0: address})
        yield service


def test_signicat_sends_an_artifact_and_signs_with_inclusive_namespaces(network, browser, artifact_service):
    """The broker fetches the request; its signature names a prefix that only stands in a namespace declaration."""
    requester, sso = artifact_service.requester, network.simulator.addresses.sso
    text = (
        f'<samlp:AuthnRequest xmlns:samlp="{NS["samlp"]}" xmlns:saml="{NS["saml"]}" xmlns:xacml-saml="{XACML_SAML}"'
        f' ID="{make_id()}" Version="2.0" IssueInstant="{now()}" Destination="{sso}" ForceAuthn="true"'
        f' IsPassive="false" ProtocolBinding="{ARTIFACT}" AssertionConsumerServiceURL="{requester.consumer}">'
        f"<saml:Issuer>{requester.entity_id}</saml:Issuer></samlp:AuthnRequest>"
    )
    message = signed(text, requester.signing, prefixes="xacml-saml")
    prefixes = message.find(".//{http://www.w3.org/2001/10/xml-exc-c14n#}InclusiveNamespaces")
    assert prefixes.get("PrefixList") == "xacml-saml"
    artifact = artifact_service.offer(message)
    with capture_logs() as entries:
        page = started(browser, requester, sso, {"SAMLart": artifact, "RelayState": RELAY_STATE})
    assert noted(entries) == ["EH-REQ-41", "EH-REQ-48", "EH-REQ-44"]
    query = to_the_end(browser, page)
    assert query["RelayState"] == [RELAY_STATE]
    assert_answered(network, requester, query, message)
