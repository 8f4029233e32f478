"""Ending many couplings at once: choose whose and for which clients, see how many that are, do it in parts."""

from typing import Any, Final

from flask import request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.fields.choices import SelectChoice

from broker.core.text import Text
from broker.simulator.administration import colleagues, uncoupling
from broker.simulator.administration.coupling import Bulk
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import frame, visit
from broker.web.management.couplings import MeansForm, label_of, to_people
from broker.web.management.forms import UNPROCESSABLE, AtMost, ModuleForm
from broker.web.management.register_pages import BulkChanged, Change, Way
from broker.web.management.routes import blueprint
from broker.web.management.showing import BACK, CANCEL, fact

_WITHIN: Final = "management.people"
_NOTHING: Final = Text("Voor deze klanten is er niets gekoppeld.", "Nothing is coupled for these clients.")


class EndForm(MeansForm):
    """Whose couplings end, and with which clients."""

    q = StringField(
        Text("Alleen klanten met deze naam, plaats of KvK-nummer", "Only clients with this name, place or KvK number"),
        [AtMost(100)],
        description=Text("Laat leeg voor alle klanten.", "Leave empty for all clients."),
    )


@blueprint.get("/ontkoppelen")
def bulk_end() -> Response:
    """Choose means and clients."""
    return _ask(EndForm(request.args))


@blueprint.get("/ontkoppelen/controleren")
def check_bulk_end() -> Response:
    """How many couplings that are, to be confirmed."""
    form = EndForm(request.args)
    if not form.validate():
        return _ask(form, UNPROCESSABLE)
    wanted = _wanted(form)
    number = uncoupling.count(simulator(), visit.actor(), wanted)
    if not number:
        form.refuse("q", _NOTHING)
        return _ask(form, UNPROCESSABLE)
    given: dict[str, Any] = {"means": form.means.data, "q": wanted.typed}
    return pages.render(
        Change(
            **frame.values(_WITHIN),
            heading=Text("Veel machtigingen ontkoppelen?", "Uncouple many mandates?"),
            lead=(
                Text(
                    "Met deze inlogmiddelen kan daarna niemand meer namens deze klanten inloggen. De "
                    "ketenmachtigingen zelf blijven zoals ze zijn.",
                    "After that nobody can log in for these clients with these means of login. The chain mandates "
                    "themselves stay as they are.",
                ),
            ),
            facts=(
                fact(Text("Inlogmiddelen", "Means of login"), *_names(form.means.data)),
                fact(Text("Gezocht op", "Searched for"), wanted.typed or Text("alle klanten", "all clients")),
                fact(Text("Koppelingen", "Couplings"), str(number)),
            ),
            form=ModuleForm(),
            given=given | {"total": str(number)},
            action=url_for("management.run_bulk_end"),
            button=Text("Ontkoppel ze", "Uncouple them"),
            back=Way(name=BACK, address=url_for("management.bulk_end", **given)),
        )
    )


@blueprint.post("/ontkoppelen")
def run_bulk_end() -> Response:
    """End a part of them, and show how far it is; the page goes on by itself, or by its button."""
    form = EndForm(request.form)
    if not form.validate():
        return _ask(form, UNPROCESSABLE)
    wanted = _wanted(form)
    part = uncoupling.uncouple_part(simulator(), visit.actor(), wanted)
    done = max(request.form.get("done", 0, type=int), 0) + part.ended
    goes_on = bool(part.ended and part.left)
    return pages.render(
        BulkChanged(
            **frame.values(_WITHIN),
            heading=Text("Bezig met ontkoppelen", "Uncoupling")
            if goes_on
            else Text("Klaar met ontkoppelen", "Done uncoupling"),
            done_so_far=done,
            total=done + part.left,
            facts=(fact(Text("Ontkoppeld", "Uncoupled"), str(done)),),
            refused=(),
            more_url=url_for("management.run_bulk_end") if goes_on else None,
            given={"means": form.means.data, "q": wanted.typed, "done": str(done)},
            back=to_people(),
        )
    )


def _wanted(form: EndForm) -> Bulk:
    return Bulk(tuple(form.means.data), form.q.data or "")


def _names(means_ids: list[str]) -> list[Text]:
    found = {one.means.id: label_of(one) for one in colleagues.colleagues(simulator(), visit.actor())}
    return [found[means_id] for means_id in means_ids if means_id in found]


def _ask(form: EndForm, status: int = 200) -> Response:
    found = colleagues.colleagues(simulator(), visit.actor())
    form.means.choices = [SelectChoice(one.means.id, label_of(one)) for one in found if one.couplings]
    return pages.render(
        Change(
            **frame.values(_WITHIN),
            heading=Text("Veel machtigingen tegelijk ontkoppelen", "Uncouple many mandates at once"),
            lead=(
                Text(
                    "Kies wie niet langer voor uw klanten inlogt. Daarna ziet u om hoeveel koppelingen het gaat.",
                    "Choose who no longer logs in for your clients. Then you see how many couplings that is about.",
                ),
            ),
            form=form,
            action=url_for("management.check_bulk_end"),
            method="get",
            button=Text("Ga verder", "Continue"),
            back=Way(name=CANCEL, address=url_for(_WITHIN)),
        ),
        status,
    )
