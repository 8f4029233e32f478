"""Couplings: one mandate to means of own users, many at once, and changing one."""

from collections.abc import Collection, Iterator
from typing import Any, Final

from flask import redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from broker.core.administration.advice import advise
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.errors import NotFound
from broker.core.search import folded
from broker.core.text import Text
from broker.simulator.administration import colleagues as users
from broker.simulator.administration import coupling, mandates
from broker.simulator.administration.colleagues import Colleague
from broker.simulator.administration.coupling import Bulk, Outcome
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import frame, visit
from broker.web.management.forms import UNPROCESSABLE, AtMost, ModuleForm, Required
from broker.web.management.mandates import COUPLING_CHANGES, facts_of_mandate, heading_of
from broker.web.management.pages import NavigationItem
from broker.web.management.register_pages import BulkChanged, Change, Conflict, People, PersonRow, Way
from broker.web.management.routes import blueprint
from broker.web.management.showing import BACK, CANCEL, fact, page_number, told
from broker.web.management.words import LINK_STATUS, means_in_words

_SEE_OTHER: Final = 303
_CONFLICT: Final = 409
_CHANGES: Final = {"schorsen": coupling.suspend, "hervatten": coupling.resume, "ontkoppelen": coupling.uncouple}
_CHOOSE: Final = Text("Kies ten minste één inlogmiddel.", "Choose at least one means of login.")
_GO_ON: Final = Text("Ga verder", "Continue")
_MANY: Final = Text("Veel machtigingen tegelijk koppelen", "Couple many mandates at once")
_BUSY: Final = Text("Bezig met koppelen", "Coupling")
_DONE: Final = Text("Klaar met koppelen", "Done coupling")


class MeansForm(ModuleForm):
    """Which means of own users."""

    means = SelectMultipleField(
        Text("Inlogmiddelen van uw gebruikers", "Means of login of your users"),
        [Required(_CHOOSE)],
        validate_choice=False,
    )


class BulkForm(MeansForm):
    """Which means, and which mandates."""

    q = StringField(
        Text("Alleen klanten met deze naam, plaats of KvK-nummer", "Only clients with this name, place or KvK number"),
        [AtMost(100)],
        description=Text(
            "Laat leeg voor alle ketenmachtigingen die u nu kunt gebruiken.",
            "Leave empty for all chain mandates that you can use now.",
        ),
    )


@blueprint.get("/gebruikers")
def people() -> Response:
    """Who has which means at which level, and how many couplings."""
    found, typed, number = users.colleagues(simulator(), visit.actor()), request.args.get("q", ""), page_number()
    words = folded(typed).split()
    shown = [one for one in found if all(word in folded(one.person.display_name) for word in words)]
    first = (number - 1) * pages.PAGE_SIZE
    return pages.render(
        People(
            **frame.values(),
            people=tuple(_person(one) for one in shown[first : first + pages.PAGE_SIZE]),
            results=pages.Results(total=len(shown), number=number),
            query=typed,
            list_url=url_for("management.people"),
            ways=tuple(_ways(found)),
            apply_url=url_for("management.application"),
        )
    )


@blueprint.get("/ketenmachtigingen/<mandate_id>/koppelen")
def couple(mandate_id: str) -> Response:
    """Choose the means that a mandate is coupled to."""
    return _ask_means(mandate_id, MeansForm())


@blueprint.post("/ketenmachtigingen/<mandate_id>/koppelen")
def coupled(mandate_id: str) -> Response:
    """Couple the mandate; what could not be coupled is told beside what could."""
    form = MeansForm(request.form)
    if not form.validate():
        return _ask_means(mandate_id, form, UNPROCESSABLE)
    outcome = coupling.couple(simulator(), visit.actor(), mandate_id, form.means.data)
    if outcome.refused and not outcome.coupled:
        form.refuse("means", told(ChangeRefused(next(iter(outcome.refused)))))
        return _ask_means(mandate_id, form, UNPROCESSABLE)
    visit.tell(_in_words(outcome))
    return redirect(url_for("management.mandate", mandate_id=mandate_id), _SEE_OTHER)


@blueprint.post("/koppelingen/<coupling_id>/<change>")
def change_coupling(coupling_id: str, change: str) -> Response:
    """Suspend, resume or end a coupling, of the version that the page showed."""
    if change not in _CHANGES:
        raise NotFound
    version = request.form.get("version", 0, type=int)
    try:
        changed = _CHANGES[change](simulator(), visit.actor(), coupling_id, version)
    except ChangeRefused as error:
        if error.obstacle is not Obstacle.CHANGED_MEANWHILE:
            raise
        return _conflict(coupling_id, change)
    name = COUPLING_CHANGES[change][0]
    visit.tell(Text(f"Gedaan: {name.nl.lower()}.", f"Done: {name.en.lower()}."))
    return redirect(url_for("management.mandate", mandate_id=changed.mandate_id), _SEE_OTHER)


@blueprint.get("/koppelen")
def bulk() -> Response:
    """Choose means and mandates for many couplings at once (M-22)."""
    return _ask_bulk(BulkForm(request.args))


@blueprint.get("/koppelen/controleren")
def check_bulk() -> Response:
    """How many couplings that would be, to be confirmed."""
    form = BulkForm(request.args)
    if not form.validate():
        return _ask_bulk(form, UNPROCESSABLE)
    try:
        held = coupling.check(simulator(), visit.actor(), form.means.data)
    except ChangeRefused as error:
        form.refuse("means", told(error))
        return _ask_bulk(form, UNPROCESSABLE)
    number = coupling.count(simulator(), visit.actor(), form.q.data or "")
    given = {"means": form.means.data, "q": form.q.data or "", "total": str(number)}
    names = [f"{one.person.display_name} ({one.means.level.label})" for one in held]
    return pages.render(
        Change(
            **frame.values("management.people"),
            heading=Text("Veel machtigingen koppelen?", "Couple many mandates?"),
            lead=(
                Text(
                    "Elke ketenmachtiging hieronder wordt gekoppeld aan elk inlogmiddel hieronder. Wat al gekoppeld "
                    "is, blijft zoals het is.",
                    "Each chain mandate below is coupled to each means of login below. What is coupled already stays "
                    "as it is.",
                ),
            ),
            facts=(
                fact(Text("Inlogmiddelen", "Means of login"), *names),
                fact(Text("Gezocht op", "Searched for"), form.q.data or Text("alle klanten", "all clients")),
                fact(Text("Ketenmachtigingen", "Chain mandates"), str(number)),
            ),
            form=ModuleForm(),
            given=given,
            action=url_for("management.run_bulk"),
            button=Text("Koppel ze", "Couple them"),
            back=Way(name=BACK, address=url_for("management.bulk", means=form.means.data, q=form.q.data or "")),
        )
    )


@blueprint.post("/koppelen")
def run_bulk() -> Response:
    """Do a part of the bulk, and show how far it is; the page goes on by itself, or by its button."""
    form = BulkForm(request.form)
    if not form.validate():
        return _ask_bulk(form, UNPROCESSABLE)
    before = _so_far()
    wanted = Bulk(tuple(form.means.data), form.q.data or "")
    part = coupling.couple_part(simulator(), visit.actor(), wanted, request.form.get("after", ""))
    outcome = before + part.outcome
    gone = _gone_through(outcome) // len(set(wanted.means_ids))
    given: dict[str, Any] = {
        "means": form.means.data,
        "q": form.q.data or "",
        "total": request.form.get("total", "0"),
        "after": part.after or "",
        "coupled": str(outcome.coupled),
        "already": str(outcome.already),
        **{f"refused-{obstacle.value}": str(number) for obstacle, number in outcome.refused.items()},
    }
    return pages.render(
        BulkChanged(
            **frame.values("management.people"),
            heading=_BUSY if part.after else _DONE,
            done_so_far=gone,
            total=max(gone, request.form.get("total", 0, type=int)),
            facts=(
                fact(Text("Gekoppeld", "Coupled"), str(outcome.coupled)),
                fact(Text("Was al gekoppeld", "Coupled already"), str(outcome.already)),
            ),
            refused=tuple((advise(obstacle).reason, number) for obstacle, number in outcome.refused.items()),
            more_url=url_for("management.run_bulk") if part.after else None,
            given=given,
            back=to_people(),
        )
    )


def _ways(found: Collection[Colleague]) -> Iterator[Way]:
    if any(one.obstacle is None for one in found):
        yield Way(name=_MANY, address=url_for("management.bulk"))
    if any(one.couplings for one in found):
        name = Text("Veel machtigingen tegelijk ontkoppelen", "Uncouple many mandates at once")
        yield Way(name=name, address=url_for("management.bulk_end"))


def _so_far() -> Outcome:
    """What the parts before this one did, as the form carries it along: it is told to nobody but the person."""
    form = request.form
    refused = {one: number for one in Obstacle if (number := form.get(f"refused-{one.value}", 0, type=int))}
    return Outcome(form.get("coupled", 0, type=int), form.get("already", 0, type=int), refused)


def _gone_through(outcome: Outcome) -> int:
    return outcome.coupled + outcome.already + sum(outcome.refused.values())


def to_people() -> Way:
    """Back to the users."""
    return Way(name=Text("Naar gebruikers en koppelingen", "To users and couplings"), address=_people())


def _people() -> str:
    return url_for("management.people")


def _person(one: Colleague) -> PersonRow:
    words = advise(one.obstacle) if one.obstacle else None
    return PersonRow(
        person=one.person.display_name,
        means=means_in_words(one.means),
        couplings=one.couplings,
        obstacle=words.reason if words else None,
        next_step=words.next_step if words else None,
    )


def _offer_means(form: MeansForm) -> None:
    """Put the means that can be coupled in the form, and those that were asked for all the same."""
    asked = set(form.means.data or ())
    found = [one for one in users.colleagues(simulator(), visit.actor()) if not one.obstacle or one.means.id in asked]
    form.means.choices = [SelectChoice(one.means.id, label_of(one)) for one in found]


def label_of(one: Colleague) -> Text:
    """What a means is called among others."""
    words = means_in_words(one.means)
    name = one.person.display_name
    return Text(f"{name} – {words.nl}", f"{name} – {words.en}")


def _ask_means(mandate_id: str, form: MeansForm, status: int = 200) -> Response:
    looked = mandates.look(simulator(), visit.actor(), mandate_id)
    address = url_for("management.mandate", mandate_id=mandate_id)
    _offer_means(form)
    return pages.render(
        Change(
            **frame.values("management.received", (NavigationItem(name=heading_of(looked), address=address),)),
            heading=Text("Koppelen aan gebruikers", "Couple to users"),
            lead=(_WHO_CAN,),
            facts=facts_of_mandate(looked),
            form=form,
            action=url_for("management.coupled", mandate_id=mandate_id),
            button=Text("Koppel", "Couple"),
            back=Way(name=CANCEL, address=address),
            way=_apply(),
        ),
        status,
    )


def _ask_bulk(form: BulkForm, status: int = 200) -> Response:
    _offer_means(form)
    return pages.render(
        Change(
            **frame.values("management.people"),
            heading=_MANY,
            lead=(
                Text(
                    "Kies wie voor uw klanten gaat inloggen. Daarna ziet u om hoeveel machtigingen het gaat.",
                    "Choose who will log in for your clients. Then you see how many mandates that is about.",
                ),
                _WHO_CAN,
            ),
            form=form,
            action=url_for("management.check_bulk"),
            method="get",
            button=_GO_ON,
            back=Way(name=CANCEL, address=_people()),
            way=_apply(),
        ),
        status,
    )


_WHO_CAN: Final = Text(
    "Staat iemand hier niet bij? Voor ketenmachtigingen is een gewoon inlogmiddel van niveau EH3 nodig.",
    "Is somebody not here? Chain mandates need regular means of level EH3.",
)


def _apply() -> Way:
    name = Text("Een gewoon inlogmiddel van niveau EH3 aanvragen", "Apply for regular means of level EH3")
    return Way(name=name, address=url_for("management.application"))


def _in_words(outcome: Outcome) -> Text:
    nl, en = [f"Gekoppeld: {outcome.coupled}."], [f"Coupled: {outcome.coupled}."]
    if outcome.already:
        nl.append(f"Al gekoppeld: {outcome.already}.")
        en.append(f"Coupled already: {outcome.already}.")
    for obstacle, number in outcome.refused.items():
        reason = advise(obstacle).reason
        nl.append(f"Niet gekoppeld: {number}. {reason.nl}")
        en.append(f"Not coupled: {number}. {reason.en}")
    return Text(" ".join(nl), " ".join(en))


def _conflict(coupling_id: str, change: str) -> Response:
    current = coupling.look(simulator(), visit.actor(), coupling_id)
    name, statuses = COUPLING_CHANGES[change]
    status = current.coupling.status_at(visit.visitor().day)
    address = url_for("management.mandate", mandate_id=current.coupling.mandate_id)
    who = fact(Text("Inlogmiddel", "Means of login"), current.person.display_name, means_in_words(current.means))
    again = url_for("management.change_coupling", coupling_id=coupling_id, change=change)
    return pages.render(
        Conflict(
            **frame.values("management.received"),
            wanted=(who, fact(Text("Wijziging", "Change"), name)),
            current=(who, fact(Text("Status", "Status"), LINK_STATUS[status])),
            action=again if status in statuses else None,
            given={"version": str(current.coupling.version)},
            button=name,
            back=Way(name=Text("Laat het zoals het nu is", "Leave it as it is now"), address=address),
        ),
        _CONFLICT,
    )
