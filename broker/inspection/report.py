"""An inspection as JSON for programs, and as text for a terminal."""

import textwrap
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from broker.core.text import Language, Text
from broker.inspection.inspected import Inspection, Node, SignatureFacts

_WIDTH: Final = 100
_FINDINGS: Final = Text("Bevindingen", "Findings")
_NO_FINDINGS: Final = Text("geen", "none")
_UNCHECKED: Final = Text("Niet gecontroleerd", "Not checked")
_SIGNATURES: Final = Text("Handtekeningen", "Signatures")
_NO_SIGNATURES: Final = Text("het bericht heeft er geen", "the message has none")
_UNCOVERED: Final = Text("Door geen geldige handtekening gedekt", "Covered by no signature that holds")
_OPENED: Final = Text("Versleuteld", "Encrypted")
_TREE: Final = Text("Inhoud", "Content")
_NOTES: Final = Text("Over de metadata", "About the metadata")
_COVERS: Final = Text("gaat over", "covers")
_BYTES: Final = Text("bytes", "bytes")
_KEY: Final = Text("sleutel", "key")
_CERTIFICATE: Final = Text("certificaat", "certificate")
_READ_AS: Final = Text("gelezen als", "read as")
_JUDGED_AT: Final = Text("beoordeeld op", "judged at")
_OWN_MOMENT: Final = Text("het moment van uitgifte", "its own moment of issue")


def as_json(inspection: Inspection) -> dict[str, Any]:
    """The inspection as values that JSON knows: fields by their names, texts in both languages, moments in ISO 8601."""
    told: dict[str, Any] = _plain(inspection)
    del told["found"]["octets"], told["found"]["query"]
    return {"verdict": inspection.verdict.name.lower(), **told}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value


def as_text(inspection: Inspection, language: Language) -> Iterator[str]:
    """The inspection in lines for a terminal. What the message says is made harmless: no control characters."""
    for line in _lines(inspection, language):
        yield "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)


def _lines(inspection: Inspection, language: Language) -> Iterator[str]:
    def said(text: Text) -> str:
        return text.in_language(language)

    yield f"{inspection.kind or '?'}: {said(inspection.what)}"
    yield f"  {said(_READ_AS)}: {', '.join(said(item) for item in inspection.found.read_as)}"
    moment = inspection.moment.isoformat()
    yield f"  {said(_JUDGED_AT)}: {moment}{'' if inspection.given else f' ({said(_OWN_MOMENT)})'}"
    yield ""
    yield said(inspection.outcome)
    yield from _section(said(_FINDINGS))
    for remark in inspection.remarks:
        yield f"  {remark.severity.value:<8}{remark.rule}  {said(remark.meaning)}"
        yield from _wrapped(f"{remark.where}: {remark.detail} ({remark.clause})", " " * 10)
    if not inspection.remarks:
        yield f"  {said(_NO_FINDINGS)}"
    if inspection.kind:
        yield from _section(said(_SIGNATURES))
        for item in inspection.signatures:
            yield from _signature(item, language)
        if not inspection.signatures:
            yield f"  {said(_NO_SIGNATURES)}"
        yield from _listed(said(_UNCOVERED), inspection.uncovered)
    yield from _listed(
        said(_OPENED),
        tuple(f"{item.path}: {item.content or said(item.why_not or _NO_FINDINGS)}" for item in inspection.opened),
    )
    if inspection.tree is not None:
        yield from _section(said(_TREE))
        yield from _tree(inspection.tree, 1, language)
    yield from _unchecked(inspection, language)
    yield from _listed(said(_NOTES), inspection.notes)


def _unchecked(inspection: Inspection, language: Language) -> Iterator[str]:
    for why, rules in inspection.unchecked_by_reason.items():
        name = f"{_UNCHECKED.in_language(language)} ({len(rules)}): {why.in_language(language)}"
        yield from _listed(name, tuple(f"{item.rule}  {item.meaning.in_language(language)}" for item in rules))


def _section(name: str) -> Iterator[str]:
    yield ""
    yield name


def _listed(name: str, items: tuple[str, ...]) -> Iterator[str]:
    if items:
        yield from _section(name)
        for item in items:
            yield from _wrapped(item, "  ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ")


def _signature(item: SignatureFacts, language: Language) -> Iterator[str]:
    spans = ", ".join(f"{span.start}-{span.end - 1}" for span in item.spans if span.start < span.end)
    yield f"  {item.number}. {item.said.in_language(language)}: {item.why.in_language(language)}"
    said = [
        f"{_COVERS.in_language(language)} {item.covers}",
        f"{_BYTES.in_language(language)} {spans}" if spans else "",
        " ".join(filter(None, (item.algorithm, item.digest))),
        item.detail,
    ]
    if item.key_name:
        said.append(f"{_KEY.in_language(language)} {item.key_name}")
    if item.certificate:
        certificate = item.certificate
        period = f"{certificate.not_before:%Y-%m-%d} – {certificate.not_after:%Y-%m-%d}"
        said.append(f"{_CERTIFICATE.in_language(language)} {certificate.subject}, OIN {certificate.oin}, {period}")
        said.append(f"SHA-256 {certificate.fingerprint}")
    for one in item.opinions:
        said.append(f"{one.program}: {one.word.in_language(language)} ({one.said})")
    for line in filter(None, said):
        yield from _wrapped(line, " " * 5)


def _tree(node: Node, depth: int, language: Language) -> Iterator[str]:
    meaning = f"  – {node.meaning.in_language(language)} [{node.clause}]" if node.meaning else ""
    opened = "  *" if node.opened else ""
    value = f": {node.value}" if node.value else ""
    yield f"{'  ' * depth}{node.name}{value}{meaning}{opened}"
    for child in node.children:
        yield from _tree(child, depth + 1, language)
