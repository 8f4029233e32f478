"""Writing CSV that people open in a spreadsheet."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), full width forms included."""

BYTE_ORDER_MARK: Final = "\ufeff"
"""At the start of a file it tells spreadsheets that what follows is UTF-8."""


def write_line(cells: Iterable[str]) -> str:
    """A line of CSV with `;`, every cell in quotes. What would be a formula gets an apostrophe in front (WEB-15)."""
    written = StringIO()
    csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(map(harmless, cells))
    return written.getvalue()


def harmless(cell: str) -> str:
    """The cell as text, whatever a spreadsheet would make of it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
