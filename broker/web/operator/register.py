"""The register as a whole: in numbers, as a file, back to the sample data; and what the stub of KVK is made to say."""

from collections.abc import Iterable, Mapping
from typing import Final

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from broker.core.administration.obstacles import ChangeRefused
from broker.core.administration.trade_register import KvkResult
from broker.core.errors import ConfigError, NotFound
from broker.core.identifiers import InvalidIdentifier, KvkNumber
from broker.core.text import Text
from broker.simulator.administration import checking, whole_register
from broker.store.scenario import FileFormat
from broker.web import pages as common
from broker.web.current import simulator
from broker.web.language import said
from broker.web.management.forms import UNPROCESSABLE, ModuleForm, Required, kvk_number
from broker.web.management.register_pages import Fact
from broker.web.management.showing import fact, told
from broker.web.operator import desk_pages as pages
from broker.web.operator.desk_words import CHECK_RESULT, COUNTED, OPERATOR
from broker.web.operator.navigation import frame, hidden

blueprint = Blueprint("register", __name__, url_prefix="/register")

_SEE_OTHER: Final = 303
_BROKEN: Final = 500
_TYPES: Final = {FileFormat.YAML: "application/yaml", FileFormat.JSON: "application/json"}


class AnswerForm(ModuleForm):
    """What KVK is to say about which number."""

    number = StringField(
        Text("KvK-nummer", "KvK number"),
        [kvk_number],
        description=Text("8 cijfers", "8 digits"),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    result = RadioField(
        Text("Wat moet KVK zeggen?", "What should KVK say?"),
        [Required(Text("Kies wat KVK moet zeggen.", "Choose what KVK should say."))],
        choices=[SelectChoice(result.value, name) for result, name in CHECK_RESULT.items()],
        validate_choice=False,
    )


@blueprint.get("")
def show() -> Response:
    """How much there is, and what can be done with it."""
    return _page(AnswerForm(formdata=None))


@blueprint.get("/export.<ending>")
def export(ending: str) -> Response:
    """The whole register as a file to keep."""
    wanted = next((one for one in FileFormat if one.value == ending), None)
    if wanted is None:
        raise NotFound
    sim = simulator()
    text: Iterable[str] = whole_register.exported(sim.store, sim.catalogue, wanted)
    disposition = f'attachment; filename="register.{wanted.value}"'
    return Response(text, mimetype=_TYPES[wanted], headers={"Content-Disposition": disposition})


@blueprint.get("/reset")
def confirm_reset() -> Response:
    """Asks whether to go back to the sample data."""
    return _reset_page()


@blueprint.post("/reset")
def reset() -> AnyResponse:
    """Back to the sample data: everything, or nothing when its file cannot be read."""
    try:
        whole_register.reset(simulator(), OPERATOR)
    except ConfigError as error:
        return _reset_page(_BROKEN, str(error))
    flash(said(Text("Het register bevat weer de voorbeeldgegevens.", "The register holds the sample data again.")))
    return redirect(url_for(".show"), _SEE_OTHER)


@blueprint.post("/kvk")
def override() -> AnyResponse:
    """Have KVK say something about a number from now on."""
    form = AnswerForm()
    if not form.validate():
        return _page(form, UNPROCESSABLE)
    result = next((one for one in KvkResult if one.value == form.result.data), None)
    if result is None:
        raise NotFound
    try:
        checking.override(simulator(), OPERATOR, KvkNumber(form.number.data), result)
    except ChangeRefused as refused:
        form.refuse("number", told(refused))
        return _page(form, UNPROCESSABLE)
    flash(said(Text("KVK zegt dit vanaf nu.", "KVK says so from now on.")))
    return redirect(url_for(".show"), _SEE_OTHER)


@blueprint.post("/kvk/take-back")
def take_back() -> AnyResponse:
    """Have KVK say what it knows about a number."""
    try:
        number = KvkNumber(request.form.get("number", ""))
    except InvalidIdentifier as error:
        raise NotFound from error
    checking.take_back(simulator(), OPERATOR, number)
    flash(said(Text("KVK zegt weer wat er bekend is.", "KVK says what is known again.")))
    return redirect(url_for(".show"), _SEE_OTHER)


def _page(form: AnswerForm, status: int = 200) -> Response:
    fixed, sim = hidden(), simulator()
    answers = (
        pages.Answer(
            kvk_number=one.kvk_number,
            result=CHECK_RESULT[one.result],
            take_back=pages.Action(form=None, url=url_for(".take_back"), fixed={**fixed, "number": one.kvk_number}),
        )
        for one in checking.overridden(sim)
    )
    return common.render(
        pages.Register(
            **frame(),
            facts=_facts(whole_register.counted(sim.store)),
            yaml_url=url_for(".export", ending="yaml"),
            json_url=url_for(".export", ending="json"),
            reset_url=url_for(".confirm_reset"),
            answers=tuple(answers),
            answer=pages.Action(form=form, url=url_for(".override"), fixed=dict(fixed)),
        ),
        status,
    )


def _reset_page(status: int = 200, problem: str | None = None) -> Response:
    return common.render(
        pages.ResetRegister(
            **frame(),
            facts=_facts(whole_register.counted(simulator().store)),
            reset=pages.Action(form=None, url=url_for(".reset"), fixed=dict(hidden())),
            back_url=url_for(".show"),
            problem=problem,
        ),
        status,
    )


def _facts(counts: Mapping[str, int]) -> tuple[Fact, ...]:
    return tuple(fact(COUNTED[name], str(number)) for name, number in counts.items())
