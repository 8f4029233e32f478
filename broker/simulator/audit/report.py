"""The report of a bundle: what it says, as a page that prints. No style of others, no script, nothing to fetch."""

from collections.abc import Iterable, Sequence
from typing import Final

from lxml import etree

from broker.core.text import Language, Text
from broker.simulator.audit.logins import Opened

_TITLE: Final = Text("Verslag van logins (simulator)", "Report of logins (simulator)")
_HOW: Final = Text(
    "Controleer dit bestand met het programma verify.py dat erbij zit.",
    "Verify this file with the program verify.py that comes with it.",
)
_OUTCOME, _REASON = Text("Uitkomst", "Outcome"), Text("Reden", "Reason")
_BEGAN, _ENDED = Text("Begonnen", "Began"), Text("Geëindigd", "Ended")
_PROVIDER, _SERVICE = Text("Dienstverlener", "Service provider"), Text("Dienst", "Service")
_PERSON, _CLIENT = Text("Persoon", "Person"), Text("Namens", "On behalf of")
_INTERMEDIARY: Final = Text("Via", "Through")
_MESSAGES: Final = (
    Text("Tijd", "Time"),
    Text("Richting", "Direction"),
    Text("Bericht", "Message"),
    Text("Binding", "Binding"),
    Text("Andere partij", "Other party"),
    Text("Bytes", "Bytes"),
    Text("SHA-256", "SHA-256"),
)
_EVENTS: Final = (Text("Nummer", "Number"), Text("Tijd", "Time"), Text("Wat", "What"), Text("Digest", "Digest"))
_FINDINGS: Final = (Text("Regel", "Rule"), Text("Plaats", "Place"), Text("Wat", "What"))
_STYLE: Final = (
    "body { font: 10pt sans-serif; margin: 2cm; } table { border-collapse: collapse; width: 100%; } "
    "th, td { border: 1px solid #888; padding: 2px 4px; text-align: left; vertical-align: top; "
    "overflow-wrap: anywhere; } section { break-after: page; }"
)


def written(logins: Sequence[Opened], language: Language) -> bytes:
    """The page, in this language."""
    root = etree.Element("html", lang=language)
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "meta", charset="utf-8")
    _text(head, "title", _TITLE.in_language(language))
    _text(head, "style", _STYLE)
    body = etree.SubElement(root, "body")
    _text(body, "h1", _TITLE.in_language(language))
    _text(body, "p", _HOW.in_language(language))
    for number, one in enumerate(logins, start=1):
        _section(etree.SubElement(body, "section"), number, one, language)
    return etree.tostring(root, method="html", encoding="utf-8", doctype="<!doctype html>")


def _section(section: etree._Element, number: int, one: Opened, language: Language) -> None:
    record, parties = one.record, one.parties
    _text(section, "h2", f"{number}. {record.id}")
    organisations = {
        name: f"{known.statutory_name} ({known.kvk_number})" for name, known in parties.organisations.items()
    }
    facts = (
        (_OUTCOME, record.outcome.value),
        (_REASON, record.reason),
        (_BEGAN, record.started_at.isoformat()),
        (_ENDED, record.ended_at.isoformat() if record.ended_at else ""),
        (_PROVIDER, record.service_provider),
        (_SERVICE, record.service_id),
        (_PERSON, parties.people.get(record.person_id, record.person_id)),
        (_CLIENT, organisations.get(record.client_id, record.client_id)),
        (_INTERMEDIARY, organisations.get(record.intermediary_id, record.intermediary_id)),
    )
    table = etree.SubElement(section, "table")
    for name, value in facts:
        if value:
            row = etree.SubElement(table, "tr")
            _text(row, "th", name.in_language(language))
            _text(row, "td", value)
    kept = [item.stored for item in one.messages]
    _table(
        section,
        [name.in_language(language) for name in _MESSAGES],
        [
            (str(item.at), item.direction.value, item.kind, item.carrier.value, item.peer, str(item.size), item.sha256)
            for item in kept
        ],
    )
    seen = [(found.rule, found.where, found.detail) for item in kept for found in item.findings]
    _table(section, [name.in_language(language) for name in _FINDINGS], seen)
    told = [
        (str(event.number), event.content["at"], event.content["action"], event.digest.hex()) for event in one.events
    ]
    _table(section, [name.in_language(language) for name in _EVENTS], told)


def _table(parent: etree._Element, names: Iterable[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    _text(parent, "p", "")
    table = etree.SubElement(parent, "table")
    for tag, cells in (("th", names), *(("td", row) for row in rows)):
        line = etree.SubElement(table, "tr")
        for cell in cells:
            _text(line, tag, cell)


def _text(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text
