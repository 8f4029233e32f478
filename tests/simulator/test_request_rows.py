"""Every row of the scheme's table of an AuthnRequest (etd DV-HM), for a lenient and for a strict broker."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from broker.core.catalogue import Catalogue
from broker.core.findings import Severity
from broker.core.identifiers import IdentifierType, Oin, ServiceId
from broker.rules import RULES
from broker.rules.rule import errors
from broker.saml import names
from broker.simulator import requests as use_case
from broker.simulator.context import Simulator
from broker.simulator.requests import Unsupported
from broker.store import logins
from tests.network import Network
from tests.requester import ARTIFACT, NS, POST, Requester, form, make_id, sign
from tests.simulator.outcome import Entry, Watch

INDEX, URL, BINDING = "AssertionConsumerServiceIndex", "AssertionConsumerServiceURL", "ProtocolBinding"
SERVICE = "AttributeConsumingServiceIndex"
UNSPECIFIED = "urn:oasis:names:tc:SAML:2.0:consent:unspecified"
OBTAINED = "urn:oasis:names:tc:SAML:2.0:consent:obtained"
ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
SUBJECT = "<saml:Subject><saml:NameID>someone</saml:NameID></saml:Subject>"
NAME_ID_POLICY = '<samlp:NameIDPolicy AllowCreate="true"/>'
CONDITIONS = '<saml:Conditions NotBefore="2020-01-01T00:00:00Z"/>'
KVK_NUMBER = IdentifierType.KVK_NUMBER.value
AD = "urn:etoegang:AD:00000099000000020000:entities:9001"
EB = "urn:etoegang:EB:00000099000000050000:entities:9001"
EH2_PLUS, EH3, EH4 = (f"urn:etoegang:core:assurance-class:{level}" for level in ("loa2plus", "loa3", "loa4"))
# One rule has a text of the scheme's family.
TEXTS = {rule.id: rule.text.en for rule in RULES} | {"EH-REQ-26": "Level of assurance not supported"}


@dataclass(frozen=True)
class Outcome:
    """What becomes of a request, and the rules that have something to say."""

    kind: str
    rules: tuple[str, ...]


def begins(*noted: str) -> Outcome:
    """The login begins; these rules are noted in its log and its history."""
    return Outcome("begins", noted)


def told(*rules: str) -> Outcome:
    """The service provider is told Requester/RequestUnsupported."""
    return Outcome("told", rules)


def page(*rules: str) -> Outcome:
    """A page; nothing is sent back."""
    return Outcome("page", rules)


@dataclass(frozen=True)
class Sent:
    """A request that differs from one by the book: attributes, children behind Issuer, attributes of Issuer."""

    attributes: dict[str, str | None] = field(default_factory=dict)
    children: Iterable[str] = ()
    issuer: dict[str, str] = field(default_factory=dict)
    hint: str = "KeyName"
    relay_state: str | None = "state"
    signed: bool = True

    def fields(self, requester: Requester, sso: str) -> dict[str, str]:
        given = {key: value and value.format(consumer=requester.consumer) for key, value in self.attributes.items()}
        message = requester.request(sso, children=self.children, **given)
        message.find("saml:Issuer", NS).attrib.update(self.issuer)
        if self.signed:
            message = sign(message, requester.signing, hint=self.hint)
        return form("SAMLRequest", message, self.relay_state)


def attributes(**given: str | None) -> Sent:
    return Sent(attributes=given)


def child(*text: str) -> Sent:
    return Sent(children=text)


def context(*classes: str, comparison: str | None = "minimum") -> str:
    stated = "" if comparison is None else f' Comparison="{comparison}"'
    inside = "".join(f"<saml:AuthnContextClassRef>{item}</saml:AuthnContextClassRef>" for item in classes)
    return f"<samlp:RequestedAuthnContext{stated}>{inside}</samlp:RequestedAuthnContext>"


def scoping(*providers: str, attribute: str = "", behind: str = "") -> str:
    entries = "".join(f'<samlp:IDPEntry ProviderID="{item}"/>' for item in providers)
    inside = f"<samlp:IDPList>{entries}</samlp:IDPList>" if providers else ""
    return f"<samlp:Scoping{attribute}>{inside}{behind}</samlp:Scoping>"


GET_COMPLETE = (
    f'<samlp:Scoping><samlp:IDPList><samlp:IDPEntry ProviderID="{AD}"/>'
    "<samlp:GetComplete>https://dv.invalid/list</samlp:GetComplete></samlp:IDPList></samlp:Scoping>"
)

# Row of the table: what is sent, what a lenient broker does, what a strict one does.
ROWS: dict[str, tuple[Sent, Outcome, Outcome]] = {
    "by-the-book": (Sent(), begins(), begins()),
    "ID-malformed": (attributes(ID="_" + "x" * 128), page("EH-XML-17"), page("EH-XML-17")),
    "Version-absent": (attributes(Version=None), page("EH-XML-14"), page("EH-XML-14")),
    "Version-1.1": (attributes(Version="1.1"), page("EH-REQ-01"), page("EH-REQ-01")),
    "IssueInstant-absent": (attributes(IssueInstant=None), page("EH-XML-14"), page("EH-XML-14")),
    "IssueInstant-old": (attributes(IssueInstant="2020-01-01T00:00:00Z"), page("EH-REQ-03"), page("EH-REQ-03")),
    "Destination-absent": (attributes(Destination=None), page("EH-REQ-02"), page("EH-REQ-02")),
    "Destination-other": (attributes(Destination="https://hm.invalid/"), page("EH-REQ-02"), page("EH-REQ-02")),
    "Consent-unspecified": (attributes(Consent=UNSPECIFIED), begins(), begins()),
    "Consent-other": (attributes(Consent=OBTAINED), begins("EH-REQ-45"), told("EH-REQ-45")),
    "ForceAuthn-true": (attributes(ForceAuthn="true"), begins(), begins()),
    "ForceAuthn-false": (attributes(ForceAuthn="false"), begins(), begins()),
    "ForceAuthn-absent": (attributes(ForceAuthn=None), begins(), begins()),
    # The scheme says "false, empty or absent", but also that nothing may be empty; the schema of SAML decides.
    "ForceAuthn-empty": (attributes(ForceAuthn=""), page("EH-XML-14"), page("EH-XML-14")),
    "IsPassive-false": (attributes(IsPassive="false"), begins(), begins()),
    "IsPassive-true": (attributes(IsPassive="true"), told("EH-REQ-20"), told("EH-REQ-20")),
    "AssertionConsumerServiceIndex": (attributes(**{INDEX: "1"}), begins(), begins()),
    "AssertionConsumerServiceIndex-unknown": (attributes(**{INDEX: "7"}), page("EH-REQ-06"), page("EH-REQ-06")),
    "AssertionConsumerServiceIndex-of-another-binding": (
        attributes(**{INDEX: "2"}),
        page("EH-REQ-06"),
        page("EH-REQ-06"),
    ),
    "AssertionConsumerServiceIndex-absent": (
        attributes(**{INDEX: None}),
        begins("EH-REQ-43"),
        told("EH-REQ-43"),
    ),
    "AssertionConsumerServiceURL": (
        attributes(**{INDEX: None, URL: "{consumer}"}),
        begins("EH-REQ-41"),
        told("EH-REQ-41"),
    ),
    "AssertionConsumerServiceURL-unregistered": (
        attributes(**{INDEX: None, URL: "{consumer}/else"}),
        page("EH-REQ-06"),
        page("EH-REQ-06"),
    ),
    "ProtocolBinding": (attributes(**{BINDING: ARTIFACT}), begins("EH-REQ-48"), told("EH-REQ-48")),
    "ProtocolBinding-of-another-binding": (attributes(**{BINDING: POST}), page("EH-REQ-06"), page("EH-REQ-06")),
    "AttributeConsumingServiceIndex": (attributes(**{SERVICE: "9002"}), begins(), begins()),
    "AttributeConsumingServiceIndex-absent": (attributes(**{SERVICE: None}), begins(), begins()),
    "AttributeConsumingServiceIndex-unknown": (attributes(**{SERVICE: "1"}), told("EH-REQ-21"), told("EH-REQ-21")),
    "ProviderName": (attributes(ProviderName="Mijn belastingzaken"), begins(), begins()),
    "Issuer-Format": (Sent(issuer={"Format": ENTITY}), begins("EH-REQ-05"), told("EH-REQ-05")),
    "Issuer-NameQualifier": (Sent(issuer={"NameQualifier": "urn:x"}), begins("EH-REQ-05"), told("EH-REQ-05")),
    "Issuer-SPNameQualifier": (Sent(issuer={"SPNameQualifier": "urn:x"}), begins("EH-REQ-05"), told("EH-REQ-05")),
    "Issuer-SPProvidedID": (Sent(issuer={"SPProvidedID": "x"}), begins("EH-REQ-05"), told("EH-REQ-05")),
    "Signature-absent": (Sent(signed=False), page("EH-SIG-01"), page("EH-SIG-01")),
    "Signature-KeyInfo-absent": (Sent(hint=""), begins(), begins()),
    "Signature-KeyInfo-certificate": (Sent(hint="X509Data"), begins("EH-REQ-44"), told("EH-REQ-44")),
    "Extensions": (
        child('<samlp:Extensions><saml:Attribute Name="urn:etoegang:core:ServiceUUID"/></samlp:Extensions>'),
        begins("EH-REQ-47"),
        begins("EH-REQ-47"),
    ),
    "Subject": (child(SUBJECT), begins("EH-REQ-40"), told("EH-REQ-40")),
    "NameIDPolicy": (child(NAME_ID_POLICY), begins("EH-REQ-40"), told("EH-REQ-40")),
    "Conditions": (child(CONDITIONS), begins("EH-REQ-40"), told("EH-REQ-40")),
    "all-unused": (
        child(SUBJECT, NAME_ID_POLICY, CONDITIONS),
        begins("EH-REQ-40", "EH-REQ-40", "EH-REQ-40"),
        told("EH-REQ-40", "EH-REQ-40", "EH-REQ-40"),
    ),
    "RequestedAuthnContext-lower": (child(context(EH2_PLUS)), begins(), begins()),
    "RequestedAuthnContext-equal": (child(context(EH3)), begins(), begins()),
    "RequestedAuthnContext-higher": (child(context(EH4)), told("EH-REQ-26"), told("EH-REQ-26")),
    "RequestedAuthnContext-two": (child(context(EH3, EH2_PLUS)), told("EH-REQ-25"), told("EH-REQ-25")),
    "RequestedAuthnContext-exact": (
        child(context(EH3, comparison="exact")),
        told("EH-REQ-24"),
        told("EH-REQ-24"),
    ),
    "RequestedAuthnContext-Comparison-absent": (
        child(context(EH3, comparison=None)),
        told("EH-REQ-24"),
        told("EH-REQ-24"),
    ),
    "Scoping": (child(scoping(AD)), begins(), begins()),
    "Scoping-unknown": (child(scoping(f"{AD}9")), told("EH-REQ-27"), told("EH-REQ-27")),
    "Scoping-eIDAS": (child(scoping(EB)), told("EH-REQ-27"), told("EH-REQ-27")),
    "Scoping-two": (child(scoping(AD, AD)), told("EH-REQ-27"), told("EH-REQ-27")),
    "Scoping-ProxyCount": (
        child(scoping(AD, attribute=' ProxyCount="0"')),
        begins("EH-REQ-40"),
        told("EH-REQ-40"),
    ),
    "Scoping-RequesterID": (
        child(scoping(AD, behind="<samlp:RequesterID>urn:x</samlp:RequesterID>")),
        begins("EH-REQ-40"),
        told("EH-REQ-40"),
    ),
    "Scoping-GetComplete": (child(GET_COMPLETE), begins("EH-REQ-40"), told("EH-REQ-40")),
    "RelayState-absent": (Sent(relay_state=None), begins(), begins()),
    "RelayState-80-bytes": (Sent(relay_state="é" * 40), begins(), begins()),
    "RelayState-81-bytes": (Sent(relay_state="x" * 81), begins("EH-REQ-07"), page("EH-REQ-07")),
    "RelayState-1024-bytes": (Sent(relay_state="é" * 512), begins("EH-REQ-07"), page("EH-REQ-07")),
    "RelayState-1025-bytes": (Sent(relay_state="x" * 1025), page("EH-REQ-09"), page("EH-REQ-09")),
}

Judge = Callable[[Sent, Outcome], None]


@pytest.fixture(params=["lenient", "strict"])
def judged(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def judge(request: pytest.FixtureRequest, make_requester: Callable[..., Requester], log: list[Entry]) -> Any:
    """judge(judged, sent, outcome): `sent` meets that outcome at a broker that judges so."""

    def meet(judged: str, sent: Sent, outcome: Outcome) -> None:
        network: Network = request.getfixturevalue("network" if judged == "lenient" else "strict_network")
        requester, sso = make_requester(network), network.simulator.addresses.sso
        fields = sent.fields(requester, sso)

        def send() -> requests.Response:
            return requests.post(sso, fields, allow_redirects=False, timeout=30)

        if outcome.kind == "page":
            Watch(network, log).refuses(send, *outcome.rules)
            return
        log.clear()
        answer = send()
        assert answer.status_code == 303, answer.text
        if outcome.kind == "begins":
            _begun(network.simulator, log, answer, outcome.rules)
        else:
            _told(network.simulator, requester, log, answer, outcome.rules)

    return meet


def _begun(simulator: Simulator, log: list[Entry], answer: requests.Response, noted: tuple[str, ...]) -> None:
    """The login's log and history both tell what was noted, with place and detail."""
    (entry,) = [entry for entry in log if entry["event"] == "login.started"]
    assert [line.split()[0] for line in entry["notes"]] == list(noted)
    assert "error" not in {line.split()[1] for line in entry["notes"]}
    history = _history(simulator, answer.headers["Location"].rpartition("/")[2])
    assert history[0]["what"] == "started"
    assert [event["what"] for event in history[1:]] == ["noted"] * len(noted)
    without_severity = [" ".join(line.split()[:1] + line.split()[2:]) for line in entry["notes"]]
    assert [" ".join(event["detail"].split()) for event in history[1:]] == without_severity


def _history(simulator: Simulator, login_id: str) -> list[dict[str, str]]:
    row = simulator.store.read(lambda tx: logins.find(tx, login_id))
    return json.loads(row.document)["history"]


def _told(
    simulator: Simulator, requester: Requester, log: list[Entry], answer: requests.Response, rules: tuple[str, ...]
) -> None:
    (entry,) = [entry for entry in log if entry["event"] == "request.unsupported"]
    assert [line.split()[:2] for line in entry["findings"]] == [[rule, "error"] for rule in rules]
    artifact = parse_qs(urlsplit(answer.headers["Location"]).query)["SAMLart"][0]
    status = requester.collect(simulator.addresses.resolution, artifact).find("samlp:Response/samlp:Status", NS)
    codes = [code.get("Value") for code in status.iter("{*}StatusCode")]
    assert codes == [names.STATUS_REQUESTER, names.STATUS_REQUEST_UNSUPPORTED]
    assert status.findtext("samlp:StatusMessage", None, NS) == TEXTS[rules[0]]


@pytest.mark.parametrize("row", ROWS)
def test_etd_4_row_of_the_table(judge, judged: str, row: str):
    sent, lenient, strict = ROWS[row]
    judge(judged, sent, lenient if judged == "lenient" else strict)


def test_etd_4_ID_used_before(judge, judged: str):
    used = attributes(ID=make_id())
    judge(judged, used, begins())
    judge(judged, used, page("EH-REQ-08"))


def test_etd_4_Issuer_unknown(judge, judged: str):
    unknown = Sent(attributes={"issuer": "urn:etoegang:DV:00000099000000119999:entities:9055"})
    judge(judged, unknown, page("EH-SND-01"))


def test_etd_4_Extensions_of_any_content_mean_nothing(judge, judged: str):
    """What the newer interfaces between broker and authentication service say there does not choose the service."""
    for inside in (
        '<saml:Attribute Name="urn:etoegang:core:ServiceUUID"><saml:AttributeValue>x</saml:AttributeValue>'
        "<saml:AttributeValue>y</saml:AttributeValue></saml:Attribute>",
        '<x:anything xmlns:x="urn:x"><x:inside/></x:anything>',
    ):
        sent = child(f"<samlp:Extensions>{inside}</samlp:Extensions>")
        judge(judged, sent, begins("EH-REQ-47"))


def test_E22_a_request_that_names_a_relation_is_judged_alike_whoever_is_named(judge, judged: str):
    """A client of the person who may log in, another one, and somebody who does not exist: nobody learns which."""
    for number in ("68727720", "96354429", "99999999"):
        named = f'<saml:Subject><saml:NameID NameQualifier="{KVK_NUMBER}">{number}</saml:NameID></saml:Subject>'
        judge(judged, child(named), begins("EH-REQ-40") if judged == "lenient" else told("EH-REQ-40"))


def test_a_strict_broker_tells_all_differences_and_the_first_is_the_message(judge):
    sent = Sent(
        attributes={INDEX: None, URL: "{consumer}", BINDING: ARTIFACT, "Consent": OBTAINED},
        children=[NAME_ID_POLICY],
        issuer={"Format": ENTITY},
        hint="X509Data",
    )
    rules = ("EH-REQ-05", "EH-REQ-40", "EH-REQ-41", "EH-REQ-48", "EH-REQ-44", "EH-REQ-45")
    judge("lenient", sent, begins(*rules))
    judge("strict", sent, told(*rules))


def test_strictness_is_that_of_one_service_provider(strict_network, make_requester, log):
    """Others at the same broker are judged leniently."""
    other = make_requester(strict_network, "kvk")
    sso = strict_network.simulator.addresses.sso
    answer = requests.post(sso, child(SUBJECT).fields(other, sso), allow_redirects=False, timeout=30)
    _begun(strict_network.simulator, log, answer, ("EH-REQ-40",))


@pytest.mark.parametrize("brokers", [frozenset(), frozenset({Oin("00000099000000019999")})], ids=["none", "another"])
def test_a_service_that_the_catalogue_connects_to_another_broker(network, requester, judged: str, brokers):
    """Whoever tests with the catalogue of production finds another broker's OIN in it."""
    service_id = ServiceId(requester.services[9001])
    service = replace(network.simulator.catalogue.find(service_id), brokers=brokers)
    strict = frozenset({requester.entity_id}) if judged == "strict" else frozenset()
    simulator = replace(network.simulator, catalogue=Catalogue({service_id: service}), strict=strict)
    fields = Sent().fields(requester, simulator.addresses.sso)
    received = use_case.receive_post(simulator, {name: [value] for name, value in fields.items()})
    if judged == "strict":
        assert isinstance(received, Unsupported)
        assert [item.rule for item in errors(received.findings)] == ["EH-REQ-46"]
    else:
        assert [(item.rule, item.severity) for item in received.notes] == [("EH-REQ-46", Severity.WARNING)]
