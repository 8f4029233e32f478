"""The ways to all endpoints and all templates. A journey is taken in both languages, so it names no words of a page."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml import etree

from broker.core.organisations import MeansType
from broker.simulator.parties import AUTHENTICATION_SERVICE
from tests.crawl.visitor import Visitor
from tests.flow.answers import started
from tests.flow.register import changing, in_use
from tests.interop.page import Page
from tests.network import Network
from tests.requester import Listening, Requester, form
from tests.simulator.test_redirect import deflated, joined, query

STUB = AUTHENTICATION_SERVICE.entity_id
CONSUMED = "broker POST saml.consume"
REGISTERED = "broker POST operator.service_providers.register"
REMOVED = "broker POST operator.service_providers.remove"
SERVICE_UUID = "e0000099-0011-4000-8000-000000009001"


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
        return self.visitor.press(page, several, choice=STUB) if _offers(page, "authenticate") else page

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

    def _again(self, page: Page) -> Page:
        """The same page once more: who looks at it in the other language withdraws the question that it holds."""
        return self.visitor.open(page.url)


def _offers(page: Page, step: str) -> bool:
    return bool(page.document.xpath(f"//form[contains(@action, '/{step}')]"))


def front_pages(journey: Journey) -> None:
    """From each front page a visitor finds the way alone; the list and the metadata are for programs."""
    visitor, broker = journey.visitor, journey.network.broker
    for party in (broker, journey.network.stub, journey.network.demo):
        visitor.open(party)
        visitor.open(f"{party}/nothing")
    visitor.open(f"{broker}/listAD.xml?{urlencode({'ServiceUUID': SERVICE_UUID})}")
    visitor.open(f"{broker}/listAD.xml?ServiceUUID=nothing")
    visitor.open(f"{journey.network.demo}/metadata/kvk")
    visitor.open(f"{journey.network.demo}/portal/kvk")


def on_behalf_of_a_client(journey: Journey) -> None:
    """A login with everything that a person may try on the way, and back in the history of the browser."""
    visitor = journey.visitor
    first = journey.begun()
    if _offers(first, "authenticate"):
        visitor.press(first, "broker POST login.authenticate")  # nothing was chosen
    people = journey.to_the_stub(first)
    visitor.open(f"{people.url}&q=nobody")
    refused = visitor.press(people, "stub POST authenticate", "bram-eh2plus")
    page = journey.proven(visitor.press(refused, "stub GET sign_in"), "fleur-eh3")
    visitor.press(page, "broker GET login.show", q="nobody")
    visitor.press(page, "broker POST login.choose")  # nothing was chosen
    page = visitor.press(page, "broker POST represent.pin", "pin")
    page = visitor.press(page, "broker POST developer.revoke")
    journey.choose(page)
    visitor.open(page.url)
    visitor.open(journey.network.demo)
    visitor.open(f"{journey.network.demo}/portal/gemeente")
    visitor.press(visitor.open(f"{journey.network.demo}/portal/gemeente"), "demo POST pages.logout")


def for_the_only_organisation(journey: Journey) -> None:
    """One organisation to act for, at a portal of the front page; the artifact comes back in a form."""
    visitor = journey.visitor
    page = visitor.press(visitor.open(journey.network.demo), "demo POST pages.login")
    visitor.press(journey.to_the_stub(visitor.press(page, "broker POST saml.sso")), "stub POST cancel")
    page = journey.authenticated("otto-eh3")
    visitor.press(page, "broker POST login.choose")
    posted = {"SAMLart": "AAQAAA", "RelayState": "state"}
    started(visitor, journey.requester, f"{journey.network.demo}/acs/gemeente", posted)


def refused_and_back(journey: Journey) -> None:
    """Nobody to act for: other means, and in the end back to the portal, which is told."""
    visitor = journey.visitor
    page = journey.authenticated("nina-eh3")
    page = journey.to_the_stub(visitor.press(page, "broker POST login.again"))
    page = journey.proven(page, "nina-eh3")
    outcome = visitor.press(page, "broker POST login.cancel")
    visitor.open(outcome.url)
    visitor.press(page, "broker POST login.again")  # it was answered already


def stopped_at_the_stub(journey: Journey) -> None:
    """The person stops: back to the choice when there is one, else to the portal."""
    visitor = journey.visitor
    page = visitor.press(visitor.press(journey.to_the_stub(journey.begun()), "stub POST cancel"), CONSUMED)
    if _offers(page, "authenticate"):
        visitor.press(visitor.press(page, "broker POST login.authenticate"), "broker POST login.cancel")


def messages_without_a_page(journey: Journey) -> None:
    """A request by redirect, an artifact over SOAP, and what is no message."""
    visitor, requester, addresses = journey.visitor, journey.requester, journey.network.simulator.addresses
    asked = deflated(etree.tostring(requester.request(addresses.sso)))
    visitor.open(f"{addresses.sso}?{joined(query(asked, requester.signing))}")
    visitor.open(addresses.sso)
    started(visitor, requester, addresses.sso, {"SAMLRequest": "x"})
    started(visitor, requester, addresses.consumer, {"SAMLResponse": "x"})
    started(visitor, requester, f"{journey.network.stub}/sso", {"SAMLRequest": "x"})
    visitor.open(f"{journey.network.stub}/sign-in?question=x")
    visitor.soap(addresses.resolution, b"<x/>")


def logged_out(journey: Journey) -> None:
    """By way of the authentication service, and back; then again, when it is not known any more."""
    visitor, requester, addresses = journey.visitor, journey.requester, journey.network.simulator.addresses
    page = journey.proven(journey.to_the_stub(journey.asked_by_requester()), "otto-eh3")
    arrived = visitor.press(page, "broker POST login.choose")
    artifact = parse_qs(urlsplit(arrived.url).query)["SAMLart"][0]
    got = visitor.soap(addresses.resolution, etree.tostring(requester.signed(requester.resolve(artifact))))
    subject = etree.fromstring(got.content).findtext(".//{*}Assertion/{*}Subject/{*}NameID")
    assert subject, got.text

    def leave(name_id: str) -> Page:
        message = requester.signed(requester.logout(addresses.logout, name_id))
        return started(visitor, requester, addresses.logout, form("SAMLRequest", message, "state"))

    gone = deflated(etree.tostring(requester.logout(addresses.logout, subject)))
    visitor.open(f"{addresses.logout}?{joined(query(gone, requester.signing))}")
    last = visitor.press(leave(subject), "stub POST log_out")
    visitor.press(last, "broker POST logout.post")
    leave("0" * 64)
    visitor.open(addresses.logout)


def managing(journey: Journey, means: str) -> Page:
    """From the front page of the Beheermodule to the first page behind its door, by way of a login."""
    visitor = journey.visitor
    page = visitor.press(visitor.open(f"{journey.network.broker}/beheer"), "broker POST management.login")
    page = journey.to_the_stub(visitor.open(visitor.press(page, "broker POST saml.sso").url))
    return visitor.press(journey.proven(page, means), "broker POST login.choose")


def managed(journey: Journey) -> None:
    """What takes several steps; all else a manager finds by the menu, and `Visitor` presses what there is to press."""
    visitor, base = journey.visitor, f"{journey.network.broker}/beheer"
    managing(journey, "fleur-eh3")
    page = visitor.press(visitor.open(f"{base}/afgeven"), "broker GET management.issue_scope", number="00010001")
    page = visitor.press(page, "broker GET management.issue_terms", kind="all")
    page = visitor.press(page, "broker GET management.issue_confirm")
    visitor.press(page, "broker POST management.issue_now")
    page = visitor.press(
        visitor.open(f"{base}/relaties/nieuw"), "broker GET management.check_relation", number="00010035"
    )
    visitor.press(page, "broker POST management.add_relation")
    page = visitor.open(f"{base}/koppelen")
    page = visitor.press(page, "broker GET management.check_bulk", means=("fleur-eh3",), q="kaasmakerij")
    visitor.press(page, "broker POST management.run_bulk")
    (path, *_) = visitor.open(f"{base}/ontvangen?status=active").document.xpath("//ul[@class='rows']/li/a/@href")
    mandate = f"{journey.network.broker}{path}"
    visitor.open(f"{mandate}/geschiedenis")
    visitor.press(visitor.open(f"{mandate}/koppelen"), "broker POST management.coupled")
    page = visitor.open(mandate)
    for _ in ("first", "second, of what is not so any more"):
        visitor.press(page, "broker POST management.change_coupling")


def operated(journey: Journey) -> None:
    """A service provider is registered, after a try with nothing, and removed."""
    visitor, place = journey.visitor, f"{journey.network.broker}/operator/service-providers"
    other = Listening.of(journey.requester, entity=9063)
    visitor.press(visitor.open(place), REGISTERED)
    visitor.press(visitor.open(place), REGISTERED, text=other.metadata().decode())
    visitor.press(visitor.open(f"{place}/remove?{urlencode({'entity_id': other.entity_id})}"), REMOVED)


def at_the_door_of_the_module(journey: Journey) -> None:
    """Who has no session, who is no manager, and whose means will not do."""
    visitor, base, store = journey.visitor, f"{journey.network.broker}/beheer", journey.network.simulator.store
    visitor.open(f"{base}/overzicht")
    page = managing(journey, "bram-eh2plus")
    visitor.post(page, f"{base}/acs", {"SAMLart": "AAQAAA"})  # who is in already goes on
    visitor.press(page, "broker POST management.logout")
    managing(journey, "karel-eh4")
    visitor.open(f"{base}/overzicht")
    with changing(store) as changes:
        changes.make(in_use(store, "karel-eh4").means, type=MeansType.EH3_BELASTINGDIENST)
        visitor.open(f"{base}/mijn-koppelingen")


JOURNEYS: tuple[Callable[[Journey], None], ...] = (
    front_pages,
    on_behalf_of_a_client,
    for_the_only_organisation,
    refused_and_back,
    stopped_at_the_stub,
    messages_without_a_page,
    logged_out,
    managed,
    at_the_door_of_the_module,
    operated,
)
