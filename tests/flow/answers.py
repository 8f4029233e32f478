"""The broker's answer as it came over the wire to a service provider of the tests' own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import lxml.html
from lxml import etree

from tests.flow.steps import GO_ON, choose, prove
from tests.interop.driver import Browser
from tests.interop.page import Form, Page
from tests.network import Network
from tests.requester import NS, Requester, form

SAML = f"{{{NS['saml']}}}"
SAMLP = f"{{{NS['samlp']}}}"


@dataclass(frozen=True)
class Answer:
    """An ArtifactResponse, and what it answers."""

    requester: Requester
    request: etree._Element
    artifact: str
    root: etree._Element

    @property
    def response(self) -> etree._Element:
        (found,) = self.root.findall("samlp:Response", NS)
        return found

    @property
    def assertion(self) -> etree._Element:
        (found,) = self.response.findall("saml:Assertion", NS)
        return found

    @property
    def evidence(self) -> list[etree._Element]:
        """The statements in Advice, in order."""
        return self.assertion.findall("saml:Advice/saml:Assertion", NS)

    @property
    def level(self) -> str:
        """The AuthnContextClassRef of the summary."""
        return self.assertion.findtext("saml:AuthnStatement/saml:AuthnContext/saml:AuthnContextClassRef", None, NS)

    @property
    def attributes(self) -> dict[str, list[etree._Element]]:
        """The AttributeValues of the summary by name."""
        found = self.assertion.findall("saml:AttributeStatement/saml:Attribute", NS)
        assert len({item.get("Name") for item in found}) == len(found)
        return {item.get("Name"): item.findall("saml:AttributeValue", NS) for item in found}

    def texts(self, name: str) -> list[str]:
        """The plain values of an attribute."""
        return [value.text for value in self.attributes[f"urn:etoegang:{name}"]]

    def encrypted(self, name: str) -> list[etree._Element]:
        """The EncryptedIDs of an attribute."""
        return [value[0] for value in self.attributes[f"urn:etoegang:{name}"]]


def facts_of(statement: etree._Element, part: str) -> dict[str, list[etree._Element]]:
    """The AttributeValues in the `part` (Subject or Resource) of a register's statement, by AttributeId."""
    found = statement.findall(f"saml:Statement/xacml-context:Request/xacml-context:{part}/xacml-context:Attribute", NS)
    return {item.get("AttributeId"): item.findall("xacml-context:AttributeValue", NS) for item in found}


def moment(element: etree._Element, name: str) -> datetime:
    """An attribute of the form that the scheme's messages have: UTC, whole seconds."""
    return datetime.strptime(element.get(name), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def started(browser: Browser, requester: Requester, address: str, fields: dict[str, str]) -> Page:
    """The broker's first page, after a form that the requester's own site shows."""
    page = lxml.html.Element("form", method="post", action=address)
    for name, value in fields.items():
        page.append(lxml.html.Element("input", type="hidden", name=name, value=value))
    document = lxml.html.document_fromstring(lxml.html.tostring(page))
    return browser.submit(Form(requester.consumer, document.forms[0]))


def answer(
    network: Network, requester: Requester, person: str, organisation: str | None = None, **changes: Any
) -> Answer:
    """A whole login at `requester`; without `organisation` there must be one candidate. `changes` to the request.

    `at` are other addresses of the broker than those of today's interface.
    """
    content_type = changes.pop("content_type", "text/xml")
    level = changes.pop("level", "EH3")
    addresses = changes.pop("at", network.simulator.addresses)
    request = requester.request(addresses.sso, **changes)
    with Browser() as browser:
        page = started(browser, requester, addresses.sso, form("SAMLRequest", requester.signed(request), "state"))
        page = browser.submit(prove(browser, browser.submit(page.form()), person, level).form())
        page = choose(browser, page, organisation) if organisation else browser.submit(page.form(GO_ON))
    artifact = parse_qs(urlsplit(page.url).query)["SAMLart"][0]
    return Answer(requester, request, artifact, requester.collect(addresses.resolution, artifact, content_type))
