"""The report of logins: what it says. `report_page` makes a page of it, `report_pdf` a PDF."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from broker.core.assurance import AssuranceLevel
from broker.core.clock import AMSTERDAM
from broker.core.recorded_words import DIRECTIONS, OUTCOMES
from broker.core.text import Language, Text
from broker.simulator.audit import in_force
from broker.simulator.audit.logins import Opened, OpenedMessage

_TITLE: Final = Text("Verslag van logins (simulator)", "Report of logins (simulator)")
_HOW: Final = Text(
    "Controleer het bewijsbestand waar dit verslag bij hoort met het programma verify.py dat erin zit.",
    "Verify the bundle of evidence that this report belongs to with the program verify.py that is in it.",
)
_TIMES: Final = Text(
    "Tijden zijn die van Nederland, volgens de klok van de makelaar.",
    "Times are those of the Netherlands, by the broker's clock.",
)
_NOT_AS_IT_WAS: Final = Text(
    "Van deze login is niet bewaard welke metadata en dienstencatalogus golden: in het bewijsbestand staan die van nu.",
    "Of this login the metadata and service catalogue in force were not kept: the bundle has those of now.",
)
_OUTCOME, _REASON = Text("Uitkomst", "Outcome"), Text("Reden", "Reason")
_BEGAN, _ENDED = Text("Begonnen", "Began"), Text("Geëindigd", "Ended")
_PROVIDER, _SERVICE = Text("Dienstverlener", "Service provider"), Text("Dienst", "Service")
_PERSON, _CLIENT = Text("Persoon", "Person"), Text("Namens", "On behalf of")
_INTERMEDIARY: Final = Text("Via", "Through")
_MANDATE, _COUPLING = Text("Machtiging", "Mandate"), Text("Koppeling", "Coupling")
_NEEDED, _REACHED = Text("Niveau dat nodig was", "Level that was needed"), Text("Niveau van de keten", "Level of chain")
_MESSAGES: Final = (
    (Text("Tijd", "Time"), 17),
    (Text("Richting", "Direction"), 15),
    (Text("Bericht", "Message"), 23),
    (Text("Binding", "Binding"), 20),
    (Text("Andere partij", "Other party"), 45),
    (Text("Bytes", "Bytes"), 10),
    (Text("SHA-256", "SHA-256"), 50),
)
_EVENTS: Final = (
    (Text("Nummer", "Number"), 14),
    (Text("Tijd", "Time"), 41),
    (Text("Wat", "What"), 31),
    (Text("SHA-256", "SHA-256"), 94),
)
_FINDINGS: Final = ((Text("Regel", "Rule"), 22), (Text("Plaats", "Place"), 63), (Text("Wat", "What"), 95))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a title. `widths` are millimetres, 180 together, for what has no widths of its own."""

    title: str
    names: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One login: facts by name, what there is to say besides, and tables that have rows."""

    title: str
    facts: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All of it in one language, made at a moment."""

    language: Language
    made_at: datetime
    title: str
    remarks: tuple[str, ...]
    sections: tuple[Section, ...]


def of_logins(logins: Sequence[Opened], language: Language, made_at: datetime) -> Report:
    """The report of these logins, in this language."""
    return Report(
        language=language,
        made_at=made_at,
        title=_TITLE.in_language(language),
        remarks=tuple(text.in_language(language) for text in (_HOW, _TIMES)),
        sections=tuple(_section(number, one, language) for number, one in enumerate(logins, start=1)),
    )


def _section(number: int, one: Opened, language: Language) -> Section:
    kept = [item.stored for item in one.messages]
    seen = [(found.rule, found.where, found.detail) for item in kept for found in item.findings]
    told = [
        (str(event.number), _moment(datetime.fromisoformat(event.content["at"])), event.content["action"], event.digest)
        for event in one.events
    ]
    tables = (
        _table(Text("Berichten", "Messages"), _MESSAGES, [_row(item, language) for item in one.messages], language),
        _table(Text("Wat de regels zagen", "What the rules saw"), _FINDINGS, seen, language),
        _table(
            Text("In het auditlog", "In the audit log"),
            _EVENTS,
            [(*row, digest.hex()) for *row, digest in told],
            language,
        ),
    )
    is_as_it_was = all(in_force.named_by(event) for event in one.events)
    return Section(
        title=f"{number}. {one.record.id}",
        facts=tuple((name.in_language(language), value) for name, value in _facts(one, language) if value),
        remarks=() if is_as_it_was else (_NOT_AS_IT_WAS.in_language(language),),
        tables=tuple(table for table in tables if table.rows),
    )


def _facts(one: Opened, language: Language) -> Iterator[tuple[Text, str]]:
    record, parties = one.record, one.parties
    organisations = {
        name: f"{known.statutory_name} ({known.kvk_number})" for name, known in parties.organisations.items()
    }
    yield _OUTCOME, OUTCOMES[record.outcome].in_language(language)
    yield _REASON, record.reason
    yield _BEGAN, _moment(record.started_at)
    yield _ENDED, _moment(record.ended_at) if record.ended_at else ""
    yield _PROVIDER, record.service_provider
    yield _SERVICE, record.service_id
    yield _PERSON, parties.people.get(record.person_id, record.person_id)
    yield _INTERMEDIARY, organisations.get(record.intermediary_id, record.intermediary_id)
    yield _CLIENT, organisations.get(record.client_id, record.client_id)
    decided = _decided(one)
    yield _MANDATE, _link(decided.get("mandate"))
    yield _COUPLING, _link(decided.get("coupling"))
    yield _NEEDED, _level(decided.get("needed_level"))
    yield _REACHED, _level(decided.get("effective_level"))


def _decided(one: Opened) -> Mapping[str, Any]:
    """What the last decision rested on; nothing when none was taken."""
    facts = [(event.content["after"] or {}).get("facts") or {} for event in one.events]
    return next((found for found in reversed(facts) if "mandate" in found), {})


def _link(state: Mapping[str, Any] | None) -> str:
    return f"{state['id']}, v{state['version']}, {state['status']}" if state else ""


def _level(value: str | None) -> str:
    return AssuranceLevel(value).label if value else ""


def _row(message: OpenedMessage, language: Language) -> tuple[str, ...]:
    one = message.stored
    return (
        one.at.astimezone(AMSTERDAM).time().isoformat("milliseconds"),
        DIRECTIONS[one.direction].in_language(language),
        one.kind,
        one.carrier.value,
        one.peer,
        str(one.size),
        one.sha256,
    )


def _table(
    title: Text, columns: Sequence[tuple[Text, int]], rows: Iterable[tuple[str, ...]], language: Language
) -> Table:
    return Table(
        title=title.in_language(language),
        names=tuple(name.in_language(language) for name, _ in columns),
        widths=tuple(width for _, width in columns),
        rows=tuple(rows),
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(AMSTERDAM).isoformat(sep=" ", timespec="milliseconds")
