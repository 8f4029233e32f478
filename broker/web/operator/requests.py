"""Requests to revoke (M-52): verified with KVK, then carried out or refused."""

from typing import Final

from flask import Blueprint, Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice

from broker.core.administration import scope_words
from broker.core.administration.obstacles import ChangeRefused
from broker.core.administration.revocation_requests import RequestState, RevocationRequest
from broker.core.administration.trade_register import Extract, NoAnswer
from broker.core.clock import amsterdam_date
from broker.core.errors import NotFound
from broker.core.mandates import ChainMandate
from broker.core.text import Text
from broker.simulator.administration import revocation_requests
from broker.simulator.administration.revocation_requests import Opened
from broker.web import pages as common
from broker.web.current import simulator
from broker.web.language import said
from broker.web.management.forms import UNPROCESSABLE, AtMost, Required, no_bsn
from broker.web.management.register_pages import Fact
from broker.web.management.showing import fact, facts_of, page_number, told
from broker.web.management.words import CHAIN_STATUS
from broker.web.operator import desk_pages as pages
from broker.web.operator.desk_words import OPERATOR, REQUEST_STATE
from broker.web.operator.navigation import frame, hidden
from broker.web.operator.reviews import VersionForm

blueprint = Blueprint("requests", __name__, url_prefix="/revocation-requests")

_SEE_OTHER: Final = 303
_CONFLICT: Final = 409
_PAGE: Final = 25
_UNKNOWN: Final = Text(
    "KVK kent het nummer van de klant niet. Weiger het verzoek.",
    "KVK does not know the number of the client. Refuse the request.",
)
_SILENT: Final = Text(
    "KVK geeft nu geen antwoord. Probeer het later opnieuw.", "KVK does not answer now. Try again later."
)
_NOTHING: Final = Text(
    "Tussen deze twee organisaties is geen ketenmachtiging. Weiger het verzoek.",
    "There is no chain mandate between these two organisations. Refuse the request.",
)
_NOBODY: Final = Text(
    "KVK noemt geen wettelijk vertegenwoordiger van de klant. Weiger het verzoek.",
    "KVK names no legal representative of the client. Refuse the request.",
)


class ExecutionForm(VersionForm):
    """Who the requester was found to be, and which mandates are revoked."""

    representative = RadioField(
        Text("Wie is de aanvrager?", "Who is the requester?"),
        [Required(Text("Kies wie de aanvrager is.", "Choose who the requester is."))],
        description=Text(
            "Kies pas als u hebt vastgesteld dat de aanvrager deze persoon is.",
            "Choose once you have established that the requester is this person.",
        ),
        validate_choice=False,
    )
    mandates = SelectMultipleField(
        Text("Welke ketenmachtigingen trekt u in?", "Which chain mandates do you revoke?"),
        [Required(Text("Kies ten minste één ketenmachtiging.", "Choose at least one chain mandate."))],
        validate_choice=False,
    )


class RefusalForm(VersionForm):
    """Why a request is refused."""

    answer = TextAreaField(
        Text("Waarom voert u het verzoek niet uit?", "Why do you not carry out the request?"),
        [Required(Text("Vul in waarom u weigert.", "Fill in why you refuse.")), AtMost(500), no_bsn],
        description=Text("De aanvrager leest dit in een e-mail.", "The requester reads this in an e-mail."),
        render_kw={"rows": 3},
    )


@blueprint.get("")
def listing() -> Response:
    """Those that wait, oldest first, and the last that were decided on."""
    number = page_number()
    found = revocation_requests.listed(simulator(), (number - 1) * _PAGE, _PAGE)
    return common.render(
        pages.Requests(
            **frame(),
            waiting=tuple(map(_row, found.waiting)),
            decided=tuple(map(_row, found.decided)),
            results=common.Results(total=found.total, number=number, size=_PAGE),
            list_url=url_for(".listing"),
            form_url=url_for("revocation.ask"),
        )
    )


@blueprint.get("/<request_id>")
def show(request_id: str) -> Response:
    """One request."""
    return _page(request_id, ExecutionForm(formdata=None), RefusalForm(formdata=None))


@blueprint.post("/<request_id>/execute")
def execute(request_id: str) -> AnyResponse:
    """Revoke the chosen mandates."""
    form = ExecutionForm()
    if not form.validate():
        return _page(request_id, form, RefusalForm(formdata=None), UNPROCESSABLE)
    try:
        revocation_requests.execute(
            simulator(), OPERATOR, request_id, form.representative.data, form.mandates.data, form.number
        )
    except ChangeRefused as refused:
        return _page(request_id, form, RefusalForm(formdata=None), _CONFLICT, told(refused))
    return _done(Text("Het verzoek is uitgevoerd.", "The request was carried out."))


@blueprint.post("/<request_id>/refuse")
def refuse(request_id: str) -> AnyResponse:
    """Refuse, with a reason for the requester."""
    form = RefusalForm()
    if not form.validate():
        return _page(request_id, ExecutionForm(formdata=None), form, UNPROCESSABLE)
    try:
        revocation_requests.refuse(simulator(), OPERATOR, request_id, form.answer.data.strip(), form.number)
    except ChangeRefused as refused:
        return _page(request_id, ExecutionForm(formdata=None), form, _CONFLICT, told(refused))
    return _done(Text("Het verzoek is geweigerd.", "The request was refused."))


def _done(words: Text) -> AnyResponse:
    flash(said(words))
    return redirect(url_for(".listing"), _SEE_OTHER)


def _row(one: RevocationRequest) -> pages.RequestRow:
    return pages.RequestRow(
        client=one.client,
        intermediary=one.intermediary,
        name=one.name,
        submitted_on=amsterdam_date(one.submitted_at),
        state=REQUEST_STATE[one.state],
        url=url_for(".show", request_id=one.id),
    )


def _page(
    request_id: str,
    execution: ExecutionForm,
    refusal: RefusalForm,
    status: int = 200,
    problem: Text | None = None,
) -> Response:
    try:
        opened = revocation_requests.opened(simulator(), request_id)
    except ChangeRefused as error:
        raise NotFound from error
    one, obstacle = opened.request, _obstacle(opened)
    is_open = one.state is RequestState.SUBMITTED
    fixed = {**hidden(), "version": str(one.version)}
    _offer(execution, opened)
    doing = pages.Action(form=execution, url=url_for(".execute", request_id=one.id), fixed=fixed)
    refusing = pages.Action(form=refusal, url=url_for(".refuse", request_id=one.id), fixed=fixed)
    return common.render(
        pages.Request(
            **frame(),
            facts=_facts(opened),
            at_kvk=_at_kvk(opened),
            obstacle=obstacle if is_open else None,
            execute=doing if is_open and obstacle is None else None,
            refuse=refusing if is_open else None,
            problem=problem,
        ),
        status,
    )


def _offer(form: ExecutionForm, opened: Opened) -> None:
    """The representatives that KVK has today, and the mandates between the two."""
    today = amsterdam_date(simulator().clock())
    people = opened.said.representatives if isinstance(opened.said, Extract) else ()
    form.representative.choices = [SelectChoice(one.name, one.name) for one in people if one.is_in_office(today)]
    form.mandates.choices = [SelectChoice(one.mandate.id, _called(one.mandate)) for one in opened.mandates]


def _called(mandate: ChainMandate) -> Text:
    """What tells mandates between the same two apart."""
    scope, status = scope_words.in_brief(simulator().catalogue, mandate.scope), CHAIN_STATUS[mandate.status]
    return Text(f"{scope.nl} ({status.nl.lower()})", f"{scope.en} ({status.en.lower()})")


def _obstacle(opened: Opened) -> Text | None:
    """Why the request cannot be carried out, whoever asks."""
    if isinstance(opened.said, NoAnswer):
        return _SILENT
    if opened.said is None:
        return _UNKNOWN
    if not opened.mandates:
        return _NOTHING
    today = amsterdam_date(simulator().clock())
    return None if any(one.is_in_office(today) for one in opened.said.representatives) else _NOBODY


def _facts(opened: Opened) -> tuple[Fact, ...]:
    one = opened.request
    names = [known.statutory_name if known else None for known in (opened.client, opened.intermediary)]
    found = (
        fact(Text("Kenmerk", "Reference"), one.id),
        fact(Text("Status", "Status"), REQUEST_STATE[one.state]),
        fact(Text("Ontvangen op", "Received on"), amsterdam_date(one.submitted_at)),
        fact(Text("Klant", "Client"), str(one.client), names[0]),
        fact(Text("Intermediair", "Intermediary"), str(one.intermediary), names[1]),
        fact(Text("Aanvrager", "Requester"), one.name, one.email),
        fact(Text("Reden", "Reason"), one.reason),
        fact(Text("Besloten op", "Decided on"), amsterdam_date(one.decided_at) if one.decided_at else None),
        fact(Text("Vastgesteld als", "Established to be"), one.representative),
        fact(Text("Antwoord", "Answer"), one.answer),
    )
    return tuple(line for line in found if line.values)


def _at_kvk(opened: Opened) -> tuple[Fact, ...]:
    if not isinstance(opened.said, Extract):
        return ()
    names = (one.name for one in opened.said.representatives)
    return (*facts_of(opened.said), fact(Text("Vertegenwoordigers", "Representatives"), *names))
