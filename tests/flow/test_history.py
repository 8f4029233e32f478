"""What people do to a browser: press twice, go back, open tabs, use two browsers, lose their cookies."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urljoin

from broker.core.mandates import ChainStatus
from tests.flow.register import chain_link
from tests.flow.steps import (
    CANCELLED,
    GO_ON,
    STOP_AT_STUB,
    WHOSE_BEHALF,
    authenticated,
    choose,
    facts,
    organisations,
    prove,
    to_broker,
    to_stub,
)
from tests.interop.driver import Browser

FINISHED = "Deze login is al afgerond"
STEP_OVER = "Deze stap is al voorbij"
UNKNOWN = "Deze inlogpoging is onbekend"
EXPIRED = "Deze inlogpoging is verlopen"
NOT_TRUSTED = "Wij kunnen deze inlogpoging niet vertrouwen"


def test_going_back_after_the_login_shows_that_it_has_finished(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    at_portal = choose(browser, page, "Glasblazerij")

    back = browser.open(page.url)
    assert (back.status, back.heading) == (200, FINISHED)
    assert "Gemeente Voorbeeldstad" in back.text
    assert browser.open(at_portal.url).heading == at_portal.heading  # the session of the portal is as it was


def test_going_back_after_cancelling_shows_that_it_has_finished(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    browser.submit(page.form("Annuleren"))
    assert browser.open(page.url).heading == FINISHED


def test_the_choice_posted_twice_is_issued_once(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    first = choose(browser, page, "Glasblazerij")
    again = choose(browser, page, "IJssalon")

    assert again.heading == FINISHED
    assert [address for _, address in again.hops] == [page.form(GO_ON).action]  # nothing went to the portal
    assert facts(browser.open(first.url))["Vertegenwoordigde organisatie"] == ["KvK-nummer 68727720"]


def test_a_double_click_on_the_choice_logs_in_once(network, browser):
    """Two requests at the same moment: one leads to the portal, the other to the page that says it has finished."""
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    form = page.form(GO_ON).choose("Glasblazerij")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: browser._send("POST", form.action, form.pairs, page.url), range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]
    issued, repeated = sorted((answer.headers["Location"] for answer in answers), key=lambda to: "SAMLart" not in to)
    assert "SAMLart=" in issued
    assert "SAMLart=" not in repeated
    assert browser.open(urljoin(page.url, repeated)).heading == FINISHED


def test_cancelling_after_the_login_changes_nothing(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    choose(browser, page, "Glasblazerij")
    assert browser.submit(page.form("Annuleren")).heading == FINISHED


def test_an_old_list_no_longer_counts_once_a_choice_was_refused(changing_network, changes, browser):
    page = authenticated(browser, changing_network, "gemeente", 9001, "Fleur Voorbeeld")
    link = chain_link(changing_network.simulator.store, "fleur-eh3", "glasblazerij-zeepbel")
    changes.make(link.mandate, status=ChainStatus.REVOKED)
    choose(browser, page, "Glasblazerij")
    old = choose(browser, page, "IJssalon")
    assert (old.status, old.heading) == (409, STEP_OVER)


def test_the_answer_of_the_authentication_service_counts_once(network, browser):
    answer = prove(browser, to_stub(browser, network, "gemeente", 9001), "Fleur Voorbeeld")
    page = browser.submit(answer.form())
    again = browser.submit(answer.form())
    assert (again.status, again.heading) == (400, NOT_TRUSTED)
    assert choose(browser, page, "Glasblazerij").heading.startswith("U handelt namens KvK-nummer 68727720")


def test_reloading_the_list_keeps_the_login(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    reloaded = browser.open(page.url)
    assert reloaded.heading == WHOSE_BEHALF
    assert choose(browser, reloaded, "Glasblazerij").heading.startswith("U handelt namens")


def test_the_authentication_service_answers_a_question_once(network, browser):
    page = to_stub(browser, network, "gemeente", 9001)
    prove(browser, page, "Fleur Voorbeeld")
    again = prove(browser, page, "Bram Proef")
    assert again.status == 400
    assert "al beantwoord" in again.text


def test_going_back_to_the_first_page_asks_the_authentication_service_anew(network, browser):
    start = to_broker(browser, network, "gemeente", 9001)
    old = browser.submit(start.form())
    fresh = browser.submit(browser.open(start.url).form())

    late = browser.submit(prove(browser, old, "Bram Proef").form())
    assert (late.status, late.heading) == (400, NOT_TRUSTED)  # the first question was withdrawn

    page = browser.submit(prove(browser, fresh, "Fleur Voorbeeld").form())
    assert "Fleur Voorbeeld" in page.text


def test_a_request_posted_twice_begins_one_login(network, browser):
    start = browser.open(network.login_address("gemeente", 9001))
    assert browser.submit(start.form()).status == 200
    again = browser.submit(start.form())
    assert (again.status, again.heading) == (400, NOT_TRUSTED)


def test_E20_two_tabs_at_two_portals_have_nothing_to_do_with_each_other(network, browser):
    one = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    other = authenticated(browser, network, "kvk", 9001, "Fleur Voorbeeld")
    first = choose(browser, one, "Glasblazerij")
    second = choose(browser, other, "IJssalon")
    assert facts(first)["Vertegenwoordigde organisatie"] == ["KvK-nummer 68727720"]
    assert facts(second)["Vertegenwoordigde organisatie"] == ["KvK-nummer 00010002"]


def test_E20_two_browsers_two_clients_one_person(network, browser):
    """The acting person has one pseudonym for all clients, whatever the browser."""
    with Browser() as elsewhere:
        one = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
        other = authenticated(elsewhere, network, "gemeente", 9001, "Fleur Voorbeeld")
        first, second = facts(choose(browser, one, "Glasblazerij")), facts(choose(elsewhere, other, "IJssalon"))
    assert first["Handelende persoon (pseudoniem)"] == second["Handelende persoon (pseudoniem)"]
    assert first["Vertegenwoordigde organisatie"] != second["Vertegenwoordigde organisatie"]
    assert first["Kenmerk van de verklaring"] != second["Kenmerk van de verklaring"]


def test_E20_a_second_login_in_the_same_browser_leaves_the_first_list_as_it_was(network, browser):
    one = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    other = authenticated(browser, network, "gemeente", 9001, "Otto Enkel")
    assert browser.submit(other.form(GO_ON)).heading.startswith("U handelt namens KvK-nummer 69599084 via Wolken")
    page = choose(browser, one, "Glasblazerij")
    assert page.heading.startswith("U handelt namens KvK-nummer 68727720 via Administratiekantoor")


def test_E24_nothing_is_remembered_for_the_next_login(network, browser):
    choose(browser, authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld"), "Glasblazerij")
    again = to_stub(browser, network, "gemeente", 9001)
    assert again.heading == "Kies wie u bent"


def test_a_login_that_took_too_long_says_so_for_an_hour(own_network, browser):
    page = authenticated(browser, own_network, "gemeente", 9001, "Fleur Voorbeeld")
    own_network.clock.offset = timedelta(minutes=14)
    assert browser.open(page.url).heading == WHOSE_BEHALF
    for minutes, told in ((15.1, (410, EXPIRED)), (70, (410, EXPIRED)), (80, (404, UNKNOWN))):
        own_network.clock.offset = timedelta(minutes=minutes)
        late = choose(browser, page, "Glasblazerij")
        assert (late.status, late.heading) == told


def test_the_parties_keep_their_cookies_apart(network, browser):
    """Cookies ignore ports: the stub and the portals are one host name, the broker another."""
    choose(browser, authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld"), "Glasblazerij")
    kept = {(cookie.domain, cookie.name) for cookie in browser.cookies}
    assert {name for domain, name in kept if domain.startswith("localhost")} == {"ketenbroker", "ketenbroker_login"}
    assert {name for domain, name in kept if domain.startswith("127.0.0.1")} == {"sp_demo_session"}
    for cookie in browser.cookies:
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert cookie.get_nonstandard_attr("SameSite") == "Lax"


def test_without_the_cookie_a_login_cannot_go_on(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    browser.cookies.clear()
    lost = choose(browser, page, "Glasblazerij")
    assert lost.status == 400
    assert lost.heading == "Dit formulier is niet meer geldig"
    assert browser.open(page.url).heading == UNKNOWN


def test_WEB_13_the_list_is_for_the_browser_that_began(network, browser):
    page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
    with Browser() as stranger:
        seen = stranger.open(page.url)
        assert (seen.status, seen.heading) == (404, UNKNOWN)
        assert organisations(seen) == []


def test_stopping_twice_at_the_authentication_service(network, browser):
    stub = to_stub(browser, network, "gemeente", 9001)
    answer = browser.submit(stub.form(STOP_AT_STUB))
    assert browser.submit(answer.form()).heading == CANCELLED
    assert browser.submit(answer.form()).heading == NOT_TRUSTED


def test_searching_at_the_authentication_service_keeps_the_question(network, browser):
    page = browser.submit(to_stub(browser, network, "gemeente", 9001).form("Zoek"), {"q": "papiermolen"})
    assert "3 personen" in page.text
    assert "Otto Enkel" not in page.text
    everyone = browser.follow(page, "Toon iedereen")
    assert "Otto Enkel" in everyone.text
    assert browser.submit(prove(browser, page, "Fleur Voorbeeld").form()).heading == WHOSE_BEHALF
