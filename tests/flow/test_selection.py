"""The list "on whose behalf": in pages of 25, searched, counted, and all of it without scripts."""

from urllib.parse import urlencode

import pytest

from tests.flow.register import forget_shortcuts
from tests.flow.steps import GO_ON, WHOSE_BEHALF, authenticated, choose, organisations
from tests.interop.driver import Browser
from tests.interop.page import NotOnPage, Page


@pytest.fixture
def first_page(network, browser) -> Page:
    """The payroll office's list: itself and 1,200 clients. Nothing stands on top: see `test_at_hand`."""
    forget_shortcuts(network.simulator.store)
    return authenticated(browser, network, "uwv", 9001, "Noor Proef")


def status(page: Page) -> str:
    return " ".join(page.document.xpath("string(//main//*[@role='status'])").split())


def search(browser: Browser, page: Page, typed: str) -> Page:
    return browser.submit(page.form("Zoek"), {"q": typed})


def test_the_own_organisation_comes_first_and_everything_is_counted(first_page):
    assert status(first_page) == "1–25 van 1.201 organisaties"
    shown = organisations(first_page)
    assert len(shown) == 25
    assert shown[0] == "Salarisbureau Loonstrook B.V."
    assert all(label.endswith("via Salarisbureau Loonstrook B.V.") for label in shown[1:])


def test_all_pages_together_show_every_organisation_once_and_in_order(browser, first_page):
    seen, page = organisations(first_page), first_page
    for number in range(2, 50):
        page = browser.follow(page, "Volgende")
        first = (number - 1) * 25 + 1
        assert status(page) == f"{_grouped(first)}–{_grouped(min(first + 24, 1201))} van 1.201 organisaties"
        seen += organisations(page)
    with pytest.raises(NotOnPage):
        page.link("Volgende")
    assert len(seen) == len(set(seen)) == 1201
    assert seen[1:] == sorted(seen[1:], key=str.casefold)


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def test_a_client_on_the_last_page_can_be_chosen(browser, first_page):
    last = browser.follow(first_page, "49")
    (client, *_) = organisations(last)
    page = choose(browser, last, client)
    assert page.heading.startswith("U handelt namens KvK-nummer 000")
    assert "via Salarisbureau Loonstrook B.V." in page.heading


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("vos", "1–25 van 40 organisaties gevonden met ‘vos’"),
        ("VOS", "1–25 van 40 organisaties gevonden met ‘VOS’"),
        ("00020007", "1 organisatie gevonden met ‘00020007’"),
        ("loonstrook", "1 organisatie gevonden met ‘loonstrook’"),
    ],
)
def test_search_finds_by_name_and_by_number(browser, first_page, typed, count):
    assert status(search(browser, first_page, typed)) == count


def test_search_keeps_its_words_over_pages_and_leads_to_a_login(browser, first_page):
    page = browser.follow(search(browser, first_page, "vos"), "Volgende")
    assert status(page) == "26–40 van 40 organisaties gevonden met ‘vos’"
    assert all("Vos" in label for label in organisations(page))
    page = choose(browser, page, organisations(page)[-1])
    assert page.heading.startswith("U handelt namens KvK-nummer")


def test_one_result_of_a_search_is_still_a_choice_not_a_confirmation(browser, first_page):
    page = search(browser, first_page, "00020007")
    assert page.heading == WHOSE_BEHALF
    assert len(organisations(page)) == 1


def test_nothing_found_says_what_to_do_and_leads_back(browser, first_page):
    page = search(browser, first_page, "bestaatniet")
    assert status(page) == "Geen organisatie gevonden met ‘bestaatniet’."
    assert organisations(page) == []
    assert len(organisations(browser.follow(page, "Toon alle organisaties"))) == 25


def test_WEB_18_who_searches_is_not_told_whether_somebody_elses_client_exists(browser, first_page):
    """A client of another office, one of whom the mandate was revoked, and numbers and names that nobody has."""
    answers = set()
    for typed in ("68727720", "Glasblazerij Zeepbel", "00010030", "99999999", "bestaatniet"):
        page = search(browser, first_page, typed)
        assert organisations(page) == []
        answers.add((page.status, page.text.replace(typed, "…")))
    assert len(answers) == 1


@pytest.mark.parametrize("typed", ["%", "_", "'; drop table means; --", "<script>alert(1)</script>", "a" * 5000])
def test_search_takes_any_text_as_text(browser, first_page, typed):
    page = browser.open(f"{first_page.url.partition('?')[0]}?{urlencode({'q': typed})}")
    assert page.status == 200
    assert organisations(page) == []
    assert "<script>alert" not in page.response.text


def test_search_takes_what_is_no_text_as_nothing(browser, first_page):
    page = browser.open(f"{first_page.url.partition('?')[0]}?q=%00%1b%ff")
    assert page.status == 200
    assert page.heading == WHOSE_BEHALF


@pytest.mark.parametrize(
    ("number", "count"),
    [("0", "1–25"), ("-3", "1–25"), ("x", "1–25"), ("50", "1.201–1.201"), ("99999999999999999999", "1.201–1.201")],
)
def test_a_page_that_is_not_there_becomes_the_nearest_one(browser, first_page, number, count):
    page = browser.open(f"{first_page.url.partition('?')[0]}?page={number}")
    assert status(page) == f"{count} van 1.201 organisaties"


def test_going_on_without_a_choice_says_so_and_loses_nothing(browser, first_page):
    page = browser.submit(first_page.form(GO_ON))
    assert "U heeft nog niets gekozen." in page.text
    assert len(organisations(page)) == 25
    assert choose(browser, page, "Salarisbureau").heading == "U handelt namens KvK-nummer 00010001, RSIN 000010017"


def test_the_pages_work_without_scripts(network, first_page):
    """The driver runs none; what the page loads is a file of the broker itself or nothing."""
    scripts = first_page.document.xpath("//script/@src | //script/text() | //@onclick")
    assert scripts == []
    assert first_page.response.headers["Content-Security-Policy"].startswith("default-src 'self'")
