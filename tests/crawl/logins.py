"""The ways through a login: to the end, refused, stopped, logged out, and messages that are none."""

from urllib.parse import parse_qs, urlencode, urlsplit

from lxml import etree

from tests.crawl.journey import CONSUMED, Journey, offers
from tests.flow.answers import started
from tests.interop.page import Page
from tests.requester import form
from tests.simulator.test_redirect import deflated, joined, query

SERVICE_UUID = "e0000099-0011-4000-8000-000000009001"


def front_pages(journey: Journey) -> None:
    """From each front page a visitor finds the way alone; the list and the metadata are for programs."""
    visitor, broker = journey.visitor, journey.network.broker
    for party in (broker, journey.network.stub, journey.network.demo):
        visitor.open(party)
        visitor.open(f"{party}/nothing")
    visitor.open(f"{broker}/listAD.xml?{urlencode({'ServiceUUID': SERVICE_UUID})}")
    visitor.open(f"{broker}/listAD.xml?ServiceUUID=nothing")
    for watched in ("health/live", "health/ready", "metrics"):
        visitor.open(f"{broker}/{watched}")
    visitor.open(f"{journey.network.demo}/metadata/kvk")
    visitor.open(f"{journey.network.demo}/portal/kvk")


def on_behalf_of_a_client(journey: Journey) -> None:
    """A login with everything that a person may try on the way, and back in the history of the browser."""
    visitor = journey.visitor
    first = journey.begun()
    if offers(first, "authenticate"):
        visitor.press(first, "broker POST login.authenticate")  # nothing was chosen
    people = journey.to_the_stub(first)
    visitor.open(f"{people.url}&q=nobody")
    refused = visitor.press(people, "stub POST authenticate", "bram-eh2plus")
    page = journey.proven(visitor.press(refused, "stub GET sign_in"), "fleur-eh3")
    visitor.press(page, "broker GET login.show", q="nobody")
    visitor.press(page, "broker POST login.choose")  # nothing was chosen
    page = visitor.press(page, "broker POST represent.pin", "pin")
    journey.choose(page)
    visitor.open(page.url)
    visitor.open(journey.network.demo)
    visitor.open(f"{journey.network.demo}/portal/gemeente")
    visitor.press(visitor.open(f"{journey.network.demo}/portal/gemeente"), "demo POST pages.logout")


def revoked_on_the_way(journey: Journey) -> None:
    """A developer revokes one of the mandates that the person may choose."""
    visitor = journey.visitor
    journey.choose(visitor.press(journey.authenticated("fleur-eh3"), "broker POST developer.revoke"))


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
    if offers(page, "authenticate"):
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
