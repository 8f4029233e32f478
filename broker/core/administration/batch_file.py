"""The file of a bulk invitation (M-23): one client a line, in CSV.

    kvk;email;naam_contact;diensten;niveau;einddatum;taal;referentie

UTF-8, with or without a byte order mark; separated by `;` or `,`, as the first line is; columns in any order; empty
lines count for nothing. `naam_contact`, `taal` and `referentie` may be left out. `diensten` is `alle`, or OINs of
providers and ServiceIDs or ServiceUUIDs of services with spaces or `|` between them. Nothing here knows the register.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final, TypeVar

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Catalogue
from broker.core.identifiers import EmailAddress, Identifier, InvalidIdentifier, KvkNumber, Oin, ServiceUuid
from broker.core.scope import EVERYTHING, Scope
from broker.core.text import LANGUAGES, Language

COLUMNS: Final = ("kvk", "email", "naam_contact", "diensten", "niveau", "einddatum", "taal", "referentie")
REQUIRED: Final = ("kvk", "email", "diensten", "niveau", "einddatum")
MOST_ROWS: Final = 50_000
LONGEST_TEXT: Final = 200
ALL_SERVICES: Final = "alle"
_DUTCH_DAY: Final = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})")
_LEVELS: Final = {level.label: level for level in AssuranceLevel}
_LANGUAGES: Final[Mapping[str, Language]] = {"": "nl", **{language: language for language in LANGUAGES}}


class FileFault(Enum):
    """Why a file as a whole is not read."""

    EMPTY = "EMPTY"
    NOT_UTF8 = "NOT_UTF8"
    NOT_CSV = "NOT_CSV"
    COLUMN_MISSING = "COLUMN_MISSING"
    COLUMN_UNKNOWN = "COLUMN_UNKNOWN"
    COLUMN_TWICE = "COLUMN_TWICE"
    TOO_MANY_ROWS = "TOO_MANY_ROWS"


class FileRefused(Exception):
    """The file is no list of clients; nothing was stored. `what` names the column, `line` counts from 1."""

    def __init__(self, fault: FileFault, line: int, what: str = "") -> None:
        """The message is for the log; pages say it in their own words."""
        super().__init__(f"{fault.value} in line {line}: {what}")
        self.fault = fault
        self.line = line
        self.what = what


class RowFault(Enum):
    """What is wrong with a row by itself. The value is the code that results and downloads show."""

    CELLS = "CELLS"
    KVK_FORMAT = "KVK_FORMAT"
    EMAIL_FORMAT = "EMAIL_FORMAT"
    CONTACT_FORMAT = "CONTACT_FORMAT"
    SERVICES_UNKNOWN = "SERVICES_UNKNOWN"
    LEVEL_UNKNOWN = "LEVEL_UNKNOWN"
    DATE_FORMAT = "DATE_FORMAT"
    LANGUAGE_UNKNOWN = "LANGUAGE_UNKNOWN"
    REFERENCE_FORMAT = "REFERENCE_FORMAT"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file, its cells in the order of `COLUMNS`."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A row that says what is asked of whom."""

    number: KvkNumber
    email: str
    contact: str
    scope: Scope
    level: AssuranceLevel
    valid_until: date
    language: Language
    reference: str


@dataclass(frozen=True, slots=True)
class Names:
    """What `diensten` can name: providers by OIN, services by ServiceID and by the ServiceUUID of their definition."""

    providers: frozenset[Oin]
    services: Mapping[str, ServiceUuid]

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Names":
        """Everything in the catalogue."""
        services = catalogue.services.values()
        by_id = {str(service.service_id).lower(): service.definition_uuid for service in services}
        by_uuid = {str(service.definition_uuid): service.definition_uuid for service in services}
        return cls(frozenset(service.provider_oin for service in services), by_id | by_uuid)

    def scope(self, written: str) -> Scope | None:
        """The scope that `diensten` asks for; None when a part of it does not exist."""
        parts = set(written.lower().replace("|", " ").split())
        if parts == {ALL_SERVICES}:
            return EVERYTHING
        providers = frozenset(oin for oin in self.providers if oin in parts)
        services = {part: self.services[part] for part in parts if part in self.services}
        if not parts or parts - providers - services.keys():
            return None
        return Scope(providers=providers, services=frozenset(services.values()))


def read_rows(lines: Iterable[str]) -> Iterator[Row]:
    """The rows of a file, one by one. Raises `FileRefused` where it goes wrong.

    `lines` may raise UnicodeDecodeError, as reading a file does.
    """
    source = iter(lines)
    line = 1
    try:
        first = next(source, "")
        order = _order(first)
        reader = csv.reader(source, delimiter=_delimiter(first), strict=True)
        for count, cells in enumerate((cells for cells in reader if any(map(str.strip, cells))), start=1):
            line = reader.line_num + 1
            if count > MOST_ROWS:
                raise FileRefused(FileFault.TOO_MANY_ROWS, line, str(MOST_ROWS))
            yield Row(line, _ordered(cells, order))
    except UnicodeDecodeError as error:
        raise FileRefused(FileFault.NOT_UTF8, line + 1, str(error.reason)) from error
    except csv.Error as error:
        raise FileRefused(FileFault.NOT_CSV, line + 1, str(error)) from error


def read_row(row: Row, names: Names) -> AskedRow | tuple[RowFault, ...]:
    """What the row asks, or everything that is wrong with it."""
    if len(row.cells) != len(COLUMNS):
        return (RowFault.CELLS,)
    kvk, email, contact, services, level, until, language, reference = (cell.strip() for cell in row.cells)
    found = {
        RowFault.KVK_FORMAT: _made(KvkNumber, kvk),
        RowFault.EMAIL_FORMAT: _made(EmailAddress, email),
        RowFault.CONTACT_FORMAT: _text(contact),
        RowFault.SERVICES_UNKNOWN: names.scope(services),
        RowFault.LEVEL_UNKNOWN: _LEVELS.get(level.upper()),
        RowFault.DATE_FORMAT: _day(until),
        RowFault.LANGUAGE_UNKNOWN: _LANGUAGES.get(language.lower()),
        RowFault.REFERENCE_FORMAT: _text(reference),
    }
    faults = tuple(fault for fault, value in found.items() if value is None)
    return faults or AskedRow(*found.values())  # type: ignore[arg-type]  # none of them is None


def _order(first: str) -> tuple[int | None, ...]:
    """For each of `COLUMNS` where it stands in the file, from the line that names them."""
    if not first.strip():
        raise FileRefused(FileFault.EMPTY, 1)
    named = [name.strip().strip('"').casefold() for name in first.removeprefix("\ufeff").split(_delimiter(first))]
    for name in named:
        if name not in COLUMNS:
            raise FileRefused(FileFault.COLUMN_UNKNOWN, 1, name[:80])
        if named.count(name) > 1:
            raise FileRefused(FileFault.COLUMN_TWICE, 1, name)
    missing = next((name for name in REQUIRED if name not in named), None)
    if missing:
        raise FileRefused(FileFault.COLUMN_MISSING, 1, missing)
    return tuple(named.index(name) if name in named else None for name in COLUMNS)


def _ordered(cells: Sequence[str], order: Sequence[int | None]) -> tuple[str, ...]:
    """The cells in the order of `COLUMNS`; as they are when there are not as many as columns."""
    if len(cells) != sum(place is not None for place in order):
        return tuple(cells)[: len(COLUMNS) - 1]
    return tuple("" if place is None else cells[place] for place in order)


def _delimiter(first: str) -> str:
    return ";" if ";" in first else ","


Made = TypeVar("Made", bound=Identifier)


def _made(kind: type[Made], written: str) -> Made | None:
    try:
        return kind(written)
    except InvalidIdentifier:
        return None


def _text(written: str) -> str | None:
    """One line of text that a mail or a page can show."""
    return written if len(written) <= LONGEST_TEXT and written.isprintable() else None


def _day(written: str) -> date | None:
    dutch = _DUTCH_DAY.fullmatch(written)
    try:
        return date.fromisoformat("-".join(reversed(dutch.groups())) if dutch else written)
    except ValueError:
        return None
