"""What chain mandates are and cost, and how to begin."""

from typing import Final

from flask import Blueprint, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from broker.core.administration.obstacles import ChangeRefused
from broker.core.administration.policy import PriceReading
from broker.core.administration.prices import price_of
from broker.core.identifiers import KvkNumber
from broker.core.text import Text
from broker.simulator.administration import onboarding
from broker.simulator.administration.onboarding import Application
from broker.web import pages
from broker.web.current import simulator
from broker.web.language import current_language, in_euros
from broker.web.management.forms import UNPROCESSABLE
from broker.web.management.showing import told
from broker.web.onboarding.forms import ApplicationForm, QuoteForm
from broker.web.onboarding.pages import Apply, Example, Explained, Prices, Taken

blueprint = Blueprint("onboarding", __name__, url_prefix="/ketenmachtigingen")

_EXAMPLES: Final = (1, 10, 100)


@blueprint.get("")
def explained() -> Response:
    """What chain mandates are (M-46)."""
    return pages.render(
        Explained(
            begin_url=url_for("onboarding.application"),
            prices_url=url_for("onboarding.prices"),
            urgent_url=url_for("management.invite", spoed="ja"),
            module_url=url_for("management.front"),
            codes_url=url_for("help.codes"),
            hidden=_hidden(),
        )
    )


@blueprint.get("/aanmelden")
def application() -> Response:
    """The application of an intermediary (M-32)."""
    return _ask(ApplicationForm())


@blueprint.post("/aanmelden")
def apply() -> Response:
    """Take the application; the introduction goes by mail (M-33)."""
    form = ApplicationForm(request.form)
    if not form.validate():
        return _ask(form, UNPROCESSABLE)
    asked = Application(KvkNumber(form.number.data), form.name.data, form.email.data, current_language())
    try:
        onboarding.apply(simulator(), asked)
    except ChangeRefused as error:
        form.refuse("number", told(error))
        return _ask(form, UNPROCESSABLE)
    return _taken(
        Text("Uw aanmelding is ontvangen", "Your application was received"),
        Text(
            "U krijgt een mail met een link naar de Beheermodule. Daar logt u in met niveau EH3 of hoger.",
            "You get a mail with a link to the Beheermodule. There you log in at level EH3 or higher.",
        ),
    )


@blueprint.get("/tarieven")
def prices() -> Response:
    """What chain mandates cost (M-40 to M-42)."""
    return _show_prices(QuoteForm())


@blueprint.post("/tarieven")
def ask_quote() -> Response:
    """Take a request for a quote."""
    form = QuoteForm(request.form)
    if not form.is_right():
        return _show_prices(form, UNPROCESSABLE)
    onboarding.ask_quote(simulator(), form.name.data, form.email.data, form.clients.data, form.remark.data or "")
    return _taken(
        Text("Uw aanvraag is ontvangen", "Your request was received"),
        Text(
            "Dit is een simulator: de aanvraag is bewaard, er komt geen offerte.",
            "This is a simulator: the request was kept, no quote will come.",
        ),
    )


def _ask(form: ApplicationForm, status: int = 200) -> Response:
    return pages.render(Apply(form=form, action=url_for("onboarding.apply"), hidden=_hidden()), status)


def _show_prices(form: QuoteForm, status: int = 200) -> Response:
    policy = simulator().register_policy
    return pages.render(
        Prices(
            price=in_euros(price_of(1, policy).total_cents),
            flat=policy.price_reading is PriceReading.FLAT,
            examples=tuple(map(_example, _EXAMPLES)),
            form=form,
            action=url_for("onboarding.ask_quote"),
            hidden=_hidden(),
        ),
        status,
    )


def _taken(heading: Text, lead: Text) -> Response:
    page = Taken(heading=heading, lead=(lead,), back_url=url_for("onboarding.explained"), hidden=_hidden())
    return pages.render(page)


def _example(clients: int) -> Example:
    return Example(clients=clients, price=in_euros(price_of(clients, simulator().register_policy).total_cents))


def _hidden() -> dict[str, str]:
    return {"csrf_token": generate_csrf()}
