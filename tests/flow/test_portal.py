"""A login at a portal: for whom one service behind it may be used, and all services that may (etd Portal)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from broker.simulator.parties import AUTHENTICATION_SERVICE
from tests.flow.answers import Answer, answer, facts_of, started
from tests.flow.steps import organisations, prove
from tests.network import CHECKOUT, Network, register_at, running_network
from tests.requester import Requester

OIN = "00000099000000140000"
BUILDING, PARKING = f"urn:etoegang:DV:{OIN}:services:9001", f"urn:etoegang:DV:{OIN}:services:9002"
PORTAL = f"""<esc:ServiceCatalogue xmlns:esc="urn:etoegang:1.13:service-catalog"
    xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" esc:IssueInstant="2026-01-01T00:00:00Z"
    esc:Version="urn:etoegang:1.13:service-catalogue:T:2"><esc:ServiceProvider esc:IsPublic="true">
  <esc:ServiceProviderID>{OIN}</esc:ServiceProviderID>
  <esc:OrganizationDisplayName xml:lang="nl">Gemeente Voorbeeldstad</esc:OrganizationDisplayName>
  <esc:ServiceDefinition esc:IsPublic="true">
    <esc:ServiceUUID>d0000099-0014-4000-8000-000000009003</esc:ServiceUUID>
    <esc:ServiceName xml:lang="nl">Mijn Voorbeeldstad</esc:ServiceName>
    <esc:ServiceDescription xml:lang="nl">Al uw zaken met de gemeente.</esc:ServiceDescription>
    <saml:AuthnContextClassRef>urn:etoegang:core:assurance-class:loa2plus</saml:AuthnContextClassRef>
    <esc:HerkenningsmakelaarId>00000099000000010000</esc:HerkenningsmakelaarId>
    <esc:EntityConcernedTypesAllowed>urn:etoegang:1.9:EntityConcernedID:KvKnr</esc:EntityConcernedTypesAllowed>
  </esc:ServiceDefinition>
  <esc:ServiceInstance esc:IsPublic="true" esc:IsPortal="true">
    <esc:ServiceID>urn:etoegang:DV:{OIN}:services:9003</esc:ServiceID>
    <esc:ServiceUUID>e0000099-0014-4000-8000-000000009003</esc:ServiceUUID>
    <esc:InstanceOfService>d0000099-0014-4000-8000-000000009003</esc:InstanceOfService>
    <esc:HerkenningsmakelaarId>00000099000000010000</esc:HerkenningsmakelaarId>
    <esc:PortalForService>{BUILDING}</esc:PortalForService>
    <esc:PortalForService>{PARKING}</esc:PortalForService>
  </esc:ServiceInstance>
</esc:ServiceProvider></esc:ServiceCatalogue>"""


@pytest.fixture(scope="session")
def portal_network(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """A network with a portal in a catalogue of its own, beside the sample catalogue."""
    folder = tmp_path_factory.mktemp("portal_network")
    portal = folder / "portal.xml"
    portal.write_text(PORTAL, encoding="utf-8")
    catalogues = [CHECKOUT / "metadata" / "service-catalogue.xml", portal]
    with running_network(folder, demo=False, installation=installation, paths={"catalogues": catalogues}) as running:
        yield running


@pytest.fixture(scope="session")
def at_portal(portal_network: Network, make_requester: Callable[..., Requester]) -> Requester:
    """The municipality, with its portal as service 9003."""
    known = make_requester(portal_network, "gemeente", entity=9057)
    made = replace(known, services={**known.services, 9003: f"urn:etoegang:DV:{OIN}:services:9003"})
    register_at(portal_network, made.metadata())
    return made


def logged_in(network: Network, requester: Requester, organisation: str) -> Answer:
    return answer(network, requester, "Fleur Voorbeeld", organisation, AttributeConsumingServiceIndex="9003")


def assert_given(found: Answer, *services: str) -> None:
    """These ServiceIDs in the summary and in the statement of each register; the portal's ServiceUUID everywhere."""
    assert found.texts("core:ServiceID") == list(services)
    assert found.texts("core:ServiceUUID") == ["e0000099-0014-4000-8000-000000009003"]
    registers = [item for item in found.evidence if item[0].text != AUTHENTICATION_SERVICE.entity_id]
    assert len(registers) == 2
    for statement in registers:
        stated = facts_of(statement, "Resource")
        assert [value.text for value in stated["urn:etoegang:core:ServiceID"]] == list(services)
        uuids = [value.text for value in stated["urn:etoegang:core:ServiceUUID"]]
        assert uuids == ["e0000099-0014-4000-8000-000000009003"]


def test_a_mandate_for_everything_gives_all_services_of_the_portal(portal_network, at_portal):
    assert_given(logged_in(portal_network, at_portal, "Glasblazerij Zeepbel"), BUILDING, PARKING)


def test_a_mandate_for_one_service_gives_that_service(portal_network, at_portal):
    assert_given(logged_in(portal_network, at_portal, "Fietsenmaker"), PARKING)


def test_a_mandate_at_a_low_level_gives_the_services_that_ask_no_more(portal_network, at_portal):
    found = logged_in(portal_network, at_portal, "Verhuisbedrijf")
    assert_given(found, PARKING)
    assert found.level == "urn:etoegang:core:assurance-class:loa2plus"


def listed(network: Network, requester: Requester, browser, index: str) -> list[str]:
    """The list of organisations that Fleur may choose from, all pages."""
    sso = network.simulator.addresses.sso
    page = started(browser, requester, sso, requester.begin(sso, AttributeConsumingServiceIndex=index))
    page = browser.submit(prove(browser, browser.submit(page.form()), "Fleur Voorbeeld").form())
    found = organisations(page)
    for number in range(2, 10):
        found += [item for item in organisations(browser.open(f"{page.url}?page={number}")) if item not in found]
    return [item.partition(" KvK-nummer")[0] for item in found]


def test_the_list_holds_who_may_be_acted_for_at_any_service_of_the_portal(portal_network, at_portal, browser):
    everyone = set(listed(portal_network, at_portal, browser, "9003"))
    building = set(listed(portal_network, at_portal, browser, "9001"))
    parking = set(listed(portal_network, at_portal, browser, "9002"))
    assert building < parking
    assert everyone == building | parking
