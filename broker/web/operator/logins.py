"""Logins of the past: searching them, one of them, its messages. Who a person is, is shown on purpose, and noted."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Final

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import MultiDict

from broker.core.clock import AMSTERDAM
from broker.core.errors import NotFound, RecordAltered
from broker.core.recorded import LoginRecord, Outcome
from broker.core.recorded_words import OUTCOMES
from broker.core.text import Text
from broker.simulator import service_providers
from broker.simulator.audit import evidence, report, report_pdf
from broker.simulator.audit import logins as audit
from broker.simulator.audit.evidence import NothingToShow
from broker.simulator.audit.logins import Listed, Opened, Search
from broker.simulator.audit.sealing import Body
from broker.store.audit.messages import StoredMessage
from broker.web import pages as common
from broker.web.current import simulator
from broker.web.language import current_language
from broker.web.management.showing import page_number
from broker.web.operator import inspector, login_words
from broker.web.operator.login_details import details
from broker.web.operator.login_pages import Choice, LoginRow, Logins
from broker.web.operator.navigation import frame, hidden

blueprint = Blueprint("logins", __name__, url_prefix="/logins")

_DAYS: Final = ("since", "until")
_TEXTS: Final = ("service_provider", "client", "intermediary", "person", "message_id")
_NO_DAY: Final = Text("Vul een datum in die bestaat, zoals 2026-11-23.", "Fill in a day that exists, like 2026-11-23.")
_LONGEST: Final = 200


@blueprint.get("")
def listing() -> Response:
    """Logins, newest first, without the names of people."""
    return _list(request.args, shown=False)


@blueprint.post("/shown")
def reveal() -> Response:
    """The same with names; that they were shown is an event in the chain."""
    return _list(request.form, shown=True)


@blueprint.get("/<login_id>")
def show(login_id: str) -> Response:
    """One login, without the names of people."""
    return common.render(details(_opened(login_id), shown=False))


@blueprint.post("/<login_id>/shown")
def reveal_one(login_id: str) -> Response:
    """The same with names."""
    opened = _opened(login_id)
    audit.note_shown(simulator(), "people", [login_id])
    return common.render(details(opened, shown=True))


@blueprint.post("/<login_id>/messages/<number>")
def message(login_id: str, number: str) -> Response:
    """The bytes of a message as they were received or sent; messages may say who somebody is, so that is noted too."""
    stored, body = _taken_out(login_id, number)
    name = f"{number.zfill(2)}-{stored.kind}.xml"
    return Response(
        body.octets,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.post("/<login_id>/messages/<number>/inspect")
def inspect_message(login_id: str, number: str) -> Response:
    """What there is to say about a message: what is signed, by whom, and what each value means."""
    stored, body = _taken_out(login_id, number)
    return inspector.page_of(body.query or body.octets, stored.at)


@blueprint.post("/<login_id>/evidence")
def make_evidence(login_id: str) -> Response:
    """The bundle of evidence of one login; that it was made is an event in the chain."""
    try:
        with _as_written():
            bundle = evidence.of_login(simulator(), login_id)
    except NothingToShow as error:
        raise NotFound(login_id) from error
    return Response(
        bundle,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="evidence-{login_id}.zip"'},
    )


@blueprint.post("/<login_id>/report")
def make_report(login_id: str) -> Response:
    """The report of one login as a PDF; it says who people are, so that is noted."""
    sim, opened = simulator(), _opened(login_id)
    told = report.of_logins([opened], current_language(), sim.clock())
    audit.note_shown(sim, "report", [login_id])
    return Response(
        report_pdf.written(told),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="report-{login_id}.pdf"'},
    )


def _opened(login_id: str) -> Opened:
    with _as_written():
        found = audit.opened(simulator(), login_id)
    if found is None:
        raise NotFound(login_id)
    return found


@contextmanager
def _as_written() -> Iterator[None]:
    """Raises `RecordAltered` for what is kept and is not what was written."""
    try:
        yield
    except evidence.NOT_AS_WRITTEN as error:
        raise RecordAltered(str(error)) from error


def _taken_out(login_id: str, number: str) -> tuple[StoredMessage, Body]:
    """A message with what it said; that somebody looked is noted."""
    there = {str(at): one for at, one in enumerate(_opened(login_id).messages, start=1)}
    if number not in there or (body := there[number].body) is None:
        raise NotFound(f"message {number} of {login_id}")
    audit.note_shown(simulator(), "message", [login_id])
    return there[number].stored, body


def _list(given: MultiDict[str, str], *, shown: bool) -> Response:
    sim = simulator()
    asked = {name: typed for name in (*_DAYS, *_TEXTS, "outcome") if (typed := given.get(name, "").strip()[:_LONGEST])}
    number = page_number(given)
    try:
        search = _search(asked)
    except ValueError:
        return _page(asked, None, 1, shown=False)
    found = audit.listed(sim, search, number)
    if shown and found.records:
        audit.note_shown(sim, "people", [one.id for one in found.records])
    return _page(asked, found, number, shown=shown)


def _page(asked: Mapping[str, str], found: Listed | None, number: int, *, shown: bool) -> Response:
    sim = simulator()
    known = service_providers.entries(sim.store, sim.clock(), sim.service_certificates)
    total = found.total if found else 0
    return common.render(
        Logins(
            **frame(),
            rows=tuple(_row(found, one, shown=shown) for one in found.records) if found else (),
            results=common.Results(total=total, number=number, more=total == audit.COUNTED),
            sought=asked,
            outcomes=tuple(Choice(value=one.value, name=name) for one, name in OUTCOMES.items()),
            service_providers=tuple(Choice(value=one.entity_id, name=one.entity_id) for one in known),
            problem=None if found else _NO_DAY,
            list_url=url_for("operator.logins.listing"),
            show_url=url_for("operator.logins.reveal"),
            is_shown=shown,
            hidden={**hidden(), **asked, "page": str(number)},
        )
    )


def _search(asked: Mapping[str, str]) -> Search:
    """Raises ValueError for what is no day, or no outcome."""
    days = {name: date.fromisoformat(asked[name]) for name in _DAYS if name in asked}
    texts = {name: asked[name] for name in _TEXTS if name in asked}
    outcome = Outcome(asked["outcome"]) if "outcome" in asked else None
    return Search(since=days.get("since"), until=days.get("until"), outcome=outcome, **texts)


def _row(found: Listed, record: LoginRecord, *, shown: bool) -> LoginRow:
    sim, parties = simulator(), found.parties
    return LoginRow(
        url=url_for("operator.logins.show", login_id=record.id),
        at=record.started_at.astimezone(AMSTERDAM),
        service_provider=record.service_provider,
        person=login_words.person(sim, parties, record.person_id, shown=shown),
        client=login_words.organisation(sim, parties, record.client_id, shown=shown),
        intermediary=login_words.organisation(sim, parties, record.intermediary_id, shown=shown),
        outcome=OUTCOMES[record.outcome],
        reason=record.reason,
    )
