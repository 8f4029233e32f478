"""What the forms of the Beheermodule share. Labels, hints and errors are `Text`, so a form speaks both languages.

    class RelationForm(ModuleForm):
        number = StringField(Text("KvK-nummer", "KvK number"), [kvk_number], description=Text("8 cijfers", "8 digits"))

A view makes the form with `RelationForm()`, asks `form.validate_on_submit()`, and on no renders the page with the form
in it and status 422: what was typed is still there. The template shows it with the macros of `management/forms.html`:
`summary(form)` on top, then for each field `field`, `dropdown` (SelectField), `choices` (RadioField) or `tick`. Choices
are `wtforms.fields.choices.SelectChoice`, with a `Text` as label.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import DateField, Field
from wtforms.validators import StopValidation

from broker.core.bsn import holds_bsn
from broker.core.identifiers import EmailAddress, InvalidIdentifier, KvkNumber
from broker.core.text import Text

UNPROCESSABLE: Final = 422
"""The status of a page that shows a form again because of what was typed."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a field, for the summary: `target` is the id of the input that the summary leads to."""

    target: str
    error: Text | str


class ModuleForm(FlaskForm):  # type: ignore[misc]  # it has no types
    """A form of the Beheermodule. The application checks every POST for the token against cross-site requests."""

    class Meta:
        """No second token: every form carries the hidden fields of its page."""

        csrf = False

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Everything that is wrong, in the order of the fields."""
        return tuple(Mistake(item.id, error) for item in self for error in item.errors)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields, in order."""
        return tuple(item.name for item in self)

    def refuse(self, name: str, error: Text) -> None:
        """Something is wrong with the field `name` that only the use case could see."""
        item: Field = self[name]
        item.errors = [*item.errors, error]


class Required:
    """Something must be filled in or chosen; `error` says what."""

    def __init__(self, error: Text) -> None:
        """`error` says what to fill in."""
        self.error = error

    def __call__(self, _form: ModuleForm, field: Any) -> None:
        """Raises `StopValidation` when the field is empty."""
        if not (field.data.strip() if isinstance(field.data, str) else field.data):
            field.errors = []
            raise StopValidation(self.error)


class AtMost:
    """No more characters than so many."""

    def __init__(self, length: int) -> None:
        """`length` in characters."""
        self.length = length

    def __call__(self, _form: ModuleForm, field: Any) -> None:
        """Raises `StopValidation` when the field holds more."""
        if field.data and len(field.data) > self.length:
            told = f"{self.length}"
            raise StopValidation(Text(f"Gebruik niet meer dan {told} tekens.", f"Use at most {told} characters."))


class EightDigits:
    """A KvK number: eight digits; white space around them and between them is forgiven."""

    def __init__(self, error: Text) -> None:
        """`error` says whose number, where a form asks for more than one."""
        self.error = error

    def __call__(self, _form: ModuleForm, field: Any) -> None:
        """Raises `StopValidation` for anything else."""
        field.data = re.sub(r"\s", "", field.data or "")
        try:
            KvkNumber(field.data)
        except InvalidIdentifier as error:
            raise StopValidation(self.error) from error


kvk_number: Final = EightDigits(Text("Vul een KvK-nummer in: 8 cijfers.", "Fill in a KvK number: 8 digits."))


def email_address(_form: ModuleForm, field: Any) -> None:
    """Something that may be an e-mail address. Raises `StopValidation`."""
    field.data = (field.data or "").strip()
    try:
        EmailAddress(field.data)
    except InvalidIdentifier as error:
        told = Text(
            "Vul een e-mailadres in, zoals naam@voorbeeld.nl.",
            "Fill in an e-mail address, such as name@example.nl.",
        )
        raise StopValidation(told) from error


def no_bsn(_form: ModuleForm, field: Any) -> None:
    """Nothing that may be a BSN: nobody keeps one here (I11). Raises `StopValidation`."""
    if holds_bsn(field.data or ""):
        told = Text("Laat burgerservicenummers weg.", "Leave out citizen service numbers (BSN).")
        raise StopValidation(told)


class DayField(DateField):  # type: ignore[misc]  # it has no types
    """A date, as browsers send one; what a browser without a calendar lets people type is read too: 31-12-2027."""

    def __init__(self, label: Text, **more: Any) -> None:
        """There must be a date; what was typed instead stays in the field."""
        missing = Text("Vul een datum in, zoals 31-12-2027.", "Fill in a date, such as 31-12-2027.")
        super().__init__(
            label, [Required(missing)], format=["%Y-%m-%d", "%d-%m-%Y"], invalid_value_message=missing, **more
        )
