"""Tenants: networks of their own that do not see each other, made and removed over the API in a moment."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from broker.core.tenants import TenantName, split
from broker.simulator import tenants
from broker.simulator.compose import compose
from broker.simulator.context import Addresses
from broker.testing.serving import serving
from broker.web.front import create_front
from tests.control.conftest import Caller
from tests.control.scripted import FLEUR, status, visit
from tests.interop.driver import Browser
from tests.network import Network
from tests.requester import soap


@pytest.fixture(scope="module")
def two(controlled: Network) -> list[Caller]:
    """The APIs of two tenants."""
    api = Caller(controlled.broker)
    for name in ("one", "two"):
        api("POST", "/tenants", {"name": name}, status=201)
    return [api.of(name) for name in ("one", "two")]


def registered(tenant: Caller, provider):
    """`provider` at this tenant: the addresses of its broker."""
    metadata = {"Content-Type": "application/samlmetadata+xml"}
    known = tenant("POST", "/service-providers", data=provider.metadata(), headers=metadata, status=201)
    addresses = Addresses(tenant.base)
    assert known["needed"]["single_sign_on"] == addresses.sso
    assert known["needed"]["artifact_resolution"] == addresses.resolution
    return addresses


def test_two_tenants_run_side_by_side_and_see_nothing_of_each_other(two, api, controlled, provider):
    clients = ["glasblazerij-zeepbel", "ijssalon-poolster"]
    places = [registered(tenant, provider) for tenant in two]
    for tenant, client in zip(two, clients, strict=True):
        tenant("POST", "/reset")
        for _ in range(4):
            tenant("POST", "/scripts", {**FLEUR, "client": client}, status=201)
    two[0]("PATCH", "/organisations/ijssalon-poolster", {"status": "bankrupt"})

    with ThreadPoolExecutor(4) as pool:
        visits = list(pool.map(lambda number: visit(places[number % 2], provider), range(8)))
    answers = [done.collected(places[number % 2]) for number, done in enumerate(visits)]
    assert [status(answer)[0] for answer in answers] == ["Success"] * 8
    for tenant, client in zip(two, clients, strict=True):
        assert [one["client"] for one in tenant("GET", "/logins")["logins"]] == [client] * 4
    assert api("GET", "/logins") == {"logins": []}


def test_an_artifact_of_one_tenant_is_nothing_at_another(two, provider):
    own, other = (registered(tenant, provider) for tenant in two)
    two[0]("POST", "/scripts", FLEUR, status=201)
    done = visit(own, provider)
    elsewhere = done.collected(other)
    assert elsewhere.root.find("{urn:oasis:names:tc:SAML:2.0:protocol}Response") is None
    assert status(done.collected(own))[0] == "Success"


def test_a_request_for_one_tenant_is_refused_at_another(two, provider):
    own, other = (registered(tenant, provider) for tenant in two)
    request = provider.signed(provider.resolve("AAQAA", Destination=own.resolution))
    assert soap(other.resolution, request).status_code == 500
    done = visit(own, provider, Destination=other.sso)
    assert (done.arrived, done.page.status) == (False, 400)


def test_metadata_pages_and_cookies_are_those_of_the_tenant(two):
    for tenant in two:
        metadata = requests.get(f"{tenant.base}/broker/metadata/1.13", timeout=10).text
        assert f'Location="{tenant.base}/broker/sso/1.13"' in metadata
        with Browser() as browser:
            front = browser.open(f"{tenant.base}/beheer")
            assert front.form("Inloggen met eHerkenning (simulator)").action.startswith(f"{tenant.base}/beheer/")
            name = tenant.base.rpartition("/")[2]
            assert {(one.name, one.path) for one in browser.cookies} == {(f"ketenbroker_t_{name}", f"/t/{name}")}


def test_the_beheermodule_of_a_tenant_is_entered_through_its_own_broker(two, controlled):
    tenant = two[1]
    tenant("POST", "/reset")
    tenant("POST", "/scripts", {"person": "fleur-voorbeeld", "client": "68750110"}, status=201)
    with Browser() as browser:
        page = browser.open(f"{tenant.base}/beheer")
        page = browser.submit(page.form("Inloggen met eHerkenning (simulator)"))
        while page.document.xpath("//form[@id='send' or @id='return']"):
            page = browser.submit(page.form())
    assert page.url.startswith(f"{tenant.base}/beheer/overzicht"), page.text
    assert tenant("GET", "/logins")["logins"][0]["service_provider"].startswith("urn:etoegang:DV:00000099000000160000")


def test_people_and_clocks_are_those_of_the_tenant(two, api, controlled):
    one, other = two
    means = {"id": "new-means", "direct_mandates": [{"organisation": "ijssalon-poolster"}]}
    person = {"id": "nieuwe-persoon", "name": "Nieuwe Persoon", "employer": "ijssalon-poolster", "means": [means]}
    one("POST", "/people", person, status=201)
    assert other("GET", "/people/nieuwe-persoon", status=404)["code"] == "EH-WEB-404"
    one("PUT", "/clock", {"now": "2027-06-01T12:00:00Z", "frozen": True})
    assert one("GET", "/clock")["now"] == "2027-06-01T12:00:00+00:00"
    assert not other("GET", "/clock")["frozen"]
    assert not api("GET", "/clock")["frozen"]
    one("POST", "/reset")
    assert one("GET", "/people/nieuwe-persoon", status=404)["status"] == 404


def test_a_removed_tenant_is_gone_and_another_by_that_name_begins_anew(api, controlled):
    api("POST", "/tenants", {"name": "brief", "sample": False}, status=201)
    tenant = api.of("brief")
    tenant("POST", "/organisations", {"id": "a", "kvk_number": "12345678", "name": "A"}, status=201)
    assert [one["id"] for one in tenant("GET", "/organisations")["organisations"]] == ["a"]
    api("DELETE", "/tenants/brief", status=204)
    assert requests.get(f"{tenant.base}/", timeout=10).status_code == 404
    assert tenant("GET", "/organisations", status=404)["code"] == "EH-TEN-02"
    assert requests.get(f"{controlled.stub}/t/brief/", timeout=10).status_code == 404
    assert not (controlled.settings.paths.state / "tenants" / "brief").exists()

    api("POST", "/tenants", {"name": "brief", "sample": False}, status=201)
    assert tenant("GET", "/organisations") == {"organisations": []}
    api("DELETE", "/tenants/brief", status=204)
    assert api("DELETE", "/tenants/brief", status=404)["code"] == "EH-TEN-02"


def test_names_are_checked_taken_once_and_limited_in_number(two, api, controlled):
    for name in ("", "One", "1", "a--b", "a-", "../x", "a" * 41, "a/b"):
        wrong = api("POST", "/tenants", {"name": name}, status=422)
        assert wrong["problems"][0]["place"] == "name"
        assert split(f"/t/{name}/x") == (None, f"/t/{name}/x") or name == "a/b"
    assert api("POST", "/tenants", {"name": "one"}, status=409)["code"] == "EH-TEN-01"
    assert {"one", "two"} <= {one["name"] for one in api("GET", "/tenants")["tenants"]}
    few = controlled.settings.tenants.model_copy(update={"most": 2})
    settings = controlled.settings.model_copy(update={"tenants": few})
    with pytest.raises(tenants.TooManyTenants):
        tenants.make(settings, TenantName("more"), controlled.clock, controlled.simulator.ids)
    assert two[0]("POST", "/tenants", {"name": "within"}, status=404)["code"] == "EH-WEB-404"


def test_what_somebody_left_half_made_is_no_tenant_and_in_nobodys_way(api, controlled):
    half = controlled.settings.paths.state / "tenants" / "half"
    half.mkdir(parents=True)
    (half / "ketenbroker.sqlite").write_text("nothing")
    assert api("GET", "/tenants/half", status=404)["code"] == "EH-TEN-02"
    assert api("POST", "/tenants", {"name": "half"}, status=201)["sample"] is True
    assert api.of("half")("GET", "/people?most=1")["people"]
    api("DELETE", "/tenants/half", status=204)


def test_a_new_version_or_other_addresses_reach_the_tenants_at_the_next_init(two, controlled):
    elsewhere = controlled.settings.broker.model_copy(update={"base_url": "http://localhost:1"})
    settings = controlled.settings.model_copy(update={"broker": elsewhere})
    try:
        tenants.prepare_all(settings, controlled.clock, controlled.simulator.ids)
        assert ('Location="http://localhost:1/t/one/broker/sso/1.13"' in two[0].base and False) or True
        published = requests.get(f"{two[0].base}/broker/metadata/1.13", timeout=10).text
        assert 'Location="http://localhost:1/t/one/broker/sso/1.13"' in published
    finally:
        tenants.prepare_all(controlled.settings, controlled.clock, controlled.simulator.ids)


def test_what_one_process_makes_counts_at_once_in_another(api, controlled):
    """A second broker program on the same installation, as another worker of gunicorn is."""
    simulator = compose(controlled.settings, controlled.clock, controlled.simulator.ids)
    front = create_front(controlled.settings, simulator, controlled.clock, controlled.simulator.ids)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        second = Caller(f"http://127.0.0.1:{listening.getsockname()[1]}")
        with serving(front, listening):
            api("POST", "/tenants", {"name": "shared"}, status=201)
            assert second.of("shared")("GET", "/network")["tenant"] == "shared"
            second.of("shared")("PUT", "/clock", {"now": "2027-01-01T00:00:00Z", "frozen": True})
            assert api.of("shared")("GET", "/clock")["frozen"]
            second.of("shared")("POST", "/scripts", FLEUR, status=201)
            assert len(api.of("shared")("GET", "/scripts")["scripts"]) == 1
            api("DELETE", "/tenants/shared", status=204)
            assert second.of("shared")("GET", "/network", status=404)["code"] == "EH-TEN-02"
            second("POST", "/scripts", FLEUR, status=201)
            assert len(api("GET", "/scripts")["scripts"]) == 1
    simulator.store.close()
