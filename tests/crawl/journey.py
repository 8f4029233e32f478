"""What several journeys begin with: a login, to a service or to the Beheermodule."""

from dataclasses import dataclass
from urllib.parse import urlencode

from broker.simulator.parties import AUTHENTICATION_SERVICE
from tests.crawl.visitor import Visitor
from tests.flow.answers import started
from tests.interop.page import Page
from tests.network import Network
from tests.requester import Requester

STUB = AUTHENTICATION_SERVICE.entity_id
CONSUMED = "broker POST saml.consume"


@dataclass(frozen=True)
class Journey:
    """Who goes where; `requester` is a service provider that takes answers to its logout requests."""

    visitor: Visitor
    network: Network
    requester: Requester

    def to_the_stub(self, page: Page) -> Page:
        """From the broker's first page to the list of people."""
        return self.visitor.press(self.asking(page), "stub POST sso")

    def asking(self, page: Page) -> Page:
        """The page that goes to the authentication service, with a choice before it if there are several."""
        several = "broker POST login.authenticate"
        return self.visitor.press(page, several, choice=STUB) if offers(page, "authenticate") else page

    def begun(self, portal: str = "gemeente", service: int = 9001) -> Page:
        """From a portal to the broker's first page."""
        page = self.visitor.open(self.network.login_address(portal, service))
        return self._again(self.visitor.press(page, "broker POST saml.sso"))

    def proven(self, page: Page, means: str) -> Page:
        """From the list of people back to the broker, by these means."""
        return self.visitor.press(self.visitor.press(page, "stub POST authenticate", means), CONSUMED)

    def authenticated(self, means: str, portal: str = "gemeente", service: int = 9001) -> Page:
        """All steps up to the broker's question on whose behalf."""
        return self.proven(self.to_the_stub(self.begun(portal, service)), means)

    def choose(self, page: Page) -> Page:
        """Act for the first organisation on the page."""
        choices = page.document.xpath("//form//input[@name='choice']/@value")
        return self.visitor.press(page, "broker POST login.choose", choice=choices[0])

    def asked_by_requester(self) -> Page:
        """From the service provider of the tests' own to the broker's first page."""
        sso = self.network.simulator.addresses.sso
        return self._again(started(self.visitor, self.requester, sso, self.requester.begin(sso)))

    def mailed_to(self, address: str) -> Page:
        """The last mail to `address`, as the mailbox shows it."""
        found = self.visitor.open(f"{self.network.broker}/operator/mailbox?{urlencode({'q': address})}")
        return self.visitor.open(self.network.broker + found.document.xpath("//ul[@class='entries']//a/@href")[0])

    def linked(self, address: str) -> Page:
        """The page behind the link in that mail."""
        return self.visitor.open(self.mailed_to(address).document.xpath("//div[@class='asked']//a/@href")[0])

    def _again(self, page: Page) -> Page:
        """The same page once more: who looks at it in the other language withdraws the question that it holds."""
        return self.visitor.open(page.url)


def offers(page: Page, step: str) -> bool:
    """Whether there is a form to this step of a login on the page."""
    return bool(page.document.xpath(f"//form[contains(@action, '/{step}')]"))


def managing(journey: Journey, means: str) -> Page:
    """From the front page of the Beheermodule to the first page behind its door, by way of a login."""
    visitor = journey.visitor
    page = visitor.press(visitor.open(f"{journey.network.broker}/beheer"), "broker POST management.login")
    page = journey.to_the_stub(visitor.open(visitor.press(page, "broker POST saml.sso").url))
    return visitor.press(journey.proven(page, means), "broker POST login.choose")
