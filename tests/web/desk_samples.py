"""Every page of the desk, and of the form to revoke, with values as they occur."""

from collections.abc import Mapping
from datetime import date

from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from broker.core.text import Text
from broker.web.management.register_pages import Fact
from broker.web.operator import desk_pages as pages
from broker.web.operator.register import AnswerForm
from broker.web.operator.requests import ExecutionForm, RefusalForm
from broker.web.operator.reviews import RejectionForm
from broker.web.pages import Page, Results
from broker.web.revocation import AskToRevoke, RevocationForm, RevocationReceived
from tests.web.operator_samples import FRAME, HIDDEN

FIXED = {**HIDDEN, "version": "1"}
LONG = "Maatschap van gezamenlijke dierenartsen De Pratende Papegaai en Partners"
REVOKING = {"action": "/posted", "csrf_token": "c5rf", "module_url": "/module_front"}
PROBLEM = Text("KVK geeft nu geen antwoord. Probeer het later opnieuw.", "KVK does not answer now. Try again later.")
FACTS = (
    Fact(name=Text("Klant", "Client"), values=(LONG, "00010024", "Schijnwijk")),
    Fact(name=Text("Uiterlijk beoordelen op", "Review at the latest on"), values=(date(2026, 11, 30),)),
    Fact(name=Text("Procedure", "Procedure"), values=(Text("Spoed", "Urgent"),)),
)


def _empty(form):  # type: ignore[no-untyped-def]
    """A form as it is first shown."""
    with Flask(__name__).test_request_context():
        return form(formdata=None)


def _filled(form, **values):  # type: ignore[no-untyped-def]
    """A form as it was posted, looked at."""
    with Flask(__name__).test_request_context():
        made = form(MultiDict(values))
        made.validate()
    return made


def _row(**changes: object) -> pages.ReviewRow:
    values = {
        "client": LONG,
        "intermediary": "Administratiekantoor Papiermolen B.V.",
        "url": "/operator_review",
        "due_on": date(2026, 11, 30),
        "is_urgent": True,
        "is_overdue": True,
        "last_check": Text("Geen antwoord", "No answer"),
    }
    return pages.ReviewRow(**(values | changes))  # type: ignore[arg-type]


def _action(form: object = None, **more: str) -> pages.Action:
    return pages.Action(form=form, url="/posted", fixed={**FIXED, **more})  # type: ignore[arg-type]


def _execution(**values: object) -> ExecutionForm:
    form = _filled(ExecutionForm, **values) if values else _empty(ExecutionForm)
    form.representative.choices = [SelectChoice(name, name) for name in ("Bas Bakker", "Bo Bakker")]
    form.mandates.choices = [
        SelectChoice("m1", Text("alle diensten, nu en later (actief)", "all services, now and later (active)")),
        SelectChoice("m2", Text("alle diensten van KVK (geschorst)", "all services of KVK (suspended)")),
    ]
    return form


def _request(state: str) -> pages.RequestRow:
    return pages.RequestRow(
        client="00010024",
        intermediary="68750110",
        name="Bas Bakker",
        submitted_on=date(2026, 11, 24),
        state=Text(state, state),
        url="/operator_request",
    )


PAGES: Mapping[str, Page] = {
    "operator_reviews": pages.Reviews(
        **FRAME,
        rows=(_row(), _row(is_urgent=False, is_overdue=False, last_check=None)),
        results=Results(total=80, number=2),
        overdue=1,
        list_url="/operator_reviews",
    ),
    "operator_reviews_empty": pages.Reviews(
        **FRAME, rows=(), results=Results(total=0), overdue=0, list_url="/operator_reviews"
    ),
    "operator_review": pages.Review(
        **FRAME,
        client=LONG,
        facts=FACTS,
        activate=_action(),
        reject=_action(_filled(RejectionForm, reason="")),
        problem=PROBLEM,
    ),
    "operator_requests": pages.Requests(
        **FRAME,
        waiting=(_request("Wacht op besluit"),),
        decided=(_request("Uitgevoerd"), _request("Geweigerd")),
        results=Results(total=1),
        list_url="/operator_requests",
        form_url="/revocation_form",
    ),
    "operator_quotes": pages.Quotes(
        **FRAME,
        rows=(
            pages.QuoteRow(
                name="Noor Proef",
                email="noor@begin.example",
                clients=12,
                price="€ 239,40",
                remark="Graag voor het nieuwe jaar.",
                asked_on=date(2026, 11, 24),
            ),
        ),
        results=Results(total=1),
        list_url="/operator_quotes",
        form_url="/revocation_form",
    ),
    "operator_quotes_empty": pages.Quotes(
        **FRAME, rows=(), results=Results(total=0), list_url="/operator_quotes", form_url="/revocation_form"
    ),
    "operator_request": pages.Request(
        **FRAME,
        facts=FACTS,
        at_kvk=FACTS,
        execute=_action(_execution()),
        refuse=_action(_empty(RefusalForm)),
    ),
    "operator_request_wrong": pages.Request(
        **FRAME,
        facts=FACTS,
        at_kvk=(),
        obstacle=PROBLEM,
        execute=_action(_execution(mandates="m2")),
        refuse=_action(_empty(RefusalForm)),
        problem=PROBLEM,
    ),
    "operator_register": pages.Register(
        **FRAME,
        facts=FACTS,
        yaml_url="/posted",
        json_url="/posted",
        reset_url="/operator_reset",
        answers=(
            pages.Answer(
                kvk_number="68750110",
                result=Text("Geen antwoord", "No answer"),
                take_back=_action(number="68750110"),
            ),
        ),
        answer=_action(_filled(AnswerForm, number="12")),
    ),
    "operator_reset": pages.ResetRegister(
        **FRAME,
        facts=FACTS,
        reset=_action(),
        back_url="/operator_register",
        problem="metadata/sample-register.yaml:12: organisations[3].kvk: expected 8 digits",
    ),
    "revocation_form": AskToRevoke(
        form=_empty(RevocationForm), action="/posted", csrf_token="c5rf", module_url="/module_front"
    ),
    "revocation_form_wrong": AskToRevoke(
        form=_filled(RevocationForm, client="123", reason="mijn bsn is 111222333"), **REVOKING
    ),
    "revocation_received": RevocationReceived(
        reference="Zk3v0aB1cD2eF3gH4iJ5kL6mN7oP8qR9", form_url="/revocation_form"
    ),
    "revocation_not_received": RevocationReceived(reference=None, form_url="/revocation_form"),
}
