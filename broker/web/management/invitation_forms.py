"""The forms of inviting a client: whom, at which level and until when, and what may be changed afterwards."""

from typing import Any, Final

from wtforms import BooleanField, FileField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from broker.core.assurance import AssuranceLevel
from broker.core.mandates import MAX_YEARS
from broker.core.text import Text
from broker.core.validity import years_later
from broker.web.current import simulator
from broker.web.management import visit
from broker.web.management.forms import AtMost, DayField, ModuleForm, Required, email_address, kvk_number

_MOST: Final = 200
_LEVEL: Final = Text("Kies een niveau.", "Choose a level.")


class ClientForm(ModuleForm):
    """Step 1: whom."""

    number = StringField(
        Text("KvK-nummer van uw klant", "KvK number of your client"),
        [kvk_number],
        description=Text("8 cijfers, bijvoorbeeld 69599068", "8 digits, 69599068 for example"),
    )


class RequestForm(ModuleForm):
    """Step 3: whom to write to, and what is asked."""

    email = StringField(
        Text("E-mailadres van uw klant", "E-mail address of your client"),
        [email_address],
        description=Text("Hier gaat de uitnodiging naartoe.", "This is where the invitation goes."),
    )
    contact = StringField(Text("Contactpersoon (niet verplicht)", "Contact (optional)"), [Optional(), AtMost(_MOST)])
    language = RadioField(
        Text("Taal van de mails", "Language of the mails"),
        [Required(Text("Kies een taal.", "Choose a language."))],
        choices=[
            SelectChoice("nl", Text("Nederlands", "Dutch")),
            SelectChoice("en", Text("Engels", "English")),
        ],
        validate_choice=False,
    )
    level = RadioField(
        Text("Betrouwbaarheidsniveau", "Level of assurance"),
        [Required(_LEVEL)],
        description=Text(
            "De machtiging werkt bij diensten die dit niveau of een lager niveau vragen.",
            "The mandate works at services that ask for this level or a lower one.",
        ),
        validate_choice=False,
    )
    valid_until = DayField(
        Text("Laatste dag", "Last day"),
        description=Text(
            "De machtiging gaat in als uw klant tekent, en duurt ten hoogste vijf jaar.",
            "The mandate begins when your client signs, and lasts five years at most.",
        ),
    )
    reference = StringField(
        Text("Uw referentie (niet verplicht)", "Your reference (optional)"),
        [Optional(), AtMost(_MOST)],
        description=Text(
            "Alleen voor uzelf, bijvoorbeeld een dossiernummer.", "For yourself alone, a file number say."
        ),
    )
    urgent = BooleanField(
        Text(
            "Spoed: een beoordeling is binnen één werkdag klaar",
            "Urgent: a review is done within one working day",
        )
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        """Offer the levels that the visitor may register (I4), the lowest first."""
        super().__init__(*given, **more)
        own, least = visit.actor().own_level, simulator().register_policy.chain_level
        offered = [level for level in AssuranceLevel if own is None or level <= own]
        self.level.choices = [
            SelectChoice(level.value, level.label) for level in offered if not least or level >= least
        ]

    def suggest(self, *, urgent: bool) -> None:
        """Dutch, the lowest level, for as long as can be."""
        self.language.data = "nl"
        self.level.data = next((choice.value for choice in self.level.iter_choices()), None)
        self.valid_until.data = years_later(visit.visitor().day, MAX_YEARS)
        self.urgent.data = urgent

    def is_right(self) -> bool:
        """Whether everything fits together; what does not stands at its field."""
        if not self.validate():
            return False
        for name, error in (
            ("level", Text("Kies een niveau uit de lijst.", "Choose a level from the list.")),
            ("language", Text("Kies een taal uit de lijst.", "Choose a language from the list.")),
        ):
            if self[name].data not in {choice.value for choice in self[name].iter_choices()}:
                self.refuse(name, error)
        today, last = visit.visitor().day, self.valid_until.data
        if last < today:
            self.refuse("valid_until", Text("Kies vandaag of een latere dag.", "Choose today or a later day."))
        elif last > years_later(today, MAX_YEARS):
            told = Text("Kies een dag binnen vijf jaar vanaf nu.", "Choose a day within five years from now.")
            self.refuse("valid_until", told)
        return not self.mistakes


class AddressForm(ModuleForm):
    """Where to send an invitation (again)."""

    email = StringField(Text("E-mailadres", "E-mail address"), [email_address])


class ReasonForm(ModuleForm):
    """Why something does not go on."""

    reason = StringField(
        Text("Reden (niet verplicht)", "Reason (optional)"),
        [AtMost(_MOST)],
        description=Text("De andere partij leest deze reden.", "The other party reads this reason."),
    )


class UploadForm(ModuleForm):
    """A file of clients."""

    file = FileField(
        Text("Bestand met klanten", "File with clients"),
        description=Text(
            "CSV in UTF-8, ten hoogste 50.000 regels.",
            "CSV in UTF-8, at most 50,000 rows.",
        ),
    )
