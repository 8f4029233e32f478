"""The report of logins as a page that prints. No style of others, no script, nothing to fetch."""

from collections.abc import Iterable, Sequence
from typing import Final

from lxml import etree

from broker.simulator.audit.report import Report, Section

_STYLE: Final = (
    "body { font: 10pt sans-serif; margin: 2cm; } table { border-collapse: collapse; width: 100%; } "
    "th, td { border: 1px solid #888; padding: 2px 4px; text-align: left; vertical-align: top; "
    "overflow-wrap: anywhere; } section { break-after: page; }"
)


def written(report: Report) -> bytes:
    """The page (HTML, UTF-8)."""
    root = etree.Element("html", lang=report.language)
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "meta", charset="utf-8")
    _text(head, "title", report.title)
    _text(head, "style", _STYLE)
    body = etree.SubElement(root, "body")
    _text(body, "h1", report.title)
    for remark in report.remarks:
        _text(body, "p", remark)
    for section in report.sections:
        _section(etree.SubElement(body, "section"), section)
    return etree.tostring(root, method="html", encoding="utf-8", doctype="<!doctype html>")


def _section(parent: etree._Element, section: Section) -> None:
    _text(parent, "h2", section.title)
    for remark in section.remarks:
        _text(parent, "p", remark)
    facts = etree.SubElement(parent, "table")
    for name, value in section.facts:
        row = etree.SubElement(facts, "tr")
        _text(row, "th", name).set("scope", "row")
        _text(row, "td", value)
    for table in section.tables:
        _text(parent, "h3", table.title)
        _table(etree.SubElement(parent, "table"), table.names, table.rows)


def _table(table: etree._Element, names: Iterable[str], rows: Sequence[Sequence[str]]) -> None:
    line = etree.SubElement(table, "tr")
    for name in names:
        _text(line, "th", name).set("scope", "col")
    for row in rows:
        line = etree.SubElement(table, "tr")
        for cell in row:
            _text(line, "td", cell)


def _text(parent: etree._Element, tag: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, tag)
    element.text = text
    return element
