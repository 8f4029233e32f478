"""What changes while somebody logs in counts, up to the moment at which the login is issued (E07, E08)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.organisations import KvkStatus, MeansStatus, PersonStatus
from broker.core.refusals import DenialReason
from tests.flow.register import chain_link, direct_link, in_use, put
from tests.flow.steps import GO_ON, WHOSE_BEHALF, authenticated, choose, details, organisations
from tests.flow.test_refusals import assert_refused

CLIENT = "Glasblazerij Zeepbel"


@pytest.fixture
def link(changing_network):
    """What Fleur Voorbeeld acts for her client over."""
    return chain_link(changing_network.simulator.store, "fleur-eh3", "glasblazerij-zeepbel")


def test_WEB_14_E07a_revoked_between_list_and_choice(changing_network, changes, browser, link):
    page = authenticated(browser, changing_network, "gemeente", 9001, "Fleur Voorbeeld")
    changes.make(link.mandate, status=ChainStatus.REVOKED)

    refusal = choose(browser, page, CLIENT)
    assert_refused(refusal, DenialReason.CHAIN_REVOKED)
    assert details(refusal)["Organisatie"] == "Glasblazerij Zeepbel N.V."

    again = browser.submit(refusal.form("Kies een andere organisatie"))
    assert again.heading == WHOSE_BEHALF
    assert not [label for label in organisations(again) if label.startswith(CLIENT)]
    assert choose(browser, again, "IJssalon Poolster").heading.startswith("U handelt namens KvK-nummer 00010002")


def test_E07b_revoked_on_the_page_that_asks_to_confirm(changing_network, changes, browser):
    link = chain_link(changing_network.simulator.store, "otto-eh3", "bakkerij-de-lachende-maan")
    page = authenticated(browser, changing_network, "gemeente", 9001, "Otto Enkel")
    changes.make(link.mandate, status=ChainStatus.REVOKED)

    refusal = browser.submit(page.form(GO_ON))
    assert_refused(refusal, DenialReason.CHAIN_REVOKED)
    assert_refused(browser.submit(refusal.form("Kies een andere organisatie")), DenialReason.CHAIN_REVOKED)


def test_WEB_14_E07c_revoked_while_the_choice_is_being_handled(changing_network, changes, browser, link):
    """A manager's transaction is open when the choice arrives, and commits before the login is issued."""
    store = changing_network.simulator.store
    page = authenticated(browser, changing_network, "gemeente", 9001, "Fleur Voorbeeld")
    writing, arrived = threading.Event(), threading.Event()

    def revoke(tx) -> None:
        put(tx, replace(link.mandate, status=ChainStatus.REVOKED))
        writing.set()
        assert arrived.wait(10)

    changes.originals.append(link.mandate)
    with ThreadPoolExecutor(2) as pool:
        manager = pool.submit(store.write, revoke)
        assert writing.wait(10)
        person = pool.submit(choose, browser, page, CLIENT)
        with pytest.raises(TimeoutError):
            person.result(0.3)  # the broker waits for the manager
        arrived.set()
        manager.result(10)
        assert_refused(person.result(10), DenialReason.CHAIN_REVOKED)


def test_E07d_revoked_after_issue_still_resolves(changing_network, changes, browser, link):
    """The assertion is fixed at issue: the portal resolves it, as it says, for what was true then."""
    page = authenticated(browser, changing_network, "gemeente", 9001, "Fleur Voorbeeld")
    location = choose_without_following(browser, page, CLIENT)
    changes.make(link.mandate, status=ChainStatus.REVOKED)

    page = browser.open(location, from_page=page)
    assert page.heading.startswith("U handelt namens KvK-nummer 68727720")


def choose_without_following(browser, page, organisation: str) -> str:
    """Press the button, and give the address that the broker sends the browser to."""
    form = page.form(GO_ON).choose(organisation)
    answer = browser._send("POST", form.action, form.pairs, page.url)
    assert answer.status_code == 303
    return answer.headers["Location"]


MID_LOGIN = {
    "coupling-revoked": ("coupling", {"status": LinkStatus.REVOKED}, DenialReason.COUPLING_NOT_ACTIVE),
    "mandate-suspended": ("mandate", {"status": ChainStatus.SUSPENDED}, DenialReason.CHAIN_SUSPENDED),
    "client-bankrupt": ("client", {"kvk_status": KvkStatus.BANKRUPT}, DenialReason.RELATION_NOT_ACTIVE),
    "means-revoked": ("means", {"status": MeansStatus.REVOKED}, DenialReason.MEANS_NOT_USABLE),
    "person-blocked": ("person", {"status": PersonStatus.BLOCKED}, DenialReason.USER_BLOCKED),
    "person-left": ("person", {"organisation_id": "wolkenfabriek"}, DenialReason.CHAIN_BROKEN),
}


@pytest.mark.parametrize("case", MID_LOGIN)
def test_E08_changed_between_list_and_choice(changing_network, changes, browser, link, case):
    what, fields, reason = MID_LOGIN[case]
    used = in_use(changing_network.simulator.store, "fleur-eh3")
    if reason is DenialReason.CHAIN_BROKEN:  # whoever still has a mandate of the office itself may act in its chains
        own = direct_link(changing_network.simulator.store, "fleur-eh3", used.employer.id)
        changes.make(own.mandate, status=LinkStatus.REVOKED)
    page = authenticated(browser, changing_network, "gemeente", 9001, "Fleur Voorbeeld")
    changes.make(getattr(used if what in ("means", "person") else link, what), **fields)
    assert_refused(choose(browser, page, CLIENT), reason)


def test_a_refused_choice_leaves_nothing_to_fetch(changing_network, changes, browser, link):
    """No artifact was made: the portal was sent nothing, and its login is still waiting."""
    page = authenticated(browser, changing_network, "gemeente", 9001, "Fleur Voorbeeld")
    changes.make(link.mandate, status=ChainStatus.REVOKED)
    refusal = choose(browser, page, CLIENT)
    assert refusal.hops == ()
    assert "SAMLart" not in refusal.response.text
