"""A complete chain login of the unmodified library at a broker made of other libraries than ours."""

import pytest
from lxml import etree

from .driver import Browser
from .harness import SHIPPED_BACKEND, DjangoSp, SpFacts, StartDjangoSp
from .schemas import PROTOCOL, assert_valid
from .visit import LogIn
from .wire.broker import RESOLVE, Plan, WireBroker
from .wire.crypto import NS, verified
from .wire.elements import CORE
from .wire.messages import INTERMEDIARY_KVK, LEVEL, Chain, ServiceProvider
from .wire.server import serving


def test_user_is_logged_in_as_the_client(log_in: LogIn, chain: Chain, wire: WireBroker) -> None:
    visit = log_in()
    read = visit.read

    assert visit.rsin == chain.client_rsin
    assert (read["kvk"], read["rsin"]) == (chain.client_kvk, chain.client_rsin)
    assert read["levels"] == [LEVEL]
    assert read["attributes"][INTERMEDIARY_KVK] == [chain.intermediary_kvk]
    assert read["attributes"][CORE + "ServiceUUID"] == [wire.provider.service_uuid]
    assert [value["NameID"]["value"] for value in read["attributes"][CORE + "LegalSubjectID"]] == [
        chain.client_kvk,
        chain.client_rsin,
    ]


def test_visitor_returns_to_the_page_that_relay_state_named(log_in: LogIn, django_sp: DjangoSp) -> None:
    assert log_in(Plan(), then="/whoami?from=here").page.url == f"{django_sp.base_url}/whoami?from=here"


def test_login_without_relay_state_and_service_index_succeeds(log_in: LogIn, chain: Chain) -> None:
    assert log_in(Plan(), then=None, service_index=None).rsin == chain.client_rsin


@pytest.mark.parametrize("content_type", ["text/xml", "application/soap+xml"])
def test_shipped_backend_logs_in_and_resolves_with_either_content_type(
    start_django_sp: StartDjangoSp, browser: Browser, chain: Chain, content_type: str
) -> None:
    sp = start_django_sp(SpFacts(backend=SHIPPED_BACKEND, content_type=content_type))
    with serving(WireBroker(chain, ServiceProvider.read(sp.metadata, sp.catalogue))) as wire:
        assert sp.use_broker(f"{wire.url}/metadata") == chain.broker.entity_id
        page = browser.submit(browser.open(sp.login_url()).form())

    assert page.json()["rsin"] == chain.client_rsin
    ((headers, _),) = wire.resolutions
    assert {name.lower(): value for name, value in headers.items()}["content-type"] == content_type


def test_artifact_resolve_comes_signed_without_soapaction_and_without_destination(
    log_in: LogIn, wire: WireBroker
) -> None:
    log_in()
    ((headers, body),) = wire.resolutions
    envelope = etree.fromstring(body)
    (resolve,) = envelope.find("soap:Body", NS)

    assert verified(body, wire.provider.certificate, RESOLVE).get("ID") == resolve.get("ID")
    assert_valid(resolve, PROTOCOL)
    assert "soapaction" not in {name.lower() for name in headers}
    assert set(resolve.attrib) == {"ID", "Version", "IssueInstant"}
    assert [etree.QName(child).localname for child in resolve] == ["Issuer", "Signature", "Artifact"]
    assert [etree.QName(part).localname for part in resolve.find("ds:Signature/ds:KeyInfo", NS)] == ["X509Data"]
