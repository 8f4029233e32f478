"""The application of an intermediary, and a request for a quote."""

from typing import Final

from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import Optional

from broker.core.text import Text
from broker.web.management.forms import AtMost, ModuleForm, Required, email_address, kvk_number

_NAME: Final = Text("Vul uw naam in.", "Fill in your name.")
_HOW_MANY: Final = Text("Vul een getal in van 1 tot en met 100000.", "Fill in a number from 1 up to 100000.")
MOST_CLIENTS: Final = 100_000


class ApplicationForm(ModuleForm):
    """Who wants to begin."""

    number = StringField(
        Text("KvK-nummer van uw organisatie", "KvK number of your organisation"),
        [kvk_number],
        description=Text("8 cijfers, bijvoorbeeld 68750110", "8 digits, 68750110 for example"),
    )
    name = StringField(Text("Uw naam", "Your name"), [Required(_NAME), AtMost(200)])
    email = StringField(
        Text("Uw e-mailadres", "Your e-mail address"),
        [email_address],
        description=Text("Hier gaat de introductiemail naartoe.", "This is where the introduction goes."),
    )


class QuoteForm(ModuleForm):
    """Who wants a quote."""

    name = StringField(Text("Uw naam", "Your name"), [Required(_NAME), AtMost(200)])
    email = StringField(Text("Uw e-mailadres", "Your e-mail address"), [email_address])
    clients = IntegerField(
        Text("Aantal klanten", "Number of clients"), description=Text("Een schatting is goed.", "An estimate will do.")
    )
    remark = TextAreaField(Text("Opmerking (niet verplicht)", "Remark (optional)"), [Optional(), AtMost(2000)])

    def is_right(self) -> bool:
        """Whether everything can be taken; what cannot stands at its field."""
        self.validate()
        if not self.clients.data or not 1 <= self.clients.data <= MOST_CLIENTS:
            self.clients.errors = []
            self.refuse("clients", _HOW_MANY)
        return not self.mistakes
