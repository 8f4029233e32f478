"""The forms of issuing a chain mandate, step by step."""

from typing import Any, Final

from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from broker.core.administration import scope_parts
from broker.core.assurance import AssuranceLevel
from broker.core.mandates import MAX_YEARS
from broker.core.scope import EVERYTHING, Scope
from broker.core.text import Text
from broker.core.validity import years_later
from broker.web.current import simulator
from broker.web.management import visit
from broker.web.management.forms import DayField, ModuleForm, Required, kvk_number

ALL: Final = "all"
PROVIDERS: Final = "providers"
SERVICES: Final = "services"


class IntermediaryForm(ModuleForm):
    """Step 1: to whom."""

    number = StringField(
        Text("KvK-nummer van de intermediair", "KvK number of the intermediary"),
        [kvk_number],
        description=Text("8 cijfers, bijvoorbeeld 68750110", "8 digits, 68750110 for example"),
    )


class ScopeForm(ModuleForm):
    """Step 2: for what."""

    kind = RadioField(
        Text("Waarvoor geldt de machtiging?", "What does the mandate cover?"),
        [Required(Text("Kies waarvoor de machtiging geldt.", "Choose what the mandate covers."))],
        choices=[
            SelectChoice(
                ALL, Text("Algemene bevoegdheid: alles, nu en later", "General authority: everything, now and later")
            ),
            SelectChoice(
                PROVIDERS,
                Text(
                    "Dienstverlenersmachtiging: alle diensten van een dienstverlener, ook nieuwe",
                    "Provider-wide mandate: all services of a provider, new ones too",
                ),
            ),
            SelectChoice(SERVICES, Text("Per dienst", "Service by service")),
        ],
        validate_choice=False,
    )
    provider = SelectMultipleField(Text("Dienstverleners", "Service providers"), validate_choice=False)
    service = SelectMultipleField(Text("Diensten", "Services"), validate_choice=False)

    def scope(self) -> Scope | None:
        """The scope that was chosen; None, with what is wrong at its field, when there is none."""
        if not self.validate():
            return None
        if self.kind.data == ALL:
            return EVERYTHING
        catalogue = simulator().catalogue
        if self.kind.data == PROVIDERS:
            providers = frozenset(oin for oin in scope_parts.providers(catalogue) if oin in self.provider.data)
            if providers:
                return Scope(providers=providers)
            self.refuse("provider", Text("Kies ten minste één dienstverlener.", "Choose at least one provider."))
            return None
        services = frozenset(uuid for uuid in scope_parts.services(catalogue) if uuid in self.service.data)
        if services:
            return Scope(services=services)
        self.refuse("service", Text("Kies ten minste één dienst.", "Choose at least one service."))
        return None


class TermsForm(ModuleForm):
    """Step 3: at which level, and for how long."""

    level = RadioField(
        Text("Betrouwbaarheidsniveau", "Level of assurance"),
        [Required(Text("Kies een niveau.", "Choose a level."))],
        description=Text(
            "De machtiging werkt bij diensten die dit niveau of een lager niveau vragen.",
            "The mandate works at services that ask for this level or a lower one.",
        ),
        validate_choice=False,
    )
    valid_from = DayField(Text("Eerste dag", "First day"))
    valid_until = DayField(
        Text("Laatste dag", "Last day"),
        description=Text("Ten hoogste vijf jaar na de eerste dag.", "Five years after the first day at most."),
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

    def suggest(self) -> None:
        """The lowest level, from today on, for as long as can be."""
        today = visit.visitor().day
        self.level.data = next((choice.value for choice in self.level.iter_choices()), None)
        self.valid_from.data, self.valid_until.data = today, years_later(today, MAX_YEARS)

    def is_right(self) -> bool:
        """Whether everything fits together; what does not stands at its field."""
        if not self.validate():
            return False
        if self.level.data not in {choice.value for choice in self.level.iter_choices()}:
            self.refuse("level", Text("Kies een niveau uit de lijst.", "Choose a level from the list."))
        today, first, last = visit.visitor().day, self.valid_from.data, self.valid_until.data
        if first < today:
            self.refuse("valid_from", Text("Kies vandaag of een latere dag.", "Choose today or a later day."))
        elif first > years_later(today, MAX_YEARS):
            self.refuse(
                "valid_from",
                Text("Kies een dag binnen vijf jaar vanaf nu.", "Choose a day within five years from now."),
            )
        elif last < first:
            self.refuse(
                "valid_until", Text("Kies een dag op of na de eerste dag.", "Choose a day on or after the first day.")
            )
        elif last > years_later(first, MAX_YEARS):
            told = Text(
                "Kies een dag binnen vijf jaar na de eerste dag.", "Choose a day within five years of the first day."
            )
            self.refuse("valid_until", told)
        return not self.mistakes
