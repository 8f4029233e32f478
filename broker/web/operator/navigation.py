"""The sections of the operator's area, and what every page of it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypedDict

from flask import get_flashed_messages, request, url_for
from flask_wtf.csrf import generate_csrf

from broker.core.text import Text
from broker.web.operator import pages


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the area: its first view, and what it is called and for."""

    endpoint: str
    name: Text
    about: Text

    @property
    def blueprint(self) -> str:
        """The blueprint of its views."""
        return self.endpoint.rpartition(".")[0]


SECTIONS: Final = (
    Section(
        "operator.stories.listing",
        Text("Verhalen", "Stories"),
        Text(
            "Toon met één klik wat een ketenmachtiging is, en wat er mis kan gaan.",
            "Show with one click what a chain mandate is, and what can go wrong.",
        ),
    ),
    Section(
        "operator.service_providers.listing",
        Text("Dienstverleners", "Service providers"),
        Text(
            "Registreer uw dienst met haar metadata, en bekijk wat er al is geregistreerd.",
            "Register your service by its metadata, and see what is registered already.",
        ),
    ),
    Section(
        "operator.logins.listing",
        Text("Logins", "Logins"),
        Text(
            "Zoek een login, bekijk elk bericht en waar het besluit op rust, en maak er een bewijsbestand van.",
            "Search for a login, look at each message and at what the decision rests on, and make evidence of it.",
        ),
    ),
    Section(
        "operator.inspector.show",
        Text("Bericht bekijken", "Inspect a message"),
        Text(
            "Plak een SAML-bericht en zie wat is ondertekend, door wie, en wat er mis mee is.",
            "Paste a SAML message and see what is signed, by whom, and what is wrong with it.",
        ),
    ),
    Section(
        "operator.mailbox.listing",
        Text("Postvak", "Mailbox"),
        Text(
            "Lees de mails die de simulator schreef, en volg hun links.",
            "Read the mails that the simulator wrote, and follow their links.",
        ),
    ),
    Section(
        "operator.reviews.listing",
        Text("Beoordelen", "Review"),
        Text(
            "Activeer ketenmachtigingen die op beoordeling wachten, of wijs ze af.",
            "Activate chain mandates that wait for review, or reject them.",
        ),
    ),
    Section(
        "operator.requests.listing",
        Text("Verzoeken om in te trekken", "Requests to revoke"),
        Text(
            "Controleer wie vraagt om in te trekken, en voer het verzoek uit.",
            "Verify who asks to revoke, and carry out the request.",
        ),
    ),
    Section(
        "operator.quotes.listing",
        Text("Offerteaanvragen", "Requests for a quote"),
        Text(
            "Lees wie een offerte vroeg, en voor hoeveel klanten.", "Read who asked for a quote, for how many clients."
        ),
    ),
    Section(
        "operator.register.show",
        Text("Register", "Register"),
        Text(
            "Bewaar het register als bestand, zet de voorbeeldgegevens terug, en bepaal wat KVK zegt.",
            "Keep the register as a file, go back to the sample data, and decide what KVK says.",
        ),
    ),
)


class Frame(TypedDict):
    """What every page of the area has."""

    start_url: str
    sections: tuple[pages.Section, ...]
    done: tuple[str, ...]


def frame() -> Frame:
    """The sections, of which the one that is asked for is marked, and what was done just now."""
    return {
        "start_url": url_for("operator.index"),
        "sections": tuple(
            pages.Section(
                name=item.name,
                about=item.about,
                url=url_for(item.endpoint),
                is_current=item.blueprint in request.blueprints,
            )
            for item in SECTIONS
        ),
        "done": tuple(map(str, get_flashed_messages())),
    }


def hidden() -> Mapping[str, str]:
    """What every form of the area posts: the token against requests of other sites."""
    return {"csrf_token": generate_csrf()}
