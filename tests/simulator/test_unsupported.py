"""A trusted request for what cannot be: the sender is told Requester/RequestUnsupported, before any screen."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sqlalchemy as sa

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Catalogue
from broker.core.identifiers import IdentifierType, ServiceId
from broker.rules import RULES
from broker.saml import names
from broker.simulator import requests as use_case
from broker.simulator.requests import Unsupported
from broker.store.tables import pending_logins
from sp_demo import schema
from tests.network import register_at
from tests.requester import NS, Requester, form

INDEX = "AttributeConsumingServiceIndex"
EH3 = "urn:etoegang:core:assurance-class:loa3"
EH4 = "urn:etoegang:core:assurance-class:loa4"
# One rule has a text of the scheme's family.
TEXTS = {rule.id: rule.text.en for rule in RULES} | {"EH-REQ-26": "Level of assurance not supported"}


def levels(*asked: str, comparison: str = "minimum") -> str:
    """A RequestedAuthnContext."""
    classes = "".join(f"<saml:AuthnContextClassRef>{item}</saml:AuthnContextClassRef>" for item in asked)
    return f'<samlp:RequestedAuthnContext Comparison="{comparison}">{classes}</samlp:RequestedAuthnContext>'


def scoped(*asked: str) -> str:
    """A Scoping."""
    entries = "".join(f'<samlp:IDPEntry ProviderID="{item}"/>' for item in asked)
    return f"<samlp:Scoping><samlp:IDPList>{entries}</samlp:IDPList></samlp:Scoping>"


@pytest.fixture
def stretched(network, requester: Requester) -> Requester:
    """A service provider whose metadata promises more than the catalogue holds."""
    made = replace(
        requester,
        entity_id="urn:etoegang:DV:00000099000000110000:entities:9057",
        services={
            9001: "urn:etoegang:DV:00000099000000110000:services:9001",
            9098: "urn:etoegang:DV:00000099000000110000:services:9098",
            9099: "urn:etoegang:DV:00000099000000140000:services:9001",
        },
    )
    register_at(network, made.metadata())
    return made


OTHER = "urn:etoegang:AD:00000099000000099999:entities:9001"
STUB = "urn:etoegang:AD:00000099000000020000:entities:9001"


@pytest.mark.parametrize(("index", "rule"), [("1", "EH-REQ-21"), ("9098", "EH-REQ-22"), ("9099", "EH-REQ-23")], ids=str)
def test_REQ_08_EH_02_a_service_that_cannot_be_is_told_to_the_sender(network, log, stretched, index, rule):
    is_told(network, log, stretched, {INDEX: index}, rule)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"IsPassive": "true"}, "EH-REQ-20"),
        ({"children": [scoped(OTHER)]}, "EH-REQ-27"),
        ({"children": [scoped(STUB, STUB)]}, "EH-REQ-27"),
    ],
    ids=["passive", "unknown", "two"],
)
def test_REQ_09_what_the_interface_has_no_place_for_is_told_to_the_sender(network, log, stretched, changes, rule):
    is_told(network, log, stretched, changes, rule)


@pytest.mark.parametrize(
    ("context", "rule"),
    [
        (levels(EH3, comparison="exact"), "EH-REQ-24"),
        (levels(EH3, comparison="better"), "EH-REQ-24"),
        (levels(EH3, comparison="maximum"), "EH-REQ-24"),
        (levels(EH3, EH4), "EH-REQ-25"),
        (levels(*(EH3,) * 100), "EH-REQ-25"),
        (levels("urn:oasis:names:tc:SAML:2.0:ac:classes:Password"), "EH-REQ-25"),
        (levels(EH4), "EH-REQ-26"),
    ],
    ids=["exact", "better", "maximum", "two", "hundred", "of-another-scheme", "too-high"],
)
def test_REQ_11_a_level_that_cannot_be_is_told_to_the_sender(network, log, stretched, context, rule):
    is_told(network, log, stretched, {"children": [context]}, rule)


def is_told(network, log, stretched, changes, rule) -> None:
    """A request with `changes` gets an answer that names the rule, and begins no login."""
    sso = network.simulator.addresses.sso
    request = stretched.request(sso, **changes)
    before = logins(network)

    answer = requests.post(
        sso, form("SAMLRequest", stretched.signed(request), "state"), allow_redirects=False, timeout=30
    )

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{stretched.consumer}?")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["RelayState"] == ["state"]
    assert logins(network) == before
    (entry,) = log
    assert entry["event"] == "request.unsupported"
    assert [line.split()[0] for line in entry["findings"]] == [rule]

    resolved = stretched.collect(network.simulator.addresses.resolution, query["SAMLart"][0])
    schema.validate(resolved)
    response = resolved.find("samlp:Response", NS)
    assert response.get("InResponseTo") == request.get("ID")
    status = response.find("samlp:Status", NS)
    assert [code.get("Value") for code in status.iter("{*}StatusCode")] == [
        names.STATUS_REQUESTER,
        names.STATUS_REQUEST_UNSUPPORTED,
    ]
    assert status.findtext("samlp:StatusMessage", None, NS) == TEXTS[rule]
    assert response.find("saml:Assertion", NS) is None


def logins(network) -> int:
    return network.simulator.store.read(lambda tx: tx.scalar(sa.select(sa.func.count()).select_from(pending_logins)))


def test_of_several_faults_all_are_logged_and_the_first_is_told(network, log, stretched):
    sso = network.simulator.addresses.sso
    message = stretched.signed(stretched.request(sso, IsPassive="true", children=[levels(EH4)]))
    answer = requests.post(sso, form("SAMLRequest", message, None), allow_redirects=False, timeout=30)
    assert [line.split()[0] for line in log[0]["findings"]] == ["EH-REQ-20", "EH-REQ-26"]
    artifact = parse_qs(urlsplit(answer.headers["Location"]).query)["SAMLart"][0]
    resolved = stretched.collect(network.simulator.addresses.resolution, artifact)
    assert resolved.findtext(".//samlp:StatusMessage", None, NS) == TEXTS["EH-REQ-20"]


def test_a_request_that_was_answered_so_cannot_be_sent_again(watch, network, stretched):
    sso = network.simulator.addresses.sso
    fields = form("SAMLRequest", stretched.signed(stretched.request(sso, IsPassive="true")), None)
    assert requests.post(sso, fields, allow_redirects=False, timeout=30).status_code == 303
    watch.refuses(lambda: requests.post(sso, fields, allow_redirects=False, timeout=30), "EH-REQ-08")


def test_REQ_09_what_the_scheme_does_not_use_is_noted_and_ignored(network, log, requester):
    sso = network.simulator.addresses.sso
    children = ['<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"/>']
    message = requester.signed(requester.request(sso, children=children))
    answer = requests.post(sso, form("SAMLRequest", message, None), allow_redirects=False, timeout=30)
    assert answer.headers["Location"].startswith("/login/")
    assert [note.split()[:2] for note in log[0]["notes"]] == [["EH-REQ-40", "warning"]]


def test_an_address_by_url_is_noted(network, log, requester):
    sso = network.simulator.addresses.sso
    by_url = {"AssertionConsumerServiceIndex": None, "AssertionConsumerServiceURL": requester.consumer}
    message = requester.signed(requester.request(sso, **by_url))
    answer = requests.post(sso, form("SAMLRequest", message, None), allow_redirects=False, timeout=30)
    assert answer.headers["Location"].startswith("/login/")
    assert [note.split()[:2] for note in log[0]["notes"]] == [["EH-REQ-41", "info"]]


def post_form(requester: Requester, sso: str, **changes) -> dict[str, list[str]]:
    fields = form("SAMLRequest", requester.signed(requester.request(sso, **changes)), "state")
    return {name: [value] for name, value in fields.items()}


def test_a_level_that_no_authentication_service_can_deliver(network, make_requester):
    """Nothing in the sample network is so; the same simulator with a weaker service."""
    requester = make_requester(network, "uwv")
    weaker = {
        key: replace(item, maximum_level=AssuranceLevel.EH3)
        for key, item in network.simulator.authentication_services.items()
    }
    simulator = replace(network.simulator, authentication_services=weaker)
    fields = post_form(requester, network.simulator.addresses.sso, **{INDEX: "9002"})
    assert rules_of(use_case.receive_post(simulator, fields)) == ["EH-REQ-28"]


def test_a_service_that_asks_what_nobody_delivers(network, requester):
    service_id = ServiceId(requester.services[9001])
    service = replace(
        network.simulator.catalogue.find(service_id), identifier_sets=(frozenset({IdentifierType.EIDAS_LEGAL}),)
    )
    simulator = replace(network.simulator, catalogue=Catalogue({service_id: service}))
    fields = post_form(requester, network.simulator.addresses.sso)
    assert rules_of(use_case.receive_post(simulator, fields)) == ["EH-REQ-29"]


def rules_of(received) -> list[str]:
    assert isinstance(received, Unsupported)
    return [finding.rule for finding in received.findings]
