"""The list of authentication services for a service: signed, part of the network metadata, only for what is known."""

from dataclasses import replace

import pytest
import requests
from lxml import etree
from signxml import XMLVerifier

from broker.core.assurance import AssuranceLevel
from broker.core.errors import MessageRejected
from broker.saml import document, schema
from broker.simulator import preselection
from broker.simulator.parties import AUTHENTICATION_SERVICE
from tests import second_service
from tests.network import Network
from tests.requester import form

MD = {"md": "urn:oasis:names:tc:SAML:2.0:metadata"}
SERVICE = "e0000099-0011-4000-8000-000000009001"
EH4_SERVICE = "e0000099-0013-4000-8000-000000009002"
LEVEL = "urn:etoegang:core:assurance-class:loa{}"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


def get(network: Network, *parameters: tuple[str, str]) -> requests.Response:
    return requests.get(f"{network.broker}/listAD.xml", parameters, timeout=30)


def refused(network: Network, *parameters: tuple[str, str]) -> list[str]:
    answer = get(network, *parameters)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    return [line.split()[0] for line in answer.text.splitlines()]


def verified(network: Network, answer: requests.Response) -> etree._Element:
    pem = (network.settings.paths.certs / "broker" / "signing.pem").read_bytes()
    return XMLVerifier().verify(answer.content, x509_cert=pem, id_attribute="ID").signed_xml


def test_the_list_is_signed_metadata_of_those_that_can_be_chosen(network_of_two):
    answer = get(network_of_two, ("ServiceUUID", SERVICE))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/samlmetadata+xml; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache, no-store"
    schema.validate(document.read(answer.content))
    root = verified(network_of_two, answer)
    assert root.tag == "{urn:oasis:names:tc:SAML:2.0:metadata}EntitiesDescriptor"
    found = {item.get("entityID"): item for item in root.findall("md:EntityDescriptor", MD)}
    assert set(found) == {AUTHENTICATION_SERVICE.entity_id, second_service.ENTITY_ID}
    stub = found[AUTHENTICATION_SERVICE.entity_id]
    (address,) = stub.findall("md:IDPSSODescriptor/md:SingleSignOnService", MD)
    assert (address.get("Binding"), address.get("Location")) == (POST, f"{network_of_two.stub}/sso")
    names = stub.findall("md:Organization/md:OrganizationDisplayName", MD)
    assert [name.text for name in names] == ["Stub Authenticatiedienst A", "Stub Authentication Service A"]
    assert stub.find("md:Organization/md:OrganizationURL", MD) is not None


def test_a_level_of_the_catalogue_or_lower_may_be_asked(network):
    for level in (LEVEL.format("2"), LEVEL.format("3")):
        assert get(network, ("ServiceUUID", SERVICE), ("RequestedAuthnContext", level)).status_code == 200
    assert get(network, ("ServiceUUID", EH4_SERVICE)).status_code == 200


def test_a_service_that_does_not_reach_the_level_is_not_in_the_list(network_of_two):
    simulator = network_of_two.simulator
    known = simulator.authentication_services
    weak = replace(known[second_service.ENTITY_ID], maximum_level=AssuranceLevel.EH2_PLUS)
    weaker = replace(simulator, authentication_services=dict(known) | {second_service.ENTITY_ID: weak})
    for levels, wanted in (((), 1), ((LEVEL.format("3"),), 1), ((LEVEL.format("2plus"),), 2)):
        root = document.read(preselection.authentication_services(weaker, [SERVICE], levels))
        assert len(root.findall("md:EntityDescriptor", MD)) == wanted


def test_what_is_not_known_is_refused_with_the_rule(network):
    assert refused(network) == ["EH-LST-01"]
    assert refused(network, ("ServiceUUID", SERVICE.upper())) == ["EH-LST-01"]
    assert refused(network, ("ServiceUUID", SERVICE.replace("e", "d", 1))) == ["EH-LST-01"]  # that is the definition
    assert refused(network, ("ServiceUUID", SERVICE), ("ServiceUUID", SERVICE)) == ["EH-LST-01"]
    assert refused(network, ("ServiceUUID", SERVICE), ("RequestedAuthnContext", "EH3")) == ["EH-LST-02"]
    twice = [("RequestedAuthnContext", LEVEL.format("3"))] * 2
    assert refused(network, ("ServiceUUID", SERVICE), *twice) == ["EH-LST-02"]
    above = ("RequestedAuthnContext", LEVEL.format("4"))
    assert refused(network, ("ServiceUUID", SERVICE), above) == ["EH-LST-03"]


def test_a_preselected_service_of_the_list_is_gone_to_at_once(network_of_two, make_requester):
    """What the list gives is what Scoping takes."""
    requester = make_requester(network_of_two)
    root = verified(network_of_two, get(network_of_two, ("ServiceUUID", SERVICE)))
    sso = network_of_two.simulator.addresses.sso
    for entity in root.findall("md:EntityDescriptor", MD):
        scoping = (
            f'<samlp:Scoping><samlp:IDPList><samlp:IDPEntry ProviderID="{entity.get("entityID")}"/>'
            "</samlp:IDPList></samlp:Scoping>"
        )
        message = requester.signed(requester.request(sso, children=[scoping]))
        with requests.Session() as browser:
            page = browser.post(sso, form("SAMLRequest", message, None), timeout=30)
        address = entity.find("md:IDPSSODescriptor/md:SingleSignOnService", MD).get("Location")
        assert f'action="{address}"' in page.text


def test_only_those_that_reach_the_level_are_given(network_of_two):
    sim = network_of_two.simulator
    weak = replace(sim.authentication_services[second_service.ENTITY_ID], maximum_level=AssuranceLevel.EH2)
    both = {**sim.authentication_services, second_service.ENTITY_ID: weak}
    strong = preselection.authentication_services(replace(sim, authentication_services=both), [SERVICE], [])
    assert entities(strong) == {AUTHENTICATION_SERVICE.entity_id}
    every = preselection.authentication_services(
        replace(sim, authentication_services=both), [SERVICE], [LEVEL.format("2")]
    )
    assert entities(every) == set(both)
    only = {second_service.ENTITY_ID: weak}
    with pytest.raises(MessageRejected, match="EH-LST-04"):
        preselection.authentication_services(replace(sim, authentication_services=only), [SERVICE], [])


def entities(metadata: bytes) -> set[str | None]:
    return {item.get("entityID") for item in etree.fromstring(metadata).findall("md:EntityDescriptor", MD)}
