"""The report of logins: one content, as a page and as a PDF that another program reads."""

import hashlib
import io
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import lxml.html
import pytest
from pypdf import PdfReader

from broker.core.findings import Finding, Severity
from broker.simulator.audit import report, report_page, report_pdf
from broker.simulator.audit.logins import opened
from broker.store.administration import events
from tests.flow.steps import past_login

MADE = datetime(2026, 11, 28, 12, 30, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def login(network):
    return opened(network.simulator, past_login(network, "Glasblazerij Zeepbel"))


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def words(text):
    """Without what lines and columns break."""
    return "".join(text.split())


def text_of(pdf):
    return words("".join(page.extract_text() for page in read(pdf).pages))


def everything(told):
    """All texts of a report."""
    yield from (told.title, *told.remarks)
    for section in told.sections:
        yield from (section.title, *section.remarks)
        yield from (text for fact in section.facts for text in fact)
        for table in section.tables:
            yield from (table.title, *table.names)
            yield from (cell for row in table.rows for cell in row)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_page_and_pdf_say_the_same_and_all_of_it(login, language):
    told = report.of_logins([login], language, MADE)
    page = words(lxml.html.fromstring(report_page.written(told)).text_content())
    pdf = text_of(report_pdf.written(told))
    found = [text for text in everything(told) if text]
    assert len(found) > 80
    for text in found:
        assert words(text) in page
        assert words(text) in pdf


def test_it_says_who_did_what_over_which_mandate(login):
    (section,) = report.of_logins([login], "nl", MADE).sections
    facts = dict(section.facts)
    assert (facts["Uitkomst"], facts["Persoon"]) == ("Ingelogd", "Fleur Voorbeeld")
    assert facts["Namens"].startswith("Glasblazerij Zeepbel")
    assert facts["Machtiging"].endswith(", v1, active")
    assert (facts["Niveau dat nodig was"], facts["Niveau van de keten"]) == ("EH3", "EH3")
    assert [len(table.rows) for table in section.tables] == [8, 4]
    assert section.remarks == ()
    of_before = [replace(one, content={**one.content, "after": {}}) for one in login.events]
    (older,) = report.of_logins([replace(login, events=tuple(of_before))], "en", MADE).sections
    assert "the bundle has those of now" in older.remarks[0]


def test_the_pdf_is_dated_by_the_clock_that_it_was_given_and_says_its_language(login):
    found = read(report_pdf.written(report.of_logins([login], "en", MADE)))
    assert found.metadata.creation_date == MADE
    assert found.metadata.title == "Report of logins (simulator)"
    assert found.root_object["/Lang"] == "en"
    later = read(report_pdf.written(report.of_logins([login], "nl", MADE + timedelta(hours=1))))
    assert later.metadata.creation_date == MADE + timedelta(hours=1)


def test_names_may_hold_any_character_and_no_markup(login):
    name = "Żółć Παπαδόπουλος Иванов <b>&amp; 漢 😀"
    parties = replace(login.parties, people={login.record.person_id: name})
    told = report.of_logins([replace(login, parties=parties)], "nl", MADE)
    assert words("Żółć Παπαδόπουλος Иванов <b>&amp; ‹U+6F22› ‹U+1F600›") in text_of(report_pdf.written(told))
    assert words(name) in words(lxml.html.fromstring(report_page.written(told)).text_content())


def test_what_does_not_fit_on_a_page_goes_on_and_each_login_begins_on_one(login):
    long = Finding("EH-REQ-01", Severity.WARNING, "/samlp:AuthnRequest", "lang " * 4000 + "x" * 2000 + "einde")
    first, *others = login.messages
    seen = replace(first, stored=replace(first.stored, findings=(long,)))
    told = report.of_logins([replace(login, messages=(seen, *others)), login], "nl", MADE)
    pages = [words(page.extract_text()) for page in read(report_pdf.written(told)).pages]
    assert len(pages) > 3
    assert any("einde" in page for page in pages)
    assert words(f"2. {login.record.id}") in pages[-1]


def test_the_same_report_is_the_same_bytes_in_another_process(tmp_path):
    """An id or a date of its own would make each file another one."""
    program = (
        "import hashlib; from datetime import UTC, datetime; from broker.simulator.audit import report, report_pdf; "
        "told = report.of_logins([], 'nl', datetime(2026, 11, 28, tzinfo=UTC)); "
        "print(hashlib.sha256(report_pdf.written(told)).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    told = report.of_logins([], "nl", datetime(2026, 11, 28, tzinfo=UTC))
    assert done.stdout.strip() == hashlib.sha256(report_pdf.written(told)).hexdigest()


def test_a_button_below_a_login_gives_it_and_that_is_an_event(network, browser, login):
    page = browser.open(f"{network.broker}/operator/logins/{login.record.id}?lang=en")
    got = browser.submit(page.form("Report (PDF)")).response
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Content-Disposition"] == f'attachment; filename="report-{login.record.id}.pdf"'
    assert words("Fleur Voorbeeld") in text_of(got.content)
    (noted, *_) = network.simulator.store.read(lambda tx: events.history_of(tx, "logins"))
    assert noted.content["action"] == "audit.report_shown"
    assert noted.content["after"] == {"logins": [login.record.id]}
    address = f"{network.broker}/operator/logins/unknown/report"
    fields = {field.get("name"): field.get("value") for field in page.document.xpath("//form//input[@type='hidden']")}
    assert browser._send("POST", address, fields, None).status_code == 404
