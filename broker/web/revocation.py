"""The revocation form (intrekkingsformulier, M-52), for who cannot revoke in the Beheermodule. Nobody logs in here.

What is told afterwards is the same whatever the numbers are of: nobody learns here who gave whom a mandate.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from flask import Blueprint, redirect, session, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField, TextAreaField

from broker.core.administration.obstacles import ChangeRefused
from broker.core.administration.revocation_requests import Asked
from broker.core.identifiers import KvkNumber
from broker.core.text import Text
from broker.simulator.administration import revocation_requests
from broker.web import pages
from broker.web.current import simulator
from broker.web.language import current_language
from broker.web.management.forms import (
    UNPROCESSABLE,
    AtMost,
    EightDigits,
    ModuleForm,
    Required,
    email_address,
    no_bsn,
)
from broker.web.management.showing import told
from broker.web.pages import Page

blueprint = Blueprint("revocation", __name__, url_prefix="/intrekken")

_SEE_OTHER: Final = 303
_REFERENCE: Final = "revocation_reference"
_EIGHT_DIGITS: Final = Text("8 cijfers", "8 digits")


class RevocationForm(ModuleForm):
    """Whose mandate to whom, and who asks."""

    client = StringField(
        Text("KvK-nummer van uw organisatie", "KvK number of your organisation"),
        [
            EightDigits(
                Text(
                    "Vul het KvK-nummer van uw organisatie in: 8 cijfers.",
                    "Fill in the KvK number of your organisation: 8 digits.",
                )
            )
        ],
        description=_EIGHT_DIGITS,
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    intermediary = StringField(
        Text("KvK-nummer van de intermediair", "KvK number of the intermediary"),
        [
            EightDigits(
                Text(
                    "Vul het KvK-nummer van de intermediair in: 8 cijfers.",
                    "Fill in the KvK number of the intermediary: 8 digits.",
                )
            )
        ],
        description=Text(
            "De organisatie die nu namens u kan inloggen: 8 cijfers",
            "The organisation that can log in on your behalf now: 8 digits",
        ),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    name = StringField(
        Text("Uw naam", "Your name"),
        [Required(Text("Vul uw naam in.", "Fill in your name.")), AtMost(100), no_bsn],
        description=Text("Zoals u bij KVK bent ingeschreven", "As you are registered with KVK"),
        render_kw={"autocomplete": "name"},
    )
    email = StringField(
        Text("Uw e-mailadres", "Your e-mail address"),
        [email_address, AtMost(254), no_bsn],
        description=Text("Hierop hoort u wat wij hebben besloten", "Where you hear what we have decided"),
        render_kw={"type": "email", "autocomplete": "email"},
    )
    reason = TextAreaField(
        Text("Waarom wilt u intrekken?", "Why do you want to revoke?"),
        [Required(Text("Vul in waarom u wilt intrekken.", "Fill in why you want to revoke.")), AtMost(1000), no_bsn],
        description=Text(
            "De intermediair kan dit lezen. Schrijf hier geen persoonlijke gegevens.",
            "The intermediary can read this. Do not write personal data here.",
        ),
        render_kw={"rows": 4},
    )
    representative = BooleanField(
        Text(
            "Ik ben wettelijk vertegenwoordiger van de organisatie",
            "I am a legal representative of the organisation",
        ),
        [
            Required(
                Text(
                    "Alleen een wettelijk vertegenwoordiger kan dit vragen. Bent u dat, vink dit dan aan.",
                    "Only a legal representative can ask this. If you are one, tick this.",
                )
            )
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskToRevoke(Page):
    """The form, empty or as it was filled in."""

    template: ClassVar[str] = "revocation/form.html"
    form: Annotated[RevocationForm, "what is asked"]
    action: Annotated[str, "POST"]
    csrf_token: Annotated[str, "token against cross-site requests"]
    module_url: Annotated[str, "the Beheermodule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationReceived(Page):
    """The request was taken in."""

    template: ClassVar[str] = "revocation/received.html"
    reference: Annotated[str | None, "what the request is called; None when this browser made none"]
    form_url: Annotated[str, "the form"]


@blueprint.get("")
def ask() -> Response:
    """The form."""
    return _form(RevocationForm())


@blueprint.post("")
def submit() -> Response:
    """Take the request in."""
    form = RevocationForm()
    if not form.validate():
        return _form(form, UNPROCESSABLE)
    asked = Asked(
        client=KvkNumber(form.client.data),
        intermediary=KvkNumber(form.intermediary.data),
        name=form.name.data.strip(),
        email=form.email.data,
        reason=form.reason.data.strip(),
        language=current_language(),
    )
    try:
        request = revocation_requests.submit(simulator(), asked)
    except ChangeRefused as refused:
        form.refuse("intermediary", told(refused))
        return _form(form, UNPROCESSABLE)
    session[_REFERENCE] = request.id
    return redirect(url_for("revocation.received"), _SEE_OTHER)


@blueprint.get("/ontvangen")
def received() -> Response:
    """What happens next."""
    return pages.render(RevocationReceived(reference=session.get(_REFERENCE), form_url=url_for("revocation.ask")))


def _form(form: RevocationForm, status: int = 200) -> Response:
    page = AskToRevoke(
        form=form,
        action=url_for("revocation.submit"),
        csrf_token=generate_csrf(),
        module_url=url_for("management.front"),
    )
    return pages.render(page, status)
