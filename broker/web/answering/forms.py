"""What a client fills in to agree, to sign or to decline."""

from collections.abc import Iterable
from typing import Final

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from broker.core.administration.representatives import Authority, Representative
from broker.core.text import Text
from broker.simulator.administration.signing import Cosigner
from broker.web.management.forms import AtMost, ModuleForm, Required, email_address

ALONE: Final = frozenset({Authority.SOLE, Authority.FULL_PROXY, Authority.OWNER})
AUTHORITIES: Final = {
    Authority.SOLE: Text("zelfstandig bevoegd", "solely authorised"),
    Authority.JOINT: Text("gezamenlijk bevoegd", "jointly authorised"),
    Authority.LIMITED: Text("beperkt bevoegd", "authorised with limits"),
    Authority.FULL_PROXY: Text("volledige volmacht", "full proxy"),
    Authority.OWNER: Text("eigenaar", "owner"),
}
"""What KVK calls how far somebody may bind the organisation."""
_AGREE: Final = Text("Zet een vinkje als u akkoord gaat.", "Tick the box if you agree.")
_WHO_NEXT: Final = Text("Kies wie er na u tekent.", "Choose who signs after you.")
_NOBODY: Final = Text("Niemand anders", "Nobody else")


class NextSigner(ModuleForm):
    """Who signs next, for those who may not sign alone."""

    cosigner = SelectField(
        Text("Wie tekent na u?", "Who signs after you?"),
        description=Text(
            "Alleen nodig als u gezamenlijk of beperkt bevoegd bent.",
            "Needed only if you are authorised jointly or with limits.",
        ),
        validate_choice=False,
    )
    cosigner_email = StringField(
        Text("E-mailadres van die persoon", "E-mail address of that person"), [Optional(), email_address]
    )
    agree = BooleanField(Text("Ik ga akkoord en onderteken dit.", "I agree, and I sign this."), [Required(_AGREE)])

    def offer(self, representatives: Iterable[Representative]) -> None:
        """Whom KVK has, besides who signs now."""
        self.cosigner.choices = [("", _NOBODY), *((one.name, _named(one)) for one in representatives)]

    def next_one(self) -> Cosigner | None:
        """Who was chosen; None, perhaps with what is wrong at its field, for nobody."""
        if not self.cosigner.data:
            return None
        if not self.cosigner_email.data:
            self.refuse(
                "cosigner_email",
                Text("Vul het e-mailadres in van wie na u tekent.", "Fill in the address of who signs after you."),
            )
            return None
        return Cosigner(self.cosigner.data, self.cosigner_email.data)


class ConsentForm(NextSigner):
    """What the client gives, and who signs."""

    item = SelectMultipleField(Text("Waarvoor geeft u de machtiging?", "What do you give the mandate for?"))
    representative = RadioField(
        Text("Wie bent u?", "Who are you?"),
        [Required(Text("Kies uw naam.", "Choose your name."))],
        description=Text("Dit zijn de vertegenwoordigers volgens KVK.", "These are the representatives KVK has."),
        validate_choice=False,
    )

    def offer(self, representatives: Iterable[Representative]) -> None:
        """Whom KVK has, as who signs and as who signs next."""
        people = list(representatives)
        super().offer(people)
        self.representative.choices = [SelectChoice(one.name, _named(one)) for one in people]


class DeclineForm(ModuleForm):
    """Why not."""

    reason = StringField(
        Text("Reden (niet verplicht)", "Reason (optional)"),
        [AtMost(200)],
        description=Text("De intermediair leest deze reden.", "The intermediary reads this reason."),
    )


def who_next() -> Text:
    """What to say when somebody signs who may not sign alone, and names nobody."""
    return _WHO_NEXT


def _named(one: Representative) -> Text:
    authority = AUTHORITIES[one.authority]
    return Text(f"{one.name}, {authority.nl}", f"{one.name}, {authority.en}")
