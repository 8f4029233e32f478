"""On whose behalf: the list, the confirmation and the refusal, and pinning what shall stand on top."""

from datetime import date, timedelta
from typing import Any, Final

import structlog
from flask import Blueprint, flash, get_flashed_messages, redirect, request, url_for
from werkzeug.wrappers import Response

from broker.core.decision import Candidate
from broker.core.explanations import PART_NAMES, explain
from broker.core.links import DirectLink
from broker.core.login import Login
from broker.core.refusals import Denied
from broker.core.text import Text
from broker.simulator import issuing, pinning, representation
from broker.simulator.issuing import Refused
from broker.simulator.pinning import Pinned, Pinning
from broker.simulator.representation import Choice, NothingToChoose, Selection
from broker.store.shortcuts import MOST_PINNED
from broker.web import developer, pages
from broker.web.current import browser, simulator
from broker.web.delivery import deliver
from broker.web.language import said
from broker.web.steps import address, step_values

blueprint = Blueprint("represent", __name__, url_prefix="/login/<login_id>")
log = structlog.get_logger("broker")

_SEE_OTHER: Final = 303
_EXPIRES_SOON: Final = timedelta(days=60)


def ask(login: Login, *, nothing_chosen: bool = False) -> Response:
    """The page that asks on whose behalf, or says why there is nobody."""
    typed = request.args.get("q", "")
    found = representation.selection(simulator(), login, typed, request.args.get("page", 1, type=int))
    if isinstance(found, NothingToChoose):
        log.warning("login.denied", login=login.id, reason=found.denied.reason.value)
        return refuse(login, found.denied, person=found.person)
    return _confirm(login, found) if found.is_only_one else _choose(login, found, typed, nothing_chosen=nothing_chosen)


def act(login_id: str, token: str) -> Response:
    """Act for the organisation that `token` chooses: decided once more, then delivered."""
    outcome = issuing.issue(simulator(), login_id, browser(), token)
    if isinstance(outcome, Refused):
        log.warning("login.denied", login=login_id, reason=outcome.denied.reason.value)
        return refuse(outcome.login, outcome.denied, organisation=outcome.organisation, others=True)
    log.info("login.granted", login=login_id)
    return deliver(outcome)


@blueprint.post("/pin")
def pin(login_id: str) -> Response:
    """Have an organisation on top of the list, or no longer, and show the list again."""
    keep = "pin" in request.form
    done = pinning.pin(simulator(), login_id, browser(), request.form["pin" if keep else "unpin"], keep=keep)
    flash(said(_told(done)))
    return back(login_id)


def back(login_id: str) -> Response:
    """To the page of the login that a form was sent from."""
    kept: dict[str, Any] = {name: request.args.get(name) for name in ("q", "page", "developer")}
    return redirect(url_for("login.show", login_id=login_id, **kept), _SEE_OTHER)


def _told(done: Pinning) -> Text:
    name = done.organisation
    match done.outcome:
        case Pinned.PINNED:
            return Text(f"{name} staat nu bovenaan de lijst.", f"{name} is now on top of the list.")
        case Pinned.UNPINNED:
            return Text(f"{name} staat niet meer vast bovenaan.", f"{name} is no longer pinned on top.")
        case Pinned.NO_ROOM:
            return Text(
                f"U heeft al {MOST_PINNED} organisaties vastgezet. Maak er eerst een los.",
                f"You have pinned {MOST_PINNED} organisations already. Unpin one first.",
            )
        case Pinned.GONE:
            return Text(
                "Voor deze organisatie kunt u niet meer inloggen. Zij staat daarom niet meer in de lijst.",
                "You can no longer log in for this organisation, so it is no longer in the list.",
            )


def _confirm(login: Login, found: Selection) -> Response:
    return pages.render(
        pages.ConfirmRepresentation(
            **step_values(login),
            person=found.question.in_use.person.display_name,
            candidate=_representation(found, found.choices[0]),
            choose_url=address(login, "login.choose"),
            other_means_url=address(login, "login.again"),
            more_with_higher_means=found.more_with_higher_means,
            drawer=developer.drawer(login, found.choices),
            message=_message(),
        )
    )


def _choose(login: Login, found: Selection, typed: str, *, nothing_chosen: bool) -> Response:
    own = [item for item in found.choices if isinstance(item.candidate.link, DirectLink)]
    clients = [item for item in found.choices if not isinstance(item.candidate.link, DirectLink)]
    here = {"q": typed or None, "page": found.page if found.page > 1 else None}
    return pages.render(
        pages.ChooseRepresentation(
            **step_values(login),
            person=found.question.in_use.person.display_name,
            pinned=tuple(_representation(found, item) for item in found.pinned),
            recent=tuple(_representation(found, item) for item in found.recent),
            own=tuple(_representation(found, item) for item in own),
            clients=tuple(_representation(found, item) for item in clients),
            results=pages.Results(total=found.total, more=found.more, number=found.page),
            query=typed,
            list_url=address(login, "login.show"),
            choose_url=address(login, "login.choose", **here),
            pin_url=address(login, "represent.pin", **here),
            nothing_chosen=nothing_chosen,
            drawer=developer.drawer(login, (*found.pinned, *found.recent, *found.choices), typed),
            message=_message(),
        )
    )


def refuse(
    login: Login, denied: Denied, *, person: str | None = None, organisation: str | None = None, others: bool = False
) -> Response:
    """The page of a legitimate no; `others`: there is a list to go back to."""
    words, step = explain(denied.reason), step_values(login)
    step["cancel_url"] = address(login, "login.cancel", refused=1)
    return pages.render(
        pages.Refusal(
            **step,
            reason=_with_weakest(words.reason, denied),
            next_step=words.next_step,
            code=denied.reason.value,
            person=person,
            organisation=organisation,
            other_means_url=address(login, "login.again"),
            other_organisation_url=address(login, "login.show") if others else None,
            drawer=developer.drawer(login, ()),
            message=_message(),
        )
    )


def _representation(found: Selection, choice: Choice) -> pages.Representation:
    candidate = choice.candidate
    return pages.Representation(
        token=choice.token,
        name=candidate.organisation.statutory_name,
        kvk_number=candidate.organisation.kvk_number,
        city=candidate.organisation.city,
        level=candidate.effective_level,
        valid_until=candidate.link.valid_until,
        expires_soon=_expires_soon(candidate, found.question.day),
        intermediary=candidate.intermediary.statutory_name if candidate.intermediary else None,
        branch=candidate.link.mandate.branch if isinstance(candidate.link, DirectLink) else None,
        pinned=choice.is_pinned if found.is_long else None,
    )


def _expires_soon(candidate: Candidate, today: date) -> bool:
    return candidate.link.valid_until < today + _EXPIRES_SOON


def _with_weakest(reason: Text, denied: Denied) -> Text:
    if denied.weakest is None:
        return reason
    part = PART_NAMES[denied.weakest]
    return Text(f"{reason.nl} Het laagste niveau heeft {part.nl}.", f"{reason.en} The lowest is that of {part.en}.")


def _message() -> str | None:
    """What the person just did."""
    return " ".join(map(str, get_flashed_messages())) or None
