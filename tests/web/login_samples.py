"""The pages about logins of the past, with values as they occur."""

from collections.abc import Mapping
from datetime import UTC, datetime

from broker.core import sequence
from broker.core.recorded import Outcome
from broker.core.recorded_words import OUTCOMES
from broker.core.sequence import Message
from broker.core.text import Text
from broker.web.management.register_pages import Fact
from broker.web.operator import login_pages as pages
from broker.web.pages import Page, Results
from tests.web.operator_samples import ENTITY_ID, FRAME, HIDDEN

MOMENT = datetime(2026, 11, 23, 12, 30, 15, 250000, UTC)
PROVIDER, BROKER = Text("Dienstverlener", "Service provider"), Text("Makelaar", "Broker")
LINK = (Fact(name=Text("Niveau", "Level"), values=("EH3",)),)

_LIST = {
    "outcomes": tuple(pages.Choice(value=one.value, name=OUTCOMES[one]) for one in Outcome),
    "service_providers": (pages.Choice(value=ENTITY_ID, name=ENTITY_ID),),
    "list_url": "/logins",
    "show_url": "/posted",
    "hidden": HIDDEN,
}


def _row(**changes: object) -> pages.LoginRow:
    values = {
        "url": "/login_details",
        "at": MOMENT,
        "service_provider": ENTITY_ID,
        "person": "••••• 23418d",
        "client": "Maatschap van gezamenlijke dierenartsen De Pratende Papegaai en Partners (00010024)",
        "intermediary": "Administratiekantoor Papiermolen B.V. (68750110)",
        "outcome": OUTCOMES[Outcome.REFUSED],
        "reason": "CHAIN_REVOKED",
    }
    return pages.LoginRow(**(values | changes))  # type: ignore[arg-type]


def _message(number: int, **changes: object) -> pages.MessageRow:
    values = {
        "number": number,
        "at": MOMENT,
        "later": "",
        "sender": PROVIDER,
        "receiver": BROKER,
        "kind": "AuthnRequest",
        "binding": "HTTP-POST",
        "size": 4321,
        "clock": "2026-11-23 13:30:15.000+01:00",
        "off": "-0.250 s",
        "signer": "0123456789ab…",
        "message_id": "_e5f6679b24ef519389c1a1a76a66d2d1",
        "in_response_to": "",
        "sha256": "0123456789abcdef" * 4,
        "download_url": "/posted",
        "inspect_url": "/posted",
    }
    return pages.MessageRow(**(values | changes))  # type: ignore[arg-type]


def _details(**changes: object) -> pages.LoginDetails:
    values = {
        "facts": (Fact(name=Text("Uitkomst", "Outcome"), values=(OUTCOMES[Outcome.GRANTED],)),),
        "findings": (
            pages.FindingRow(rule="EH-NOTE-01", is_error=False, where="Issuer", detail="has a Format", message=1),
        ),
        "understood": '{\n  "open_forms": {"source": "eherkenning"}\n}',
        "diagram": sequence.drawn(
            ("Dienstverlener", "Makelaar"),
            (Message(0, 1, "1 AuthnRequest", "HTTP-POST"), Message(1, 0, "2 Response", "HTTP-Artifact")),
        ),
        "messages": (
            _message(1),
            _message(
                2,
                later="1.250 s",
                sender=BROKER,
                receiver=PROVIDER,
                kind="Response",
                in_response_to="_e5f6679b24ef519389c1a1a76a66d2d1",
                clock="",
                off="",
                signer="",
                download_url=None,
            ),
        ),
        "chain": (
            pages.Station(role=Text("Persoon", "Person"), name="••••• 23418d", link=LINK),
            pages.Station(role=Text("Intermediair", "Intermediary"), name="Papiermolen", link=LINK),
            pages.Station(role=Text("Klant", "Client"), name="Zeepbel"),
        ),
        "decided": LINK,
        "events": (
            pages.EventRow(
                number=12, at=MOMENT, what=Text("Ingelogd", "Logged in"), reason="", digest="0123456789abcdef" * 4
            ),
        ),
        "show_url": "/posted",
        "is_shown": False,
        "evidence_url": "/posted",
        "report_url": "/posted",
        "hidden": HIDDEN,
        "back_url": "/logins",
    }
    return pages.LoginDetails(**FRAME, **(values | changes))  # type: ignore[arg-type]


PAGES: Mapping[str, Page] = {
    "logins": pages.Logins(
        **FRAME,
        **_LIST,
        rows=(_row(), _row(outcome=OUTCOMES[Outcome.GRANTED], reason="", intermediary="", client="")),
        results=Results(total=10_000, number=2, more=True),
        sought={"client": "zeepbel"},
        problem=None,
        is_shown=False,
    ),
    "logins_wrong": pages.Logins(
        **FRAME,
        **_LIST,
        rows=(),
        results=Results(total=0),
        sought={"since": "2026-02-30"},
        problem=Text("Vul een datum in die bestaat.", "Fill in a day that exists."),
        is_shown=False,
    ),
    "logins_none": pages.Logins(
        **FRAME, **_LIST, rows=(), results=Results(total=0), sought={}, problem=None, is_shown=False
    ),
    "login_details": _details(),
    "login_nobody": _details(findings=(), chain=(), decided=(), events=(), evidence_url="", is_shown=True),
}
