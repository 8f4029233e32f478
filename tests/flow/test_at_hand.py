"""What stands on top of the list: whom the person acted for last, and what they pinned, without scripts."""

from collections.abc import Iterator

import pytest

from broker.core.entries import Entry
from broker.core.identifiers import BranchNumber
from broker.core.mandates import ChainStatus
from broker.store import shortcuts
from broker.store.shortcuts import MOST_PINNED
from tests.flow.register import chain_link, forget_shortcuts
from tests.flow.steps import GO_ON, REFUSED, WHOSE_BEHALF, authenticated, choose, organisations
from tests.interop.driver import Browser
from tests.interop.page import Page

OFFICE, BAKERY, GLASS = "Salarisbureau Loonstrook B.V.", "Bakkerij De Lachende Maan", "Glasblazerij Zeepbel N.V."
OWN = "Uw eigen organisatie"
PINNED, RECENT, CLIENTS = "Vastgezet", "Laatst gebruikt", "Organisaties die u hebben gemachtigd"


@pytest.fixture(autouse=True)
def nothing_at_hand(changing_network, changes) -> Iterator[None]:
    forget_shortcuts(changing_network.simulator.store)
    yield
    forget_shortcuts(changing_network.simulator.store)


def listed(browser: Browser, network, person: str = "Fleur Voorbeeld", portal: str = "gemeente") -> Page:
    return authenticated(browser, network, portal, 9001, person)


def groups(page: Page) -> dict[str, list[str]]:
    """Names of organisations by the heading that they stand under, in the order of the page."""
    return {
        group.findtext("legend/h2"): [name.text for name in group.iterfind("ul/li/label/strong")]
        for group in page.document.iter("fieldset")
    }


def press(browser: Browser, page: Page, verb: str, name: str) -> Page:
    return browser.submit(page.form(f"{verb}: {name}"))


def test_nothing_is_at_hand_for_somebody_who_is_new(changing_network, browser):
    assert list(groups(listed(browser, changing_network))) == [OWN, CLIENTS]


def test_whom_the_person_acted_for_stands_on_top_next_time_latest_first_and_once(changing_network, browser):
    whole = organisations(listed(browser, changing_network))
    for client in (BAKERY, GLASS, BAKERY):
        choose(browser, listed(browser, changing_network), client)
    page = listed(browser, changing_network)
    shown = groups(page)
    assert list(shown) == [RECENT, OWN, CLIENTS]
    assert shown[RECENT] == [BAKERY, GLASS]
    assert not {BAKERY, GLASS} & set(shown[CLIENTS])
    assert sorted(organisations(page)) == sorted(whole)
    assert choose(browser, page, BAKERY).heading.startswith("U handelt namens KvK-nummer 69599084")


def test_E03_E24_several_candidates_are_a_list_and_none_is_chosen_beforehand(changing_network, browser):
    """Not even the one and only that the person acted for last: it is at hand and no more."""
    first = listed(browser, changing_network)
    choose(browser, first, GLASS)
    again = listed(browser, changing_network)
    for page in (first, again):
        assert page.heading == WHOSE_BEHALF
        assert len(organisations(page)) > 1
        assert page.document.xpath("//input[@checked]") == []
    assert "U heeft nog niets gekozen." in browser.submit(again.form(GO_ON)).text


def test_a_login_that_is_refused_is_not_remembered(changing_network, changes, browser):
    page = listed(browser, changing_network)
    link = chain_link(changing_network.simulator.store, "fleur-eh3", "glasblazerij-zeepbel")
    changes.make(link.mandate, status=ChainStatus.REVOKED)
    assert choose(browser, page, GLASS).heading == REFUSED
    assert RECENT not in groups(listed(browser, changing_network))


def test_E06_what_is_at_hand_is_put_to_the_decision_like_all_else(changing_network, changes, browser):
    """Revoked, or not for this service: it is not shown, and comes back when it may be used."""
    choose(browser, listed(browser, changing_network), GLASS)
    press(browser, listed(browser, changing_network), "Zet vast", BAKERY)
    store = changing_network.simulator.store
    for client in ("glasblazerij-zeepbel", "bakkerij-de-lachende-maan"):
        changes.make(chain_link(store, "fleur-eh3", client).mandate, status=ChainStatus.SUSPENDED)
    page = listed(browser, changing_network)
    assert list(groups(page)) == [OWN, CLIENTS]
    assert not [label for label in organisations(page) if label.startswith((GLASS, BAKERY))]
    changes.undo()
    assert list(groups(listed(browser, changing_network))) == [PINNED, RECENT, OWN, CLIENTS]


def test_pinned_stands_on_top_by_name_and_no_longer_after_unpinning(changing_network, browser):
    page = press(browser, listed(browser, changing_network), "Zet vast", GLASS)
    assert f"{GLASS} staat nu bovenaan de lijst." in page.text
    page = press(browser, page, "Zet vast", BAKERY)
    assert groups(page)[PINNED] == [BAKERY, GLASS]
    assert choose(browser, listed(browser, changing_network), GLASS).heading.startswith("U handelt namens")

    page = listed(browser, changing_network)
    assert (groups(page)[PINNED], RECENT in groups(page)) == ([BAKERY, GLASS], False)
    page = press(browser, page, "Maak los", GLASS)
    assert f"{GLASS} staat niet meer vast bovenaan." in page.text
    assert (groups(page)[PINNED], groups(page)[RECENT]) == ([BAKERY], [GLASS])


def test_the_own_organisation_can_be_pinned_too(changing_network, browser):
    page = press(browser, listed(browser, changing_network, "Noor Proef", "uwv"), "Zet vast", OFFICE)
    assert list(groups(page)) == [PINNED, CLIENTS]
    assert groups(page)[PINNED] == [OFFICE]


def test_pinning_from_a_later_page_or_a_search_stays_there_and_the_list_stays_whole(changing_network, browser):
    start = listed(browser, changing_network, "Noor Proef", "uwv")
    last = browser.follow(start, "49")
    (client, *_) = (label.partition(" via ")[0] for label in organisations(last))
    page = press(browser, last, "Zet vast", client)
    assert organisations(page) == organisations(last)
    assert page.form(f"Maak los: {client}").action.endswith("page=49")

    found = press(browser, browser.submit(start.form("Zoek"), {"q": client}), "Maak los", client)
    assert [label.partition(" via ")[0] for label in organisations(found)] == [client]
    press(browser, found, "Zet vast", client)
    first = browser.open(start.url)
    assert groups(first)[PINNED] == [client]
    assert len(organisations(first)) == 26
    assert "1–25 van 1.201 organisaties" in first.text


def test_pins_are_the_persons_whatever_the_service(changing_network, browser):
    press(browser, listed(browser, changing_network), "Zet vast", GLASS)
    with Browser() as elsewhere:
        assert groups(listed(elsewhere, changing_network, portal="kvk"))[PINNED] == [GLASS]
        assert PINNED not in groups(listed(elsewhere, changing_network, "Bram Proef"))


def test_there_is_room_for_so_many_pins_and_no_more(changing_network, browser):
    store = changing_network.simulator.store
    link = chain_link(store, "fleur-eh3", "glasblazerij-zeepbel")
    for number in range(MOST_PINNED):
        entry = Entry(link.client.id, link.intermediary.id, BranchNumber(f"{number:012}"))
        store.write(lambda tx, entry=entry: shortcuts.pin(tx, "fleur-voorbeeld", entry))
    page = press(browser, listed(browser, changing_network), "Zet vast", GLASS)
    assert f"U heeft al {MOST_PINNED} organisaties vastgezet. Maak er eerst een los." in page.text
    assert PINNED not in groups(page)


def test_pinning_leaves_an_older_page_as_it_was(changing_network, browser):
    page = listed(browser, changing_network)
    press(browser, page, "Zet vast", BAKERY)
    assert choose(browser, page, GLASS).heading.startswith("U handelt namens KvK-nummer 68727720")


def test_what_can_no_longer_be_acted_for_is_not_pinned(changing_network, changes, browser):
    page = listed(browser, changing_network)
    link = chain_link(changing_network.simulator.store, "fleur-eh3", "glasblazerij-zeepbel")
    changes.make(link.mandate, status=ChainStatus.SUSPENDED)
    page = press(browser, page, "Zet vast", GLASS)
    assert "Voor deze organisatie kunt u niet meer inloggen." in page.text
    changes.undo()
    assert PINNED not in groups(browser.open(page.url))


@pytest.mark.parametrize("posted", ["68727720", "glasblazerij-zeepbel", ""])
def test_E21_what_is_pinned_is_named_by_a_token_too(changing_network, browser, posted):
    page = listed(browser, changing_network)
    form = page.form(f"Zet vast: {GLASS}")
    answer = browser._send("POST", form.action, [*form.element.form_values(), ("pin", posted)], page.url)
    assert answer.status_code == 400
    assert PINNED not in groups(browser.open(page.url))


def test_a_short_list_has_nothing_on_top_and_no_buttons(changing_network, browser):
    page = listed(browser, changing_network, "Otto Enkel")
    assert "Zet vast" not in page.text
    browser.submit(page.form(GO_ON))
    assert "Laatst gebruikt" not in listed(browser, changing_network, "Otto Enkel").text
