"""Changing one mandate: each change is confirmed on a page of its own, with the version that it showed.

Whoever was second sees what they wanted beside what there is now, and decides (WEB-14).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField

from broker.core.administration.actors import Actor
from broker.core.administration.dossiers import FiledMandate
from broker.core.administration.invitations import Invitation
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.errors import NotFound
from broker.core.mandates import MAX_YEARS
from broker.core.text import Text
from broker.core.validity import years_later
from broker.simulator.administration import endings, granting, inviting, mandates, renewing
from broker.simulator.administration.mandates import Looked
from broker.simulator.administration.possibilities import Possibility
from broker.simulator.context import Simulator
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import frame, visit
from broker.web.management.forms import UNPROCESSABLE, AtMost, DayField, ModuleForm, email_address
from broker.web.management.mandates import NAMES, PLACES, facts_of_mandate, heading_of, within
from broker.web.management.pages import NavigationItem
from broker.web.management.register_pages import Change, Conflict, Fact, Way
from broker.web.management.routes import blueprint
from broker.web.management.showing import CANCEL, fact, told

_SEE_OTHER: Final = 303
_CONFLICT: Final = 409
_REASON: Final = Text("Reden (niet verplicht)", "Reason (optional)")
_SEEN: Final = Text(
    "De andere partij ziet de reden in de geschiedenis.", "The other party sees the reason in the history."
)


class NothingForm(ModuleForm):
    """Nothing to fill in."""


class ReasonForm(ModuleForm):
    """Why."""

    reason = StringField(_REASON, [AtMost(200)], description=_SEEN)


class UntilForm(ModuleForm):
    """A last day."""

    until = DayField(Text("Laatste dag", "Last day"))


class AskForm(UntilForm):
    """A last day, and whom to ask for it."""

    contact = StringField(Text("Contactpersoon (niet verplicht)", "Contact (optional)"), [AtMost(100)])
    email = StringField(Text("E-mailadres van uw klant", "Your client's e-mail address"), [email_address])


Doing = Callable[[Simulator, Actor, str, Any, int], FiledMandate | Invitation]
"""What is done with the mandate of this id, the form, and the version that was seen."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A change: what its page says, what it asks, and what is done."""

    possibility: Possibility
    lead: Text
    form: type[ModuleForm]
    do: Doing
    done: Text
    warning: Text | None = None


_KINDS: Final = (
    _Kind(
        Possibility.SIGN,
        Text("U tekent namens uw organisatie.", "You sign on behalf of your organisation."),
        NothingForm,
        lambda sim, actor, mandate_id, _form, version: granting.sign(sim, actor, mandate_id, version),
        Text("De ketenmachtiging is ondertekend.", "The chain mandate was signed."),
    ),
    _Kind(
        Possibility.RENEW,
        Text(
            "De machtiging geldt dan vanaf vandaag tot en met de nieuwe laatste dag, ten hoogste vijf jaar. De "
            "koppelingen van uw intermediair lopen mee. KVK wordt opnieuw geraadpleegd.",
            "The mandate then holds from today up to and including the new last day, five years at most. Your "
            "intermediary's couplings go along. KVK is asked again.",
        ),
        UntilForm,
        lambda sim, actor, mandate_id, form, version: renewing.renew(sim, actor, mandate_id, form.until.data, version),
        Text("De ketenmachtiging is verlengd.", "The chain mandate was renewed."),
    ),
    _Kind(
        Possibility.ASK_RENEWAL,
        Text(
            "Uw klant krijgt een uitnodiging om de verlenging te ondertekenen. Tot die tijd verandert er niets. Daarna "
            "lopen uw koppelingen mee.",
            "Your client gets an invitation to sign the renewal. Until then nothing changes. After that your couplings "
            "go along.",
        ),
        AskForm,
        lambda sim, actor, mandate_id, form, _version: inviting.ask_renewal(
            sim, actor, mandate_id, form.until.data, form.email.data, form.contact.data or ""
        ),
        Text("De uitnodiging is verstuurd.", "The invitation was sent."),
    ),
    _Kind(
        Possibility.SUSPEND,
        Text(
            "Niemand kan met deze machtiging inloggen, tot u de schorsing opheft.",
            "Nobody can log in with this mandate until you lift the suspension.",
        ),
        ReasonForm,
        lambda sim, actor, mandate_id, form, version: endings.suspend(
            sim, actor, mandate_id, form.reason.data or "", version
        ),
        Text("De ketenmachtiging is geschorst.", "The chain mandate was suspended."),
    ),
    _Kind(
        Possibility.RESUME,
        Text(
            "De gekoppelde gebruikers kunnen met deze machtiging weer inloggen.",
            "The coupled users can log in with this mandate again.",
        ),
        NothingForm,
        lambda sim, actor, mandate_id, _form, version: endings.resume(sim, actor, mandate_id, version),
        Text("De ketenmachtiging is weer actief.", "The chain mandate is active again."),
    ),
    _Kind(
        Possibility.END,
        Text(
            "De machtiging geldt nog tot en met de dag die u kiest: vandaag of later, en voor de huidige laatste dag.",
            "The mandate holds up to and including the day that you choose: today or later, before the present end.",
        ),
        UntilForm,
        lambda sim, actor, mandate_id, form, version: endings.end_on(sim, actor, mandate_id, form.until.data, version),
        Text("De laatste dag is gewijzigd.", "The last day was changed."),
    ),
    _Kind(
        Possibility.REVOKE,
        Text(
            "Vanaf nu kan niemand meer met deze machtiging inloggen.",
            "From now on nobody can log in with this mandate.",
        ),
        ReasonForm,
        lambda sim, actor, mandate_id, form, version: endings.revoke(
            sim, actor, mandate_id, form.reason.data or "", version
        ),
        Text("De ketenmachtiging is ingetrokken.", "The chain mandate was revoked."),
        Text(
            "Dit kunt u niet ongedaan maken. Is de machtiging later toch nodig? Dan moet er een nieuwe komen.",
            "You cannot undo this. Is the mandate needed after all later? Then there has to be a new one.",
        ),
    ),
)
_BY_PLACE: Final = {PLACES[kind.possibility]: kind for kind in _KINDS}


@blueprint.get("/ketenmachtigingen/<mandate_id>/<place>")
def ask_change(mandate_id: str, place: str) -> Response:
    """What the change means, to be confirmed."""
    kind, looked = _kind(place), mandates.look(simulator(), visit.actor(), mandate_id)
    _require(looked, kind)
    form = kind.form()
    if isinstance(form, UntilForm):
        form.until.data = _suggested(looked, kind)
    return _ask(looked, kind, form)


@blueprint.post("/ketenmachtigingen/<mandate_id>/<place>")
def change(mandate_id: str, place: str) -> Response:
    """Make the change."""
    kind, form = _kind(place), _kind(place).form(request.form)
    version = request.form.get("version", 0, type=int)
    if not form.validate():
        return _ask(mandates.look(simulator(), visit.actor(), mandate_id), kind, form, version, UNPROCESSABLE)
    try:
        done = kind.do(simulator(), visit.actor(), mandate_id, form, version)
    except ChangeRefused as error:
        return _not_done(error, mandate_id, kind, form, version)
    visit.tell(kind.done)
    shown = done.mandate.id if isinstance(done, FiledMandate) else mandate_id
    return redirect(url_for("management.mandate", mandate_id=shown), _SEE_OTHER)


def _not_done(error: ChangeRefused, mandate_id: str, kind: _Kind, form: ModuleForm, version: int) -> Response:
    looked = mandates.look(simulator(), visit.actor(), mandate_id)
    if looked.filed.mandate.version != version:
        return _conflict(looked, kind, form)
    if error.obstacle is Obstacle.NOT_FOUND or not form.names:
        raise error
    form.refuse(form.names[0], told(error))
    return _ask(looked, kind, form, version, UNPROCESSABLE)


def _kind(place: str) -> _Kind:
    if place not in _BY_PLACE:
        raise NotFound
    return _BY_PLACE[place]


def _require(looked: Looked, kind: _Kind) -> None:
    """Return if the change is possible; raises `ChangeRefused` with the reason that the page of the mandate gives."""
    if kind.possibility in looked.possibilities.allowed:
        return
    refused = (obstacle for obstacle, which in looked.possibilities.refused if kind.possibility in which)
    raise ChangeRefused(next(refused, Obstacle.WRONG_STATE), looked.filed.mandate.id)


def _suggested(looked: Looked, kind: _Kind) -> date:
    if kind.possibility in (Possibility.RENEW, Possibility.ASK_RENEWAL):
        return years_later(looked.moment.today, MAX_YEARS)
    return max(looked.moment.today, looked.filed.mandate.validity.valid_from)


def _address(looked: Looked) -> str:
    return url_for("management.mandate", mandate_id=looked.filed.mandate.id)


def _trail(looked: Looked) -> frame.PageValues:
    item = NavigationItem(name=heading_of(looked), address=_address(looked))
    return frame.values(within(looked.side), (item,))


def _ask(looked: Looked, kind: _Kind, form: ModuleForm, version: int | None = None, status: int = 200) -> Response:
    mandate = looked.filed.mandate
    return pages.render(
        Change(
            **_trail(looked),
            heading=NAMES[kind.possibility],
            lead=(kind.lead,),
            warning=kind.warning,
            facts=facts_of_mandate(looked),
            form=form,
            given={"version": str(version or mandate.version)},
            action=url_for("management.change", mandate_id=mandate.id, place=PLACES[kind.possibility]),
            button=NAMES[kind.possibility],
            back=Way(name=CANCEL, address=_address(looked)),
        ),
        status,
    )


def _conflict(looked: Looked, kind: _Kind, form: ModuleForm) -> Response:
    mandate = looked.filed.mandate
    again = url_for("management.change", mandate_id=mandate.id, place=PLACES[kind.possibility])
    wanted: tuple[Fact, ...] = (
        fact(Text("Wijziging", "Change"), NAMES[kind.possibility]),
        *(fact(item.label.text, item.data or "–") for item in form),
    )
    given: Mapping[str, str] = {name: request.form.get(name, "") for name in form.names}
    return pages.render(
        Conflict(
            **_trail(looked),
            wanted=wanted,
            current=facts_of_mandate(looked),
            action=again if kind.possibility in looked.possibilities.allowed else None,
            given={**given, "version": str(mandate.version)},
            button=NAMES[kind.possibility],
            back=Way(name=Text("Laat het zoals het nu is", "Leave it as it is now"), address=_address(looked)),
        ),
        _CONFLICT,
    )
