"""Judge a message that somebody brings. It is kept nowhere, nor is the key; both are in this one request only."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from broker.core.clock import AMSTERDAM
from broker.core.text import Text
from broker.inspection import inspector, intake, known, opening, second_opinion
from broker.inspection.found import Unreadable
from broker.inspection.inspected import Inspection
from broker.inspection.inspector import Given
from broker.saml.authn_request import AuthnRequest
from broker.saml.keys import UnusableKey
from broker.simulator import at_hand
from broker.web import pages as common
from broker.web.current import simulator
from broker.web.operator.inspector_pages import Choice, InspectionForm, Inspector, Problem
from broker.web.operator.navigation import frame, hidden

blueprint = Blueprint("inspector", __name__, url_prefix="/inspect")

_BAD_REQUEST: Final = 400
_BAD_KEY: Final = Problem(
    what=Text("De sleutel is niet te gebruiken.", "The key cannot be used."),
    advice=Text(
        "Geef een RSA-sleutel in PEM, zonder wachtwoord, met de regels BEGIN en END.",
        "Give an RSA key in PEM, without a password, with the lines BEGIN and END.",
    ),
    field="key",
)
_BAD_MOMENT: Final = Problem(
    what=Text("Het moment is niet te lezen.", "The moment cannot be read."),
    advice=Text("Schrijf het zo: 2026-11-23 13:00:00.", "Write it like this: 2026-11-23 13:00:00."),
    field="at",
)
_NO_REQUEST: Final = Problem(
    what=Text("In de vraag staat geen AuthnRequest.", "The request holds no AuthnRequest."),
    advice=Text(
        "Geef het bericht waarmee de login begon, of laat het veld leeg.",
        "Give the message with which the login began, or leave the field empty.",
    ),
    field="request",
)
_TOO_LARGE: Final = Problem(
    what=Text("Dit is te groot om te bekijken.", "This is too large to inspect."),
    advice=Text("Geef alleen het bericht.", "Give the message alone."),
)


@dataclass(frozen=True, slots=True)
class _Given:
    """What was filled in. A file goes before what was pasted."""

    data: bytes
    request_data: bytes
    metadata: tuple[bytes, ...]
    key: str
    at: str
    own: bool
    number: int

    @classmethod
    def of_request(cls) -> "_Given":
        files = tuple(file.read() for file in request.files.getlist("metadata_file"))
        pasted = request.form.get("metadata", "").strip().encode()
        return cls(
            data=_filled_in("file", "text"),
            request_data=_filled_in("request_file", "request"),
            metadata=tuple(filter(None, (*files, pasted))),
            key=request.form.get("key", "").strip(),
            at=request.form.get("at", "").strip(),
            own=request.form.get("own") == "yes",
            number=request.form.get("number", 1, type=int),
        )

    def form(self) -> InspectionForm:
        """The form as it was filled in, but for the key; browsers do not keep files, so a file goes where text goes."""
        metadata = self.metadata[0].decode(errors="replace") if len(self.metadata) == 1 else ""
        return _form(
            self.data.decode(errors="replace"),
            metadata=metadata,
            asked=self.request_data.decode(errors="replace"),
            at=self.at,
            own=self.own,
        )


def _filled_in(file: str, text: str) -> bytes:
    """The file of the one field, or else what stands in the other."""
    uploaded = request.files.get(file)
    return (uploaded.read() if uploaded else b"") or request.form.get(text, "").strip().encode()


@blueprint.get("")
def show() -> Response:
    """The empty form."""
    return common.render(Inspector(**frame(), form=_form()))


@blueprint.post("")
def inspect() -> Response:
    """What there is to say about the message. Nothing of it is kept."""
    filled = _Given.of_request()
    given = _circumstances(filled)
    if isinstance(given, Problem):
        return _refused(filled.form(), given)
    try:
        found = intake.take(filled.data)
    except Unreadable as unreadable:
        return _refused(filled.form(), Problem(what=unreadable.what, advice=unreadable.advice))
    number = min(max(filled.number, 1), len(found))
    shown = inspector.inspect_one(found, number - 1, given)
    choices = tuple(
        Choice(number=place, label=item.label, kind=inspector.kind_of(item), is_shown=place == number)
        for place, item in enumerate(found, 1)
    )
    return _page(filled.form(), shown, choices if len(choices) > 1 else ())


def page_of(data: bytes, moment: datetime) -> Response:
    """The page about a message that is kept here and arrived at `moment`, judged with what this simulator knows."""
    sim = simulator()
    now = sim.clock()
    given = Given(known=known.read((), now), moment=moment, now=now, ask=second_opinion.opinions)
    local = f"{moment.astimezone(AMSTERDAM):%Y-%m-%d %H:%M:%S}"
    try:
        found = intake.take(data)
    except Unreadable as unreadable:
        problem = Problem(what=unreadable.what, advice=unreadable.advice)
        return _refused(_form(data.decode(errors="replace"), at=local), problem)
    shown = inspector.inspect_one(found, 0, at_hand.with_own(given, sim))
    return _page(_form(data.decode(errors="replace"), at=local), shown, ())


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> Response:
    """What was given is not even read, so the form comes back empty."""
    return _refused(_form(), _TOO_LARGE)


def _circumstances(filled: _Given) -> Given | Problem:
    sim = simulator()
    now = sim.clock()
    try:
        moment = _moment(filled.at)
    except ValueError:
        return _BAD_MOMENT
    try:
        keys = (opening.private_key(filled.key.encode()),) if filled.key else ()
    except UnusableKey:
        return _BAD_KEY
    asked = _request(filled.request_data)
    if isinstance(asked, Problem):
        return asked
    given = Given(
        known=known.read(filled.metadata, moment or now),
        keys=keys,
        moment=moment,
        now=now,
        request=asked,
        ask=second_opinion.opinions,
    )
    return at_hand.with_own(given, sim) if filled.own else given


def _request(data: bytes) -> AuthnRequest | Problem | None:
    """The request that an answer is held against; None when none was given."""
    if not data:
        return None
    try:
        return next(inspector.requests_in(intake.take(data)), _NO_REQUEST)
    except Unreadable as unreadable:
        return Problem(what=unreadable.what, advice=unreadable.advice, field="request")


def _moment(text: str) -> datetime | None:
    """A moment without a zone is one in the Netherlands; raises `ValueError`."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return (moment.replace(tzinfo=AMSTERDAM) if moment.tzinfo is None else moment).astimezone(UTC)


def _form(text: str = "", *, metadata: str = "", asked: str = "", at: str = "", own: bool = True) -> InspectionForm:
    return InspectionForm(
        action=url_for("operator.inspector.inspect"),
        hidden=hidden(),
        text=text,
        request=asked,
        metadata=metadata,
        at=at,
        own=own,
    )


def _page(form: InspectionForm, shown: Inspection, choices: tuple[Choice, ...]) -> Response:
    return common.render(Inspector(**frame(), form=form, inspection=shown, choices=choices))


def _refused(form: InspectionForm, problem: Problem) -> Response:
    return common.render(Inspector(**frame(), form=form, problem=problem), _BAD_REQUEST)
