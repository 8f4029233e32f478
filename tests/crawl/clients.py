"""The ways of clients and newcomers, who log in nowhere: links in mails, forms that anybody may fill in."""

from tests.crawl.journey import Journey
from tests.interop.page import Page

ACCEPTED = "broker POST answering.accept"
SIGNED = "broker POST answering.sign"


def agreed_by_link(journey: Journey) -> None:
    """Who signs alone; first without a name, and afterwards by a link that was used."""
    visitor = journey.visitor
    page = journey.linked("agrees@klant.example")
    visitor.press(page, ACCEPTED)
    visitor.press(page, ACCEPTED, representative="Hoek Duizendpoot", agree="y")
    visitor.open(page.url)


def signed_together(journey: Journey) -> None:
    """Two who sign, and one who does not sign after the other did."""
    page = _after_the_first(journey, "signs@klant.example")
    journey.visitor.press(page, SIGNED)  # without a tick
    journey.visitor.press(page, SIGNED, agree="y")
    page = _after_the_first(journey, "signs-not@klant.example")
    journey.visitor.press(page, "broker POST answering.refuse", reason="x" * 201)
    journey.visitor.press(page, "broker POST answering.refuse", reason="not now")


def _after_the_first(journey: Journey, asked: str) -> Page:
    """The page of the second who signs, when the first did; before that the first named nobody."""
    page, first = journey.linked(asked), {"representative": "Rinkel de Groot", "agree": "y"}
    journey.visitor.press(page, ACCEPTED, **first)
    second = {"cosigner": "Tring Zadelmaker", "cosigner_email": f"second-{asked}"}
    journey.visitor.press(page, ACCEPTED, **first, **second)
    return journey.linked(second["cosigner_email"])


def declined_by_link(journey: Journey) -> None:
    """Who does not want it, with a reason that is too long first."""
    page = journey.linked("declines@klant.example")
    journey.visitor.press(page, "broker POST answering.decline", reason="x" * 201)
    journey.visitor.press(page, "broker POST answering.decline", reason="not now")


def wrote_to_us(journey: Journey) -> None:
    """An application, a request for a quote, and two requests to revoke; each is sent empty first."""
    visitor, broker = journey.visitor, journey.network.broker
    who = {"name": "Mina Lachebekje", "email": "mina@klant.example"}
    revoking = {"client": "00020007", "intermediary": "00010001", "reason": "another office", "representative": "y"}
    for place, to, values in (
        ("ketenmachtigingen/aanmelden", "onboarding.apply", who | {"number": "00010001"}),
        ("ketenmachtigingen/tarieven", "onboarding.ask_quote", who | {"clients": "12"}),
        ("intrekken", "revocation.submit", who | revoking),
        ("intrekken", "revocation.submit", who | revoking | {"email": "somebody@klant.example"}),
    ):
        page = visitor.open(f"{broker}/{place}")
        visitor.press(page, f"broker POST {to}")
        visitor.press(page, f"broker POST {to}", **values)
