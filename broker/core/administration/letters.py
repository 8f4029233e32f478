"""The words of every mail, in Dutch and in English."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from broker.core.administration.mail import LINK_LINE, Addressee, Facts, LinkTarget, Mail, MailKind
from broker.core.text import Language, Text


def write(  # noqa: PLR0913  a mail has that many parts
    kind: MailKind,
    to: Addressee,
    facts: Facts,
    now: datetime,
    *,
    occasion: str,
    link: LinkTarget | None = None,
    object_id: str = "",
) -> Mail:
    """The mail of this kind to this person. `occasion` names what it is sent for, once to each address."""
    values = _values(facts, to.language)
    subject, paragraphs = _TEXTS[kind]
    parts = [
        _in(_GREETING if to.name else _GREETING_WITHOUT_NAME, to.language).format(name=to.name),
        _in(paragraphs, to.language).format_map(values),
        *([f"{_in(_LEADS_TO[link], to.language)}\n{LINK_LINE}"] if link else []),
        _in(_SIMULATED, to.language),
    ]
    identity = sha256("\n".join((kind.value, occasion, to.address)).encode()).hexdigest()[:32]
    subject_line = _in(subject, to.language).format_map(values)
    return Mail(identity, kind, to, subject_line, "\n\n".join(parts), now, link, object_id)


def _values(facts: Facts, language: Language) -> Mapping[str, str]:
    return {
        "client": facts.client,
        "intermediary": facts.intermediary,
        "person": facts.person,
        "services": facts.services.in_language(language),
        "level": facts.level,
        "until": _day(facts.until, language),
        "answer_by": _day(facts.answer_by, language),
        "reason": facts.reason,
        "file": facts.file,
        "created": str(facts.created),
        "skipped": str(facts.skipped),
        "refused": str(facts.refused),
    }


def _day(day: date | None, language: Language) -> str:
    if day is None:
        return ""
    return f"{day:%d-%m-%Y}" if language == "nl" else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _in(text: Text, language: Language) -> str:
    return text.in_language(language)


_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

_GREETING: Final = Text("Beste {name},", "Dear {name},")
_GREETING_WITHOUT_NAME: Final = Text("Goedendag,", "Hello,")
_SIMULATED: Final = Text(
    "Dit bericht komt van een simulator. Alle organisaties en personen zijn verzonnen.",
    "This message is from a simulator. All organisations and people are made up.",
)

_LEADS_TO: Final = {
    LinkTarget.MODULE: Text("Log in bij de Beheermodule:", "Log in to the Beheermodule:"),
    LinkTarget.INVITATION: Text("Bekijk het verzoek en geef antwoord:", "Look at the request and answer it:"),
    LinkTarget.SIGNATURE: Text("Bekijk de ketenmachtiging en onderteken:", "Look at the chain mandate and sign it:"),
    LinkTarget.REVOCATION_FORM: Text(
        "Wilt u de ketenmachtiging intrekken? Dat kan met dit formulier:",
        "Do you want to revoke the chain mandate? You can with this form:",
    ),
    LinkTarget.BATCH: Text("Bekijk wat er met elke regel is gebeurd:", "See what became of each row:"),
}
"""What stands above the link."""

_WHAT_IT_IS: Final = Text(
    "Met een ketenmachtiging kan {intermediary} met eHerkenning inloggen namens {client}.\n"
    "Diensten: {services}\nNiveau: {level}\nGeldig tot en met: {until}",
    "With a chain mandate {intermediary} can log in with eHerkenning on behalf of {client}.\n"
    "Services: {services}\nLevel: {level}\nValid up to and including: {until}",
)


def _text(*parts: Text) -> Text:
    return Text("\n\n".join(part.nl for part in parts), "\n\n".join(part.en for part in parts))


_TEXTS: Final[Mapping[MailKind, tuple[Text, Text]]] = {
    MailKind.INTRODUCTION: (
        Text("Uw Beheermodule voor ketenmachtigingen staat klaar", "Your Beheermodule for chain mandates is ready"),
        Text(
            "{intermediary} kan nu klanten vragen om een ketenmachtiging. U vraagt er een per klant, of uploadt een "
            "bestand met alle klanten.\n\n"
            "U logt in met een inlogmiddel van niveau EH3 of hoger. Ook collega's die met ketenmachtigingen werken, "
            "hebben een inlogmiddel van niveau EH3 nodig.",
            "{intermediary} can now ask clients for a chain mandate. You ask one client at a time, or upload a file "
            "with all clients.\n\n"
            "You log in with means of level EH3 or higher. Colleagues who work with chain mandates need means of level "
            "EH3 too.",
        ),
    ),
    MailKind.INVITATION: (
        Text("{intermediary} vraagt u om een ketenmachtiging", "{intermediary} asks you for a chain mandate"),
        _text(
            Text(
                "{intermediary} vraagt {client} om een ketenmachtiging.",
                "{intermediary} asks {client} for a chain mandate.",
            ),
            _WHAT_IT_IS,
            Text(
                "U heeft zelf geen eHerkenning nodig. U kunt antwoorden tot en met {answer_by}. Kent u "
                "{intermediary} niet, of wilt u dit niet? Wijs het verzoek dan af.",
                "You need no eHerkenning yourself. You can answer up to and including {answer_by}. Do you not know "
                "{intermediary}, or do you not want this? Then decline the request.",
            ),
        ),
    ),
    MailKind.RENEWAL: (
        Text("{intermediary} vraagt u om een verlenging", "{intermediary} asks you for a renewal"),
        _text(
            Text(
                "{intermediary} vraagt {client} om een ketenmachtiging te verlengen.",
                "{intermediary} asks {client} to renew a chain mandate.",
            ),
            _WHAT_IT_IS,
            Text(
                "U kunt antwoorden tot en met {answer_by}. Doet u niets, dan eindigt de machtiging op haar einddatum.",
                "You can answer up to and including {answer_by}. If you do nothing, the mandate ends on its last day.",
            ),
        ),
    ),
    MailKind.REMINDER: (
        Text(
            "Herinnering: {intermediary} vraagt u om een ketenmachtiging",
            "Reminder: {intermediary} asks you for a chain mandate",
        ),
        _text(
            Text(
                "{intermediary} wacht nog op het antwoord van {client}.",
                "{intermediary} is still waiting for the answer of {client}.",
            ),
            _WHAT_IT_IS,
            Text(
                "U kunt antwoorden tot en met {answer_by}. Daarna vervalt het verzoek.",
                "You can answer up to and including {answer_by}. After that the request lapses.",
            ),
        ),
    ),
    MailKind.SECOND_SIGNATURE: (
        Text("Uw handtekening is nodig voor {client}", "Your signature is needed for {client}"),
        _text(
            Text(
                "{person} tekende namens {client} voor een ketenmachtiging. Bij KVK staat dat u samen tekent, dus ook "
                "uw handtekening is nodig.",
                "{person} signed for a chain mandate on behalf of {client}. According to KVK you sign together, so "
                "your signature is needed too.",
            ),
            _WHAT_IT_IS,
        ),
    ),
    MailKind.ACCEPTED: (
        Text("{client} ging akkoord", "{client} agreed"),
        Text(
            "{client} ging akkoord met de ketenmachtiging voor {intermediary}. De gegevens worden nu gecontroleerd. U "
            "krijgt bericht als de machtiging actief is.",
            "{client} agreed to the chain mandate for {intermediary}. The data are being checked now. You will hear "
            "when the mandate is active.",
        ),
    ),
    MailKind.DECLINED: (
        Text("{client} wees uw verzoek af", "{client} declined your request"),
        Text(
            "{client} geeft {intermediary} geen ketenmachtiging.\nReden: {reason}\n\n"
            "Neem contact op met uw klant als u dit niet verwachtte.",
            "{client} does not give {intermediary} a chain mandate.\nReason: {reason}\n\n"
            "Contact your client if you did not expect this.",
        ),
    ),
    MailKind.ACTIVE: (
        Text("De ketenmachtiging van {client} is actief", "The chain mandate of {client} is active"),
        _WHAT_IT_IS,
    ),
    MailKind.REJECTED: (
        Text("De ketenmachtiging van {client} is afgewezen", "The chain mandate of {client} was rejected"),
        Text(
            "Het machtigingenregister keurde de ketenmachtiging van {client} aan {intermediary} af.\nReden: {reason}"
            "\n\nU kunt een nieuwe machtiging aanvragen.",
            "The mandate register rejected the chain mandate of {client} to {intermediary}.\nReason: {reason}\n\n"
            "You can ask for a new mandate.",
        ),
    ),
    MailKind.EXPIRES_SOON: (
        Text("De ketenmachtiging van {client} eindigt op {until}", "The chain mandate of {client} ends on {until}"),
        Text(
            "De ketenmachtiging van {client} aan {intermediary} is geldig tot en met {until}. Verleng haar op tijd. Na "
            "die dag kan {intermediary} niet meer inloggen namens {client}.",
            "The chain mandate of {client} to {intermediary} is valid up to and including {until}. Renew it in time. "
            "After that day {intermediary} can no longer log in on behalf of {client}.",
        ),
    ),
    MailKind.EXPIRED: (
        Text("De ketenmachtiging van {client} is verlopen", "The chain mandate of {client} has expired"),
        Text(
            "De ketenmachtiging van {client} aan {intermediary} was geldig tot en met {until}. {intermediary} kan niet "
            "meer inloggen namens {client}.",
            "The chain mandate of {client} to {intermediary} was valid up to and including {until}. {intermediary} can "
            "no longer log in on behalf of {client}.",
        ),
    ),
    MailKind.REQUEST_EXECUTED: (
        Text("Uw verzoek om in te trekken is uitgevoerd", "Your request to revoke was carried out"),
        Text(
            "U vroeg ons om de ketenmachtiging van {client} aan {intermediary} in te trekken. Dat is gebeurd: "
            "{intermediary} kan niet meer inloggen namens {client}.",
            "You asked us to revoke the chain mandate of {client} to {intermediary}. That was done: {intermediary} can "
            "no longer log in on behalf of {client}.",
        ),
    ),
    MailKind.REQUEST_REFUSED: (
        Text("Uw verzoek om in te trekken is niet uitgevoerd", "Your request to revoke was not carried out"),
        Text(
            "U vroeg ons om de ketenmachtiging van {client} aan {intermediary} in te trekken. Dat hebben wij niet "
            "gedaan.\nReden: {reason}",
            "You asked us to revoke the chain mandate of {client} to {intermediary}. We have not done so.\n"
            "Reason: {reason}",
        ),
    ),
    MailKind.REVOKED: (
        Text("De ketenmachtiging van {client} is ingetrokken", "The chain mandate of {client} was revoked"),
        Text(
            "De ketenmachtiging van {client} aan {intermediary} is ingetrokken. {intermediary} kan niet meer inloggen "
            "namens {client}.\nReden: {reason}",
            "The chain mandate of {client} to {intermediary} was revoked. {intermediary} can no longer log in on "
            "behalf of {client}.\nReason: {reason}",
        ),
    ),
    MailKind.ROLE_EXPIRED: (
        Text("Uw rol als beheerder is verlopen", "Your role as manager has expired"),
        Text(
            "U was beheerder van {client} tot en met {until}. U kunt nu niets meer wijzigen. Uw machtigingen en die "
            "van collega's werken gewoon door.\n\n"
            "Laat een wettelijk vertegenwoordiger van uw organisatie u opnieuw beheerder maken.",
            "You were manager of {client} up to and including {until}. You cannot change anything now. Your mandates "
            "and those of colleagues simply go on working.\n\n"
            "Have a legal representative of your organisation make you a manager again.",
        ),
    ),
    MailKind.UNUSED: (
        Text("U gebruikte uw machtigingen lang niet", "You have not used your mandates for long"),
        Text(
            "U gebruikte al bijna twee jaar geen machtiging van {client}. Log in vóór {until}; anders vervalt uw "
            "toegang. Een keer inloggen is genoeg.",
            "You have not used a mandate of {client} for almost two years. Log in before {until}; otherwise your "
            "access lapses. Logging in once is enough.",
        ),
    ),
    MailKind.UNUSED_COLLEAGUE: (
        Text("{person} gebruikte lang geen machtiging", "{person} has not used a mandate for long"),
        Text(
            "{person} gebruikte al bijna twee jaar geen machtiging van {client}. Logt {person} niet in vóór {until}, "
            "dan vervalt de toegang.",
            "{person} has not used a mandate of {client} for almost two years. Unless {person} logs in before {until}, "
            "the access lapses.",
        ),
    ),
    MailKind.BATCH_DONE: (
        Text("Uw uitnodigingen uit {file} zijn klaar", "Your invitations of {file} are ready"),
        Text(
            "Uitgenodigd: {created}\nOvergeslagen: {skipped}\nFout: {refused}",
            "Invited: {created}\nSkipped: {skipped}\nWrong: {refused}",
        ),
    ),
}
"""Subject and text of every kind."""
