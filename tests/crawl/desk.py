"""The ways through the operator's area."""

from urllib.parse import urlencode

from broker.simulator.control import scripting
from tests.crawl.journey import Journey
from tests.interop.page import Page
from tests.requester import Listening

REGISTERED = "broker POST operator.service_providers.register"
INSPECTED = "broker POST operator.inspector.inspect"
REMOVED = "broker POST operator.service_providers.remove"
REQUESTS = "broker POST operator.requests"
RESET = "broker POST operator.register.reset"


def registered_a_service_provider(journey: Journey) -> None:
    """After a try with nothing; it is removed again."""
    visitor, place = journey.visitor, f"{journey.network.broker}/operator/service-providers"
    other = Listening.of(journey.requester, entity=9063)
    visitor.press(visitor.open(place), REGISTERED)
    visitor.press(visitor.open(place), REGISTERED, text=other.metadata().decode())
    visitor.press(visitor.open(f"{place}/remove?{urlencode({'entity_id': other.entity_id})}"), REMOVED)


def told_a_story(journey: Journey) -> None:
    """And began a login of which the choices stand in a link. Nobody goes on, so what was written down is forgotten."""
    visitor, operator = journey.visitor, f"{journey.network.broker}/operator"
    visitor.press(visitor.open(f"{operator}/stories"), "broker POST operator.stories.tell")
    visitor.open(f"{operator}/log-in")
    place = urlencode({"sp": journey.network.login_address("gemeente", 9001)})
    visitor.press(visitor.open(f"{operator}/log-in?{place}"), "broker POST operator.stories.log_in")
    scripting.clear(journey.network.simulator)


def judged_a_message(journey: Journey) -> None:
    """After a try with nothing."""
    visitor, place = journey.visitor, f"{journey.network.broker}/operator/inspect"
    visitor.press(visitor.open(place), INSPECTED, text="")
    visitor.press(visitor.open(place), INSPECTED, text=journey.requester.metadata().decode())


def had_kvk_say_something_else(journey: Journey) -> None:
    """About a number, after a try with none; it is taken back."""
    visitor, place = journey.visitor, f"{journey.network.broker}/operator/register"
    page = visitor.open(place)
    visitor.press(page, "broker POST operator.register.override")
    page = visitor.press(page, "broker POST operator.register.override", number="69599084", result="error")
    visitor.press(page, "broker POST operator.register.take_back")


def decided_on_requests(journey: Journey) -> None:
    """Of two requests to revoke one is refused and the other carried out, each after a try with nothing."""
    visitor, refuse, execute = journey.visitor, f"{REQUESTS}.refuse", f"{REQUESTS}.execute"
    visitor.press(_first(journey, "revocation-requests"), refuse)
    visitor.press(_first(journey, "revocation-requests"), refuse, answer="not a representative")
    page = _first(journey, "revocation-requests")
    visitor.press(page, execute)
    chosen = {name: page.document.xpath(f"//input[@name='{name}']/@value") for name in ("representative", "mandates")}
    visitor.press(page, execute, representative=chosen["representative"][0], mandates=(chosen["mandates"][0],))


def reviewed(journey: Journey) -> None:
    """The mandate that waits in the sample register is rejected, without a reason first; then, anew, activated."""
    visitor = journey.visitor
    visitor.press(_first(journey, "reviews"), "broker POST operator.reviews.reject")
    visitor.press(_first(journey, "reviews"), "broker POST operator.reviews.reject", reason="a signature is missing")
    _put_back(journey)
    visitor.press(_first(journey, "reviews"), "broker POST operator.reviews.activate")
    _put_back(journey)


def looked_at_logins(journey: Journey) -> None:
    """All of them and one, with names and its first message."""
    visitor, place = journey.visitor, f"{journey.network.broker}/operator/logins"
    visitor.press(visitor.open(place), "broker POST operator.logins.reveal")
    page = _first(journey, "logins")
    visitor.press(page, "broker POST operator.logins.message")
    visitor.press(page, "broker POST operator.logins.inspect_message")
    known = visitor.open(f"{place}?person=voorbeeld").document.xpath("//ul[@class='entries']//h2/a/@href")
    visitor.press(visitor.open(journey.network.broker + known[0]), "broker POST operator.logins.reveal_one")
    visitor.press(visitor.open(journey.network.broker + known[0]), "broker POST operator.logins.make_evidence")
    visitor.press(visitor.open(journey.network.broker + known[0]), "broker POST operator.logins.make_report")


def _first(journey: Journey, section: str) -> Page:
    """What waits longest."""
    visitor, broker, place = journey.visitor, journey.network.broker, f"/operator/{section}"
    first, *_ = visitor.open(broker + place).document.xpath(f"//a[starts-with(@href, '{place}/')]/@href")
    return visitor.open(broker + first)


def _put_back(journey: Journey) -> None:
    """The sample register."""
    journey.visitor.press(journey.visitor.open(f"{journey.network.broker}/operator/register/reset"), RESET)
