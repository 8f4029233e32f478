"""The developer drawer: who is hidden and why, what a login rests on, and revoking in the middle of a login (E07)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.refusals import DenialReason
from broker.simulator import pending
from broker.store import logins
from broker.store.administration import events, filed
from tests.flow.register import chain_link, forget_shortcuts
from tests.flow.steps import GO_ON, REFUSED, WHOSE_BEHALF, authenticated, choose, details, organisations
from tests.flow.test_refusals import assert_refused
from tests.interop.driver import Browser
from tests.interop.page import NotOnPage, Page
from tests.network import Network, running_network

GLASS, BAKERY = "Glasblazerij Zeepbel N.V.", "Bakkerij De Lachende Maan"
REVOKE, AND_GO_ON = "Trek nu in", "Trek in en kies toch"


@pytest.fixture(autouse=True)
def nothing_at_hand(changing_network) -> None:
    forget_shortcuts(changing_network.simulator.store)


@pytest.fixture
def revocable(changing_network) -> Iterator[Callable[[str, str], str]]:
    """revocable(means, client): the id of the mandate, which a test may revoke; it is put back as it was."""
    store, kept = changing_network.simulator.store, []

    def keep(means_id: str, client_id: str) -> str:
        mandate_id = chain_link(store, means_id, client_id).mandate.id
        kept.append(store.read(lambda tx: filed.load(tx, mandate_id)))
        return mandate_id

    yield keep
    for original in kept:
        now = store.read(lambda tx, original=original: filed.load(tx, original.mandate.id)).mandate.version
        restored = replace(original, mandate=replace(original.mandate, version=now))
        store.write(lambda tx, restored=restored: filed.save(tx, restored))


def listed(browser: Browser, network: Network, person: str = "Fleur Voorbeeld") -> Page:
    return authenticated(browser, network, "gemeente", 9001, person)


def drawer(page: Page):
    (found,) = page.document.xpath("//details[@id='developer']")
    return found


def hidden(page: Page) -> dict[str, str]:
    """Reason codes by the name of the organisation."""
    rows = drawer(page).xpath(".//div[@class='wide'][.//th[text()='Code']]//tbody/tr")
    return {row.find("th").text.strip(): row.findtext("td/code") for row in rows}


def traced(page: Page) -> list[str]:
    rows = drawer(page).xpath(".//div[@class='wide'][.//th[text()='Rust op']]//tbody/tr")
    return [row.find("th").text.strip() for row in rows]


def test_the_list_tells_who_is_hidden_and_by_which_rule(changing_network, browser):
    page = listed(browser, changing_network)
    assert drawer(page).get("open") is None
    expected = {
        "Koffiebranderij Bonenstaak B.V.": "CHAIN_NOT_YET_ACTIVE",
        "Zeilmakerij Windstil B.V.": "CHAIN_NEVER_ACTIVATED",
        "Snoepwinkel Suikervrij V.O.F.": "CHAIN_SUSPENDED",
        "Stichting Theater De Lege Zaal": "CHAIN_REVOKED",
        "Pannenkoekenhuis De Platte Aarde B.V.": "CHAIN_EXPIRED",
        "Touwslagerij De Losse Knoop B.V.": "CHAIN_NOT_YET_VALID",
        "Stichting Sterrenwacht Dichte Mist": "COUPLING_EXPIRED",
        "Coöperatie Spiegelpaleis U.A.": "RELATION_NOT_ACTIVE",
    }
    told = hidden(page)
    assert expected.items() <= told.items()
    assert f"{len(told)} organisaties." in drawer(page).text_content()
    shown = {label.partition(" via ")[0] for label in organisations(page)}
    assert set(traced(page)) == shown
    assert not shown & told.keys()


def test_each_entry_of_the_page_says_what_it_rests_on_in_which_version(changing_network, browser):
    link = chain_link(changing_network.simulator.store, "fleur-eh3", "glasblazerij-zeepbel")
    (row,) = [row for row in drawer(listed(browser, changing_network)).iter("tr") if GLASS in row.text_content()]
    told = [" ".join(item.text_content().split()) for item in row.iter("li")]
    assert told[0].startswith("inlogmiddel: fleur-eh3 (level: EH3, used_at_level: EH3, type: regular")
    assert told[1].startswith(f"koppeling: {link.coupling.id} (version: {link.coupling.version}, status: active")
    assert told[2].startswith(f"ketenmachtiging: {link.mandate.id} (version: {link.mandate.version}, status: active")


def test_searching_finds_who_is_hidden_too(changing_network, browser):
    page = browser.submit(listed(browser, changing_network).form("Zoek"), {"q": "spiegel"})
    assert organisations(page) == []
    assert hidden(page) == {"Coöperatie Spiegelpaleis U.A.": "RELATION_NOT_ACTIVE"}
    page = browser.submit(page.form("Zoek"), {"q": "bestaatniet"})
    assert "Geen verborgen organisatie gevonden met ‘bestaatniet’." in page.text


def test_M11_a_mandate_that_is_not_coupled_is_among_the_hidden(changing_network, changes, browser):
    told = hidden(listed(browser, changing_network, "Bram Proef"))
    assert "NO_USER_COUPLING" in told.values()


def test_many_hidden_organisations_are_counted_and_fifty_are_shown(changing_network, browser):
    """The payroll office has 1,200 clients, for one portal only."""
    page = listed(browser, changing_network, "Pim Tester")
    assert page.heading == REFUSED
    assert len(hidden(page)) == 50
    assert "De eerste 50 van 1.2" in drawer(page).text_content()
    found = browser.submit(page.form("Zoek"), {"q": "00020007"})
    assert list(hidden(found).values()) == ["COUPLING_SERVICE_NOT_COVERED"]
    assert drawer(found).get("open") is not None


def test_E07a_revoking_from_the_list_takes_the_organisation_out_and_says_so(changing_network, browser, revocable):
    mandate_id = revocable("fleur-eh3", "glasblazerij-zeepbel")
    page = listed(browser, changing_network)
    login_id = page.url.rpartition("/")[2].partition("?")[0]

    again = browser.submit(page.form(f"{REVOKE}: {GLASS}"))
    assert again.heading == WHOSE_BEHALF
    assert f"De ketenmachtiging van {GLASS} aan Administratiekantoor Papiermolen B.V. is ingetrokken." in again.text
    assert not [label for label in organisations(again) if label.startswith(GLASS)]
    assert hidden(again)[GLASS] == "CHAIN_REVOKED"
    (event, *_) = changing_network.simulator.store.read(lambda tx: events.history_of(tx, mandate_id))
    told = event.content
    assert (told["action"], told["actor"]["kind"], told["login_id"]) == ("chain_mandate.revoked", "operator", login_id)
    assert told["after"]["mandate"]["status"] == "revoked"

    assert_refused(choose(browser, page, GLASS), DenialReason.CHAIN_REVOKED)  # from the page of before


def test_E07b_revoking_from_the_page_that_asks_to_confirm(changing_network, browser, revocable):
    revocable("otto-eh3", "bakkerij-de-lachende-maan")
    page = listed(browser, changing_network, "Otto Enkel")
    again = browser.submit(page.form(f"{REVOKE}: {BAKERY}"))
    assert_refused(again, DenialReason.CHAIN_REVOKED)
    assert f"De ketenmachtiging van {BAKERY} aan Wolkenfabriek B.V. is ingetrokken." in again.text
    assert hidden(again) == {BAKERY: "CHAIN_REVOKED"}
    assert_refused(browser.submit(page.form(GO_ON)), DenialReason.CHAIN_REVOKED)


def test_E07c_revoked_and_chosen_all_the_same(changing_network, browser, revocable):
    for person, means_id, client_id, client in (
        ("Fleur Voorbeeld", "fleur-eh3", "glasblazerij-zeepbel", GLASS),
        ("Otto Enkel", "otto-eh3", "bakkerij-de-lachende-maan", BAKERY),
    ):
        revocable(means_id, client_id)
        page = listed(browser, changing_network, person)
        refusal = browser.submit(page.form(f"{AND_GO_ON}: {client}"))
        assert_refused(refusal, DenialReason.CHAIN_REVOKED)
        assert details(refusal)["Organisatie"] == client
        again = browser.submit(refusal.form("Kies een andere organisatie"))
        assert client not in " ".join(organisations(again))


def test_E07d_the_order_of_issue_and_revocation_can_be_seen_afterwards(changing_network, browser, revocable):
    """Issued first, so it was right; the history of the login and the chain of events have the moments."""
    sim, mandate_id = changing_network.simulator, revocable("fleur-eh3", "glasblazerij-zeepbel")
    page = listed(browser, changing_network)
    login_id = page.url.rpartition("/")[2].partition("?")[0]
    with Browser() as elsewhere:
        other = listed(elsewhere, changing_network)
        assert choose(browser, page, GLASS).heading.startswith("U handelt namens KvK-nummer 68727720")
        elsewhere.submit(other.form(f"{REVOKE}: {GLASS}"))
    row = sim.store.read(lambda tx: logins.find(tx, login_id))
    granted = pending.find(sim, login_id, row.browser).history[-1]
    (revoked, *_) = sim.store.read(lambda tx: events.history_of(tx, mandate_id))
    assert granted.what == "granted"
    assert f"mandate {mandate_id} v{revoked.content['before']['mandate']['version']}" in granted.detail
    assert granted.at.isoformat() < revoked.content["at"]


def test_revoking_twice_says_that_it_has_ended(changing_network, browser, revocable):
    revocable("fleur-eh3", "glasblazerij-zeepbel")
    page = listed(browser, changing_network)
    browser.submit(page.form(f"{REVOKE}: {GLASS}"))
    again = browser.submit(page.form(f"{REVOKE}: {GLASS}"))
    assert again.heading == WHOSE_BEHALF
    assert "ingetrokken" not in again.document.xpath("string(//main/*[@role='status'])")
    assert again.document.xpath("//main/*[@role='status']")


@pytest.mark.parametrize("posted", ["glasblazerij-zeepbel", "68727720", ""])
def test_E21_what_is_revoked_is_named_by_a_token_too(changing_network, browser, posted):
    page = listed(browser, changing_network)
    form = page.form(f"{REVOKE}: {GLASS}")
    others = [(name, value) for name, value in form.pairs if name != "choice"]
    assert browser._send("POST", form.action, [*others, ("choice", posted)], page.url).status_code == 400
    link = chain_link(changing_network.simulator.store, "fleur-eh3", "glasblazerij-zeepbel")
    assert link.mandate.status is ChainStatus.ACTIVE


def test_revoking_needs_the_form_of_this_browser(changing_network, browser):
    form = listed(browser, changing_network).form(f"{REVOKE}: {GLASS}")
    without = [(name, value) for name, value in form.pairs if name != "csrf_token"]
    assert browser._send("POST", form.action, without, form.url).status_code == 400
    with Browser() as stranger:
        assert stranger._send("POST", form.action, form.pairs, form.url).status_code == 400
    link = chain_link(changing_network.simulator.store, "fleur-eh3", "glasblazerij-zeepbel")
    assert (link.mandate.status, link.coupling.status) == (ChainStatus.ACTIVE, LinkStatus.ACTIVE)


def test_E22_I14_the_service_provider_is_told_nothing_of_what_is_hidden(changing_network, browser):
    page = listed(browser, changing_network, "Pim Tester")
    told = hidden(page)
    portal = browser.submit(page.form("Terug naar Gemeente Voorbeeldstad"))
    assert "NO_SUITABLE_MANDATE" in portal.text
    assert [name for name in told if name in portal.response.text] == []
    assert "CHAIN_" not in portal.response.text


@pytest.fixture(scope="module")
def without_drawer(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("without_drawer")
    with running_network(folder, installation=installation, login={"developer_drawer": False}) as running:
        yield running


def test_the_setting_takes_the_drawer_away_and_the_address_behind_it(without_drawer, browser):
    page = authenticated(browser, without_drawer, "gemeente", 9001, "Fleur Voorbeeld")
    assert not page.document.xpath("//details")
    assert "Spiegelpaleis" not in browser.open(f"{page.url}&developer=1").response.text
    with pytest.raises(NotOnPage):
        page.form(f"{REVOKE}: {GLASS}")
    choice = page.form(GO_ON).choose(GLASS)
    answer = browser._send("POST", f"{page.url.partition('?')[0]}/revoke", choice.pairs, page.url)
    assert answer.status_code == 404
    link = chain_link(without_drawer.simulator.store, "fleur-eh3", "glasblazerij-zeepbel")
    assert link.mandate.status is ChainStatus.ACTIVE
    for person in ("Otto Enkel", "Nina Nul"):
        with Browser() as other:
            assert not authenticated(other, without_drawer, "gemeente", 9001, person).document.xpath("//details")
