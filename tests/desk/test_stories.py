"""Stories to show, and a link of which the address says what to choose: real logins, one click away, repeatable."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from broker.headless import Browser
from broker.headless.page import Form, Page
from broker.simulator.control import scripting
from broker.simulator.stories import STORIES
from tests.flow.steps import details, facts
from tests.network import Network

OFFICE = "Administratiekantoor Papiermolen B.V."
PSEUDONYM = "Handelende persoon (pseudoniem)"


@pytest.fixture
def browser() -> Iterator[Browser]:
    with Browser() as fresh:
        yield fresh


def tell(browser: Browser, network: Network, key: str, number: int = 0) -> Page:
    """Press a button of a story, and go on with what its tab does by itself."""
    page = browser.open(f"{network.broker}/operator/stories")
    (form,) = (form for form in page.document.forms if form.action.endswith(f"/stories/{key}/{number}"))
    return by_itself(browser, browser.submit(Form(page.url, form)))


def by_itself(browser: Browser, page: Page) -> Page:
    """Until there is no page with a message that its script would send."""
    while (
        "SAMLRequest" in page.response.text or "SAMLResponse" in page.response.text or "SAMLart" in page.response.text
    ):
        page = browser.submit(page.form())
    return page


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("own-company", "U handelt namens KvK-nummer 68750110"),
        ("chain", f"U handelt namens KvK-nummer 68727720 via {OFFICE} (KvK-nummer 68750110)"),
        ("provider-wide", f"U handelt namens RSIN 000010182 via {OFFICE} (KvK-nummer 68750110)"),
    ],
)
def test_story_of_a_login_ends_at_the_portal_for_the_organisation_it_tells_of(
    browser: Browser, network: Network, key: str, said: str
) -> None:
    for _ in range(2):
        assert tell(browser, network, key).heading == said


@pytest.mark.parametrize(("key", "code"), [("expired", "CHAIN_EXPIRED"), ("revoked", "CHAIN_REVOKED")])
def test_story_of_a_refusal_ends_at_the_portal_with_its_reason_and_changes_nothing(
    browser: Browser, network: Network, key: str, code: str
) -> None:
    for _ in range(2):
        page = tell(browser, network, key)
        assert page.heading == "U bent niet ingelogd"
        assert code in details(page)["Bericht van de makelaar"]

    assert "via" in tell(browser, network, "chain").heading


def test_two_clients_in_two_tabs_have_one_pseudonym(browser: Browser, network: Network) -> None:
    first, second = (tell(browser, network, "two-tabs", number) for number in (0, 1))

    assert first.heading != second.heading
    assert facts(first)[PSEUDONYM] == facts(second)[PSEUDONYM]


def test_story_can_be_gone_through_by_hand(browser: Browser, network: Network) -> None:
    page = tell(browser, network, "chain", 1)

    assert page.heading == "Namens welke organisatie wilt u inloggen?"
    assert "Fleur Voorbeeld" in page.text


def test_every_story_has_captions_in_both_languages(network: Network) -> None:
    for language in ("nl", "en"):
        with Browser(language=language) as browser:
            text = browser.open(f"{network.broker}/operator/stories").text
        for story in STORIES:
            assert all(getattr(said, language) in text for said in (story.title, story.seen, story.why))
            assert story.seen.nl != story.seen.en


def test_story_that_is_not_there_cannot_begin(browser: Browser, network: Network) -> None:
    page = browser.open(f"{network.broker}/operator/stories")
    form = page.document.forms[0]
    form.action = "/operator/stories/chain/9"

    assert browser.submit(Form(page.url, form)).status == 404


def link(network: Network, **choices: str) -> str:
    """A link to a prepared login."""
    return f"{network.broker}/operator/log-in?{urlencode(choices)}"


def test_link_makes_the_login_go_by_itself_after_one_click(browser: Browser, network: Network) -> None:
    sp = network.login_address("kvk", 9001)
    page = browser.open(link(network, sp=sp, means="fleur-eh3", client="68727720", via="68750110"))
    assert details(page)["Organisatie"] == "68727720"
    assert scripting.waiting(network.simulator) == ()

    assert "68727720 via" in by_itself(browser, browser.submit(page.form("Begin"))).heading


def test_link_stops_at_the_screen_that_it_names(browser: Browser, network: Network) -> None:
    page = browser.open(link(network, sp=network.login_address("kvk", 9001), cancel_at="sign_in"))

    assert by_itself(browser, browser.submit(page.form("Begin"))).heading == "U bent niet ingelogd"


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({}, "Geef in sp het adres waar het inloggen begint."),
        ({"sp": "http://sp.example.org/login"}, "Het moet op deze computer zijn."),
        ({"sp": "javascript:alert(1)"}, "Het moet op deze computer zijn."),
        ({"sp": "http://[::1"}, "Het moet op deze computer zijn."),
        ({"sp": "http://localhost/", "means": "niemand"}, "Er is geen inlogmiddel met het kenmerk in means."),
        ({"sp": "http://localhost/", "client": "12"}, "Er is geen organisatie met het kenmerk of KvK-nummer"),
        ({"sp": "http://localhost/", "via": "12"}, "Er is geen organisatie met het kenmerk of KvK-nummer"),
        ({"sp": "http://localhost/", "cancel_at": "nooit"}, "cancel_at is een van: authentication_service, sign_in"),
    ],
)
def test_link_with_a_choice_that_cannot_be_made_says_so(
    browser: Browser, network: Network, choices: dict[str, str], said: str
) -> None:
    page = browser.open(link(network, **choices))

    assert page.status == 400
    assert said in page.text
    assert not page.document.xpath("//main//form")


def test_form_with_a_choice_that_cannot_be_made_is_refused_too(browser: Browser, network: Network) -> None:
    page = browser.open(link(network, sp="http://127.0.0.1:1/"))
    answer = browser.submit(page.form("Begin"), {"sp": "http://sp.example.org/"})

    assert answer.status == 400
    assert scripting.waiting(network.simulator) == ()
