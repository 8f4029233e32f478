"""A login of which everything is scripted: nobody looks at a page, forms are sent as a script in them would."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from broker.simulator.context import Addresses
from tests.flow.answers import Answer, started
from tests.interop.driver import Browser
from tests.interop.page import Page
from tests.requester import NS, Requester, form

FLEUR = {"person": "fleur-voorbeeld", "client": "glasblazerij-zeepbel"}
MOST_FORMS = 8


@dataclass(frozen=True)
class Visit:
    """Where a browser ended that only ever sent forms, and the headings of the pages on its way."""

    requester: Requester
    request: etree._Element
    page: Page
    headings: tuple[str, ...]

    @property
    def arrived(self) -> bool:
        """Whether it is back at the service provider."""
        return self.page.url.startswith(self.requester.consumer)

    def collected(self, addresses: Addresses) -> Answer:
        """The ArtifactResponse for the artifact that it brought."""
        artifact = parse_qs(urlsplit(self.page.url).query)["SAMLart"][0]
        return Answer(self.requester, self.request, artifact, self.requester.collect(addresses.resolution, artifact))


def visit(addresses: Addresses, requester: Requester, **request: Any) -> Visit:
    """Begin a login at the broker at `addresses` and send one form after another until there is none to be sent."""
    message = requester.request(addresses.sso, **request)
    headings = []
    with Browser() as browser:
        page = started(browser, requester, addresses.sso, form("SAMLRequest", requester.signed(message), "state"))
        for _ in range(MOST_FORMS):
            if not page.document.xpath("//form[@id='send' or @id='return']"):
                break
            headings.append(page.heading)
            page = browser.submit(page.form())
    return Visit(requester, message, page, tuple(headings))


def status(answer: Answer) -> tuple[str, str, str]:
    """Both codes of a Response, by their last word, and its message."""
    codes = [one.get("Value").rpartition(":")[2] for one in answer.response.iter(f"{{{NS['samlp']}}}StatusCode")]
    return (codes[0], codes[-1], answer.response.findtext("samlp:Status/samlp:StatusMessage", "", NS))
