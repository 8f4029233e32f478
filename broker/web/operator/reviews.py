"""The review queue: urgent mandates first, each activated or rejected with a reason (M-43)."""

from typing import Final

from flask import Blueprint, Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, TextAreaField

from broker.core.administration import scope_words
from broker.core.administration.obstacles import ChangeRefused
from broker.core.administration.trade_register import KvkResult
from broker.core.clock import amsterdam_date
from broker.core.errors import NotFound
from broker.core.text import Text
from broker.simulator.administration import reviewing
from broker.simulator.administration.reviewing import Waiting
from broker.web import pages as common
from broker.web.current import simulator
from broker.web.language import said
from broker.web.management.forms import UNPROCESSABLE, AtMost, ModuleForm, Required, no_bsn
from broker.web.management.register_pages import Fact
from broker.web.management.showing import fact, page_number, told
from broker.web.management.words import CHAIN_STATUS, ORIGIN, PRIORITY
from broker.web.operator import desk_pages as pages
from broker.web.operator.desk_words import CHECK_RESULT, OPERATOR
from broker.web.operator.navigation import frame, hidden

blueprint = Blueprint("reviews", __name__, url_prefix="/reviews")

_SEE_OTHER: Final = 303
_CONFLICT: Final = 409
_LONG: Final = 10  # digits; a version is a number of four bytes in the store


class VersionForm(ModuleForm):
    """Which version the page showed."""

    version = HiddenField()

    @property
    def number(self) -> int:
        """The version; 0, which nothing has, for what is no number."""
        typed: str = self.version.data or ""
        return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < _LONG else 0


class RejectionForm(VersionForm):
    """Why a mandate is rejected."""

    reason = TextAreaField(
        Text("Reden", "Reason"),
        [Required(Text("Vul in waarom u afwijst.", "Fill in why you reject.")), AtMost(500), no_bsn],
        description=Text("Beide partijen lezen dit.", "Both parties read this."),
        render_kw={"rows": 3},
    )


@blueprint.get("")
def listing() -> Response:
    """What waits, urgent first; what is overdue is marked."""
    sim, number = simulator(), page_number()
    today = amsterdam_date(sim.clock())
    found = reviewing.queue(sim, today, (number - 1) * reviewing.PAGE)
    return common.render(
        pages.Reviews(
            **frame(),
            rows=tuple(
                pages.ReviewRow(
                    client=one.client.statutory_name,
                    intermediary=one.intermediary.statutory_name,
                    url=url_for(".show", mandate_id=one.filed.mandate.id),
                    due_on=one.filed.dossier.due_on,
                    is_urgent=one.is_urgent,
                    is_overdue=one.is_overdue(today),
                    last_check=_result(one.last_check),
                )
                for one in found.waiting
            ),
            results=common.Results(total=found.total, number=number, size=reviewing.PAGE),
            overdue=found.overdue,
            list_url=url_for(".listing"),
        )
    )


@blueprint.get("/<mandate_id>")
def show(mandate_id: str) -> Response:
    """One mandate with its papers."""
    return _page(mandate_id, RejectionForm(formdata=None))


@blueprint.post("/<mandate_id>/activate")
def activate(mandate_id: str) -> AnyResponse:
    """Ask KVK and activate."""
    try:
        reviewing.activate(simulator(), OPERATOR, mandate_id, VersionForm().number)
    except ChangeRefused as refused:
        return _page(mandate_id, RejectionForm(formdata=None), _CONFLICT, told(refused))
    return _done(Text("De ketenmachtiging is actief.", "The chain mandate is active."))


@blueprint.post("/<mandate_id>/reject")
def reject(mandate_id: str) -> AnyResponse:
    """Reject, with a reason."""
    form = RejectionForm()
    if not form.validate():
        return _page(mandate_id, form, UNPROCESSABLE)
    try:
        reviewing.reject(simulator(), OPERATOR, mandate_id, form.reason.data.strip(), form.number)
    except ChangeRefused as refused:
        return _page(mandate_id, form, _CONFLICT, told(refused))
    return _done(Text("De ketenmachtiging is afgewezen.", "The chain mandate was rejected."))


def _done(words: Text) -> AnyResponse:
    flash(said(words))
    return redirect(url_for(".listing"), _SEE_OTHER)


def _page(mandate_id: str, form: RejectionForm, status: int = 200, problem: Text | None = None) -> Response:
    try:
        one = reviewing.look(simulator(), mandate_id)
    except ChangeRefused as error:
        raise NotFound from error
    fixed = {**hidden(), "version": str(one.filed.mandate.version)}
    return common.render(
        pages.Review(
            **frame(),
            client=one.client.statutory_name,
            facts=_facts(one),
            activate=pages.Action(form=None, url=url_for(".activate", mandate_id=mandate_id), fixed=fixed),
            reject=pages.Action(form=form, url=url_for(".reject", mandate_id=mandate_id), fixed=fixed),
            problem=problem,
        ),
        status,
    )


def _facts(one: Waiting) -> tuple[Fact, ...]:
    mandate, papers = one.filed.mandate, one.filed.dossier
    found = (
        fact(Text("Klant", "Client"), one.client.statutory_name, str(one.client.kvk_number), one.client.city),
        fact(
            Text("Intermediair", "Intermediary"),
            one.intermediary.statutory_name,
            str(one.intermediary.kvk_number),
            one.intermediary.city,
        ),
        fact(Text("Geldt voor", "Covers"), *scope_words.in_full(simulator().catalogue, mandate.scope)),
        fact(Text("Niveau", "Level"), mandate.level.label),
        fact(Text("Geldig vanaf", "Valid from"), mandate.validity.valid_from),
        fact(Text("Geldig tot en met", "Valid until"), mandate.validity.valid_until),
        fact(Text("Status", "Status"), CHAIN_STATUS[one.filed.mandate.status]),
        fact(Text("Herkomst", "Origin"), ORIGIN[mandate.origin]),
        fact(Text("Procedure", "Procedure"), PRIORITY[papers.priority]),
        fact(Text("Uiterlijk beoordelen op", "Review at the latest on"), papers.due_on),
        fact(Text("Getekend door", "Signed by"), *(signature.representative for signature in papers.signatures)),
        fact(Text("Laatste controle bij KVK", "Last check with KVK"), _result(one.last_check)),
    )
    return tuple(line for line in found if line.values)


def _result(result: KvkResult | None) -> Text | None:
    return CHECK_RESULT[result] if result else None
