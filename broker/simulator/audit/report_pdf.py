"""The report of logins as a PDF: the same bytes for the same report, wherever and whenever it is drawn.

Texts are drawn as they are: ReportLab's paragraphs would read markup in names of people.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Final

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, PageBreak, Preformatted, SimpleDocTemplate, Spacer, TableStyle

from broker.simulator.audit.report import Report, Section, Table

_FONT: Final = "DejaVuSansCondensed"
_FILE: Final = Path(__file__).parent / "vendor" / "dejavu-fonts-ttf" / f"{_FONT}.ttf"
_MARGIN: Final = 15 * mm
_FRAME: Final = 6
"""Points that ReportLab keeps free inside the margins."""
_SIZE: Final = 7
_PADDING: Final = 2
_WIDTHS_OF_FACTS: Final = (40, 140)
_LAST: Final = 0xFFFF
"""The last character that ReportLab can draw."""
_SHADE: Final = Color(0.93, 0.93, 0.93)
_RULES: Final = (
    ("FONT", (0, 0), (-1, -1), _FONT, _SIZE, _SIZE * 1.25),
    ("GRID", (0, 0), (-1, -1), 0.3, Color(0.55, 0.55, 0.55)),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), _PADDING),
    ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
)
_FACTS: Final = TableStyle([*_RULES, ("BACKGROUND", (0, 0), (0, -1), _SHADE)])
_ROWS: Final = TableStyle([*_RULES, ("BACKGROUND", (0, 0), (-1, 0), _SHADE)])


def written(report: Report) -> bytes:
    """The document."""
    octets = io.BytesIO()
    template = SimpleDocTemplate(
        octets,
        pagesize=A4,
        leftMargin=_MARGIN - _FRAME,
        rightMargin=_MARGIN - _FRAME,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=report.title,
        author="Ketenbroker",
        lang=report.language,
        invariant=1,
    )

    def page(canvas: Canvas, _template: object) -> None:
        canvas.setDateFormatter(lambda *_: report.made_at.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'"))
        canvas.setFont(_FONT, _SIZE)
        canvas.drawString(_MARGIN, _MARGIN / 2, report.title)
        canvas.drawRightString(A4[0] - _MARGIN, _MARGIN / 2, str(canvas.getPageNumber()))

    template.build(list(_all(report)), onFirstPage=page, onLaterPages=page)
    return octets.getvalue()


@cache
def _font() -> TTFont:
    """Read once in a process; only the characters that are used go into a document."""
    font = TTFont(_FONT, str(_FILE))
    pdfmetrics.registerFont(font)
    return font


@cache
def _advance(character: str) -> float:
    """How wide a character is, in sizes of the font."""
    return pdfmetrics.stringWidth(character, _FONT, 1000) / 1000


def _all(report: Report) -> Iterator[Flowable]:
    yield _text(report.title, 16)
    yield from (_text(remark) for remark in report.remarks)
    for number, section in enumerate(report.sections):
        if number:
            yield PageBreak()
        yield from _section(section)


def _section(section: Section) -> Iterator[Flowable]:
    yield Spacer(0, 4 * mm)
    yield _text(section.title, 12)
    yield from (_text(remark) for remark in section.remarks)
    yield _cells(section.facts, _WIDTHS_OF_FACTS, _FACTS)
    for table in section.tables:
        yield from _table(table)


def _table(table: Table) -> Iterator[Flowable]:
    title = _text(table.title, 9)
    title.keepWithNext = 1
    yield Spacer(0, 3 * mm)
    yield title
    # The names of the columns come again on each page.
    yield _cells((table.names, *table.rows), table.widths, _ROWS, repeated=1)


def _cells(rows: Sequence[Sequence[str]], widths: Sequence[int], style: TableStyle, repeated: int = 0) -> LongTable:
    sizes = [width * mm for width in widths]
    cells = [
        [_wrapped(cell, size - 2 * _PADDING, _SIZE) for cell, size in zip(row, sizes, strict=True)] for row in rows
    ]
    return LongTable(cells, colWidths=sizes, style=style, repeatRows=repeated, splitInRow=1, hAlign="LEFT")


def _text(text: str, size: int = 8) -> Flowable:
    style = ParagraphStyle(_FONT, fontName=_FONT, fontSize=size, leading=size * 1.3, spaceAfter=size / 4)
    return Preformatted(_wrapped(text, A4[0] - 2 * _MARGIN, size), style)


def _drawable(text: str) -> str:
    """The text, with the number of each character that the font does not have: nothing is left out unseen."""
    known = _font().face.charToGlyph
    return "".join(one if ord(one) <= _LAST and ord(one) in known else f"‹U+{ord(one):04X}›" for one in text)


def _wrapped(text: str, width: float, size: int) -> str:
    """The text in lines of at most `width` points: broken at a space if there is one, else anywhere."""
    lines, line, used = [], "", 0.0
    for character in _drawable(" ".join(text.split())):
        room = _advance(character) * size
        if line and used + room > width:
            cut = line.rfind(" ") + 1 or len(line)
            lines.append(line[:cut].rstrip())
            line = line[cut:]
            used = sum(map(_advance, line)) * size
        line, used = line + character, used + room
    return "\n".join([*lines, line])
