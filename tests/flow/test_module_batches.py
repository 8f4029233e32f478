"""Many clients at once, from the upload in a browser to the last invitation, with an end of the work in the middle."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from broker.core.administration.batch_file import COLUMNS
from broker.simulator.administration import batch_work
from broker.web.bodies import MOST_OF_A_FILE
from tests.flow.steps import details, enter_module
from tests.flow.test_module_invitations import at, mistakes, words
from tests.interop.driver import Browser
from tests.interop.page import Page
from tests.network import Network, running_network

UPLOAD, SEND = "Upload en controleer", "Verstuur de uitnodigingen"
FIRST, ROWS, WRONG = 20001, 260, 3


@pytest.fixture
def inviting(tmp_path: Path, installation: Path) -> Iterator[Network]:
    with running_network(tmp_path, demo=False, installation=installation) as running:
        yield running


def a_file() -> bytes:
    """Clients of another office, whom KVK knows, with three rows that are wrong."""
    numbers = [f"{number:08}" for number in range(FIRST, FIRST + ROWS - WRONG)]
    cells = ("k{}@klant.example", "Klant", "alle", "EH3", "31-12-2029", "nl", "")
    rows = [";".join((number, *cells)).format(number) for number in (*numbers, *["12"] * WRONG)]
    return "\n".join([";".join(COLUMNS), *rows]).encode()


def until(browser: Browser, page: Page, said: str) -> Page:
    """The page once it says so; it is asked for again as a browser does that follows its Refresh."""
    for _ in range(200):
        if said in words(page):
            return page
        page = browser.open(page.url)
    raise AssertionError(words(page))


def lines(browser: Browser, page: Page, link: str) -> list[dict[str, str]]:
    answer = browser.follow(page, link).response
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_M23_a_file_is_uploaded_looked_at_sent_cut_off_taken_up_again_and_taken_home(
    inviting: Network, browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    enter_module(browser, inviting, "Fleur Voorbeeld")
    page = at(browser, inviting, "beheer/uitnodigingen/reeksen")
    nothing = browser.submit(page.form(UPLOAD))
    assert (nothing.status, mistakes(nothing)) == (422, {"file": "Kies een bestand."})
    page = browser.submit(page.form(UPLOAD), files={"file": ("klanten.csv", a_file())})
    page = until(browser, page, "Gecontroleerd, nog niet verstuurd")
    assert f"{ROWS} van {ROWS} regels" in words(page)
    assert details(page) == {"Wordt uitgenodigd": str(ROWS - WRONG), "Fout": str(WRONG)}
    assert "8 cijfers" in words(page)
    assert at(browser, inviting, "operator/mailbox?q=klant.example").document.xpath("//ul[@class='entries']") == []

    work_part, parts = batch_work._next_part, []

    def cut_off(sim, batch):
        if parts:
            raise RuntimeError("the process is gone")
        parts.append(batch)
        return work_part(sim, batch)

    monkeypatch.setattr(batch_work, "_next_part", cut_off)
    page = until(browser, browser.submit(page.form(SEND)), f"250 van {ROWS} regels")
    assert "Wordt verstuurd" in words(page)
    assert page.response.headers["Refresh"].startswith("2; url=")
    (progress,) = page.document.xpath("//progress")
    assert (progress.get("max"), progress.get("value")) == (str(ROWS), "250")
    quiet = browser.follow(page, "Ververs niet meer vanzelf")
    assert "Refresh" not in quiet.response.headers

    monkeypatch.setattr(batch_work, "_next_part", work_part)
    inviting.clock.offset += 2 * batch_work.CLAIM
    page = until(browser, browser.open(page.url), "Klaar")
    assert details(page) == {"Uitgenodigd": str(ROWS - WRONG), "Fout": str(WRONG)}
    wrong = lines(browser, page, "Download de foute regels (CSV)")
    assert [row["kvk"] for row in wrong] == ["12"] * WRONG
    results = lines(browser, page, "Download alle regels met resultaat (CSV)")
    assert len(results) == ROWS
    assert [row["resultaat"] for row in results].count("CREATED") == ROWS - WRONG
    overview = at(browser, inviting, "beheer/overzicht")
    # One of the sample register waits besides.
    assert f"{ROWS - WRONG + 1} uitnodigingen wachten op antwoord van een klant" in words(overview)


def test_a_file_that_is_too_large_is_told_so_with_what_to_do(inviting: Network, browser: Browser):
    enter_module(browser, inviting, "Fleur Voorbeeld")
    form = at(browser, inviting, "beheer/uitnodigingen/reeksen").form(UPLOAD)
    page = browser.submit(form, files={"file": ("veel.csv", b"x" * (MOST_OF_A_FILE + 1))})
    assert (page.status, page.heading, details(page)["Code"]) == (413, "Dit is te groot", "EH-WEB-413")
    assert "mag 16 MB zijn" in words(page)
    assert "kleinere bestanden" in words(page)
