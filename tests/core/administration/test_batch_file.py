"""The file of a bulk invitation: what is read, and what is told about what is not."""

from datetime import date

import pytest

from broker.core.administration.batch_file import (
    COLUMNS,
    MOST_ROWS,
    FileFault,
    FileRefused,
    Names,
    Row,
    RowFault,
    read_row,
    read_rows,
)
from broker.core.administration.batch_words import explain_file, explain_row
from broker.core.administration.csv_cells import harmless, write_line
from broker.core.catalogue import Catalogue
from broker.core.scope import EVERYTHING, Scope
from tests.core.register_values import EH3, EH4, KVK, TAX, a_service

ONE, OTHER = a_service(TAX), a_service(KVK)
NAMES = Names.of(Catalogue({service.service_id: service for service in (ONE, OTHER)}))
HEADER = ";".join(COLUMNS)
GOOD = ("69599084", "klant@mail.example", "K. Klant", "alle", "EH3", "31-12-2027", "nl", "dossier 7")


def rows(*lines):
    return list(read_rows(f"{line}\r\n" for line in lines))


def changed(**cells):
    return Row(2, tuple(cells.get(name, value) for name, value in zip(COLUMNS, GOOD, strict=True)))


def test_M23_a_file_is_read_with_semicolons_or_commas_with_a_mark_or_without_in_any_order():
    wanted = [Row(2, GOOD)]
    assert rows(HEADER, ";".join(GOOD)) == wanted
    assert rows("\ufeff" + HEADER.upper().replace(";", ","), ",".join(GOOD)) == wanted
    backwards = ";".join(reversed(COLUMNS)), ";".join(reversed(GOOD))
    assert rows(*backwards) == wanted


def test_columns_that_may_be_left_out_are_empty_and_empty_lines_count_for_nothing():
    short = rows("kvk;email;diensten;niveau;einddatum", "", "69599084;a@b.example;alle;EH3;2027-12-31", ";;;;", "")
    assert short == [Row(3, ("69599084", "a@b.example", "", "alle", "EH3", "2027-12-31", "", ""))]
    assert read_row(short[0], NAMES).language == "nl"


def test_quoted_cells_may_hold_what_separates():
    (row,) = rows(HEADER, '69599084;a@b.example;"Klant; Zoon ""de jonge""";alle;EH3;2027-12-31;en;')
    assert read_row(row, NAMES).contact == 'Klant; Zoon "de jonge"'


@pytest.mark.parametrize(
    ("lines", "fault", "line", "what"),
    [
        ([], FileFault.EMPTY, 1, ""),
        ([""], FileFault.EMPTY, 1, ""),
        (["naam;" + HEADER], FileFault.COLUMN_UNKNOWN, 1, "naam"),
        (["kvk;" + HEADER], FileFault.COLUMN_TWICE, 1, "kvk"),
        ([HEADER.replace("einddatum;", "")], FileFault.COLUMN_MISSING, 1, "einddatum"),
        ([HEADER, ";".join(GOOD), '1;"unfinished'], FileFault.NOT_CSV, 3, "unexpected end of data"),
        ([HEADER, *["1"] * (MOST_ROWS + 1)], FileFault.TOO_MANY_ROWS, MOST_ROWS + 2, "50000"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_such_file_is_refused_with_line_and_reason(lines, fault, line, what):
    with pytest.raises(FileRefused) as caught:
        rows(*lines)
    error = caught.value
    assert (error.fault, error.line, error.what) == (fault, line, what)
    for told in (explain_file(error).nl, explain_file(error).en):
        assert told.endswith(".") or told.endswith("?")
        assert "{" not in told


def test_what_is_not_utf_8_is_refused_with_its_line(tmp_path):
    file = tmp_path / "latin.csv"
    file.write_bytes(f"{HEADER}\n{';'.join(GOOD)}\n".encode() + b"x;caf\xe9\n" * 2000)
    with file.open(encoding="utf-8", newline="") as opened, pytest.raises(FileRefused) as caught:
        list(read_rows(opened))
    assert caught.value.fault is FileFault.NOT_UTF8


def test_a_row_says_what_is_asked_of_whom():
    asked = read_row(changed(), NAMES)
    assert (asked.number, asked.email, asked.level, asked.valid_until) == (
        "69599084",
        "klant@mail.example",
        EH3,
        date(2027, 12, 31),
    )
    assert (asked.scope, asked.contact, asked.language, asked.reference) == (EVERYTHING, "K. Klant", "nl", "dossier 7")
    assert read_row(changed(niveau="eh4", taal="EN", einddatum="2027-12-31"), NAMES).level is EH4


@pytest.mark.parametrize(
    ("written", "scope"),
    [
        ("alle", EVERYTHING),
        ("ALLE", EVERYTHING),
        (TAX, Scope(providers=frozenset({TAX}))),
        (f"{TAX}|{KVK}", Scope(providers=frozenset({TAX, KVK}))),
        (ONE.service_id.upper(), Scope(services=frozenset({ONE.definition_uuid}))),
        (f"{ONE.definition_uuid} {KVK}", Scope(providers=frozenset({KVK}), services=frozenset({ONE.definition_uuid}))),
        ("", None),
        ("alle alles", None),
        (f"{TAX} 00000099000000999999", None),
    ],
)
def test_services_are_named_by_what_the_catalogue_calls_them(written, scope):
    assert NAMES.scope(written) == scope


@pytest.mark.parametrize(
    ("fault", "cells"),
    [
        (RowFault.KVK_FORMAT, {"kvk": "6959908"}),
        (RowFault.KVK_FORMAT, {"kvk": "6959908四"}),
        (RowFault.EMAIL_FORMAT, {"email": "klant"}),
        (RowFault.EMAIL_FORMAT, {"email": "klant@mail"}),
        (RowFault.EMAIL_FORMAT, {"email": "a@b.example\nBcc: c@d.example"}),
        (RowFault.CONTACT_FORMAT, {"naam_contact": "x" * 201}),
        (RowFault.CONTACT_FORMAT, {"naam_contact": "twee\nregels"}),
        (RowFault.SERVICES_UNKNOWN, {"diensten": "iets"}),
        (RowFault.LEVEL_UNKNOWN, {"niveau": "3"}),
        (RowFault.DATE_FORMAT, {"einddatum": "31-02-2027"}),
        (RowFault.DATE_FORMAT, {"einddatum": "12/31/2027"}),
        (RowFault.LANGUAGE_UNKNOWN, {"taal": "fr"}),
        (RowFault.REFERENCE_FORMAT, {"referentie": "\x1b[31m"}),
    ],
)
def test_M23_each_mistake_in_a_row_is_told_with_what_was_expected(fault, cells):
    assert read_row(changed(**cells), NAMES) == (fault,)
    for told in (explain_row(fault.value).nl, explain_row(fault.value).en):
        assert told.partition(":")[0] == next(iter(cells))


def test_all_mistakes_of_a_row_are_told_at_once():
    assert read_row(changed(kvk="", email="", niveau="EH1"), NAMES) == (
        RowFault.KVK_FORMAT,
        RowFault.EMAIL_FORMAT,
        RowFault.LEVEL_UNKNOWN,
    )


def test_a_row_of_another_length_is_one_mistake():
    (row,) = rows(HEADER, ";".join(GOOD[:7]))
    assert read_row(row, NAMES) == (RowFault.CELLS,)
    (row,) = rows(HEADER, ";".join((*GOOD, "extra")))
    assert read_row(row, NAMES) == (RowFault.CELLS,)
    assert "kolommen" in explain_row("CELLS").nl


@pytest.mark.parametrize("cell", ["=1+1", "+31", "-1", "@SUM(A1)", "\tx", "\r=1", "\n=1", "＝1"])
def test_WEB_15_what_a_spreadsheet_would_calculate_is_text(cell):
    assert harmless(cell) == f"'{cell}"
    assert write_line([cell]).startswith("\"'")


def test_WEB_15_other_cells_stay_as_they_are():
    assert write_line(["a=b", "00012345", 'zeg "ja"; of']) == '"a=b";"00012345";"zeg ""ja""; of"\r\n'
