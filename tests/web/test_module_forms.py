"""Forms of the Beheermodule: what is wrong is said on top and at its field, and what was typed stays."""

import pytest
from flask import Flask, render_template_string, request
from lxml import html
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from broker.core.text import Text
from broker.web.management.forms import AtMost, ModuleForm, Required, email_address, kvk_number
from tests.web.samples import broker_application

TEMPLATE = """{% from "management/forms.html" import summary, field, tick, choices, dropdown %}
<main>{{ summary(form) }}<form>{{ field(form.number, {"inputmode": "numeric"}) }}{{ field(form.email) }}
{{ field(form.note) }}{{ dropdown(form.language) }}{{ choices(form.level) }}{{ tick(form.sure) }}</form></main>"""


class SampleForm(ModuleForm):
    number = StringField(Text("KvK-nummer", "KvK number"), [kvk_number], description=Text("8 cijfers", "8 digits"))
    email = StringField(Text("E-mailadres", "E-mail address"), [email_address])
    note = StringField(Text("Opmerking", "Note"), [AtMost(10)])
    level = RadioField(
        Text("Niveau", "Level"),
        [Required(Text("Kies een niveau.", "Choose a level."))],
        choices=[SelectChoice("loa3", Text("EH3", "EH3")), SelectChoice("loa4", Text("EH4", "EH4"))],
        validate_choice=False,
    )
    language = SelectField(
        Text("Taal", "Language"),
        choices=[SelectChoice("nl", Text("Nederlands", "Dutch")), SelectChoice("en", Text("Engels", "English"))],
        validate_choice=False,
    )
    sure = BooleanField(
        Text("Ik weet het zeker", "I am sure"),
        [Required(Text("Weet u het zeker?", "Are you sure?"))],
    )


RIGHT = {"number": " 6875 0110", "email": " a@voorbeeld.nl", "note": "", "level": "loa3", "language": "en", "sure": "y"}


@pytest.fixture(scope="module")
def application() -> Flask:
    app = broker_application({})

    def show() -> str:
        form = SampleForm(MultiDict(request.form))
        form.validate()
        if "refused" in request.args:
            form.refuse("number", Text("KVK kent dit nummer niet.", "KVK does not know this number."))
        return render_template_string(TEMPLATE, form=form)

    app.add_url_rule("/form", "form", show, methods=["POST"])
    return app


def shown(application: Flask, language: str = "nl", query: str = "", **changes: str) -> html.HtmlElement:
    answer = application.test_client().post(f"/form?lang={language}{query}", data={**RIGHT, **changes})
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def errors(page: html.HtmlElement) -> dict[str, str]:
    """The summary: where each line leads, and what it says."""
    return {link.get("href"): link.text_content() for link in page.xpath("//*[@role='alert']//a")}


def test_what_is_right_has_no_errors_and_is_tidied(application: Flask) -> None:
    page = shown(application)
    assert errors(page) == {}
    assert page.xpath("//*[@aria-invalid]") == []
    assert page.xpath("//input[@id='number']/@value") == ["68750110"]
    assert page.xpath("//input[@id='email']/@value") == ["a@voorbeeld.nl"]
    assert page.xpath("//input[@id='number']/@inputmode") == ["numeric"]
    assert page.xpath("//input[@checked]/@value") == ["loa3", "y"]
    assert page.xpath("//select[@id='language']/option/text()") == ["Nederlands", "Engels"]
    assert page.xpath("//option[@selected]/@value") == ["en"]


def test_every_mistake_is_on_top_with_a_link_to_its_field(application: Flask) -> None:
    page = shown(application, number="1234", email="nobody", note="x" * 11, level="", sure="")
    assert page.findtext(".//*[@role='alert']/h2").strip() == "Er zijn 5 fouten"
    assert errors(page) == {
        "#number": "Vul een KvK-nummer in: 8 cijfers.",
        "#email": "Vul een e-mailadres in, zoals naam@voorbeeld.nl.",
        "#note": "Gebruik niet meer dan 10 tekens.",
        "#level": "Kies een niveau.",
        "#sure": "Weet u het zeker?",
    }
    assert all(len(page.xpath(f"//*[@id='{target[1:]}']")) == 1 for target in errors(page))


def test_a_field_says_what_is_expected_and_what_is_wrong_to_who_does_not_see_it(application: Flask) -> None:
    page = shown(application, number="1234")
    (field,) = page.xpath("//input[@id='number']")
    assert (field.get("aria-invalid"), field.get("value")) == ("true", "1234")
    told = [page.get_element_by_id(id_).text_content().split() for id_ in field.get("aria-describedby").split()]
    assert [" ".join(words) for words in told] == ["8 cijfers", "Fout: Vul een KvK-nummer in: 8 cijfers."]
    assert page.xpath("//label[@for='number']/text()") == ["KvK-nummer"]
    (group,) = shown(application, level="").xpath("//fieldset[@id='level']")
    assert group.get("aria-describedby") == "level-error-1"


def test_both_languages(application: Flask) -> None:
    page = shown(application, "en", number="x")
    assert page.findtext(".//*[@role='alert']/h2").strip() == "There is 1 mistake"
    assert errors(page) == {"#number": "Fill in a KvK number: 8 digits."}


def test_what_the_use_case_refuses_stands_at_its_field_too(application: Flask) -> None:
    assert errors(shown(application, query="&refused")) == {"#number": "KVK kent dit nummer niet."}


@pytest.mark.parametrize(
    "typed", ["", "naam", "naam@", "@voorbeeld.nl", "a b@voorbeeld.nl", "a@voorbeeld", "a@b..nl", "x" * 300 + "@b.nl"]
)
def test_what_is_no_email_address(application: Flask, typed: str) -> None:
    assert set(errors(shown(application, email=typed))) == {"#email"}


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "abcdefgh", "１２３４５６７８"])
def test_what_is_no_kvk_number(application: Flask, typed: str) -> None:
    assert set(errors(shown(application, number=typed))) == {"#number"}


def test_what_was_typed_is_escaped(application: Flask) -> None:
    hostile = '"><script>alert(1)</script>'
    page = shown(application, number=hostile, email=hostile)
    assert page.xpath("//script") == []
    assert page.xpath("//input[@id='email']/@value") == [hostile]
