"""The authentication service that was chosen last time is offered again, and never forced."""

from pathlib import Path

import pytest

from tests.flow.steps import GO_ON, to_broker, to_stub
from tests.interop.driver import Browser
from tests.interop.page import Page
from tests.network import Network, running_network

CHOOSE_SERVICE = "Kies waar u inlogt"
REMEMBER = "Onthoud deze keuze"
BEFORE = "Deze koos u de vorige keer."
FIRST, SECOND = "Stub Authenticatiedienst A", "Tweede Authenticatiedienst B"
COOKIE = "broker_authentication_service"


def cookies(browser: Browser) -> dict[str, str | None]:
    return {cookie.name: cookie.value for cookie in browser.cookies}


def marked(page: Page) -> list[str]:
    """The names of the authentication services that are marked beforehand."""
    ids = page.document.xpath("//input[@type='radio'][@checked]/@id")
    return [" ".join(page.document.xpath(f"string(//label[@for='{id_}'])").split()) for id_ in ids]


def go_on(browser: Browser, page: Page, service: str | None = None, *, remember: bool = True) -> Page:
    form = page.form(GO_ON)
    if service is not None:
        form = form.choose(service)
    return browser.submit(form, {} if remember else {"remember": ""})


@pytest.fixture
def choice(network_of_two: Network, browser: Browser) -> Page:
    """The choice of an authentication service, for the first time in this browser."""
    return to_broker(browser, network_of_two, "gemeente", 9001)


def test_the_first_time_nothing_is_marked_and_the_box_is_ticked(choice):
    assert choice.heading == CHOOSE_SERVICE
    assert marked(choice) == []
    assert BEFORE not in choice.text
    assert choice.form(GO_ON).fields["remember"] == "on"
    assert REMEMBER in choice.text


def test_the_choice_is_marked_the_next_time_and_can_be_another(browser, network_of_two, choice):
    assert go_on(browser, choice, SECOND).heading == f"U gaat naar {SECOND}"
    again = to_broker(browser, network_of_two, "kvk", 9001)
    assert again.heading == CHOOSE_SERVICE  # offered, not forced
    assert marked(again) == [SECOND]
    assert again.text.count(BEFORE) == 1
    assert go_on(browser, again).heading == f"U gaat naar {SECOND}"

    third = to_broker(browser, network_of_two, "gemeente", 9001)
    assert go_on(browser, third, FIRST).heading == f"U gaat naar {FIRST}"
    assert marked(to_broker(browser, network_of_two, "gemeente", 9001)) == [FIRST]


def test_without_the_tick_nothing_is_kept_and_what_was_kept_is_gone(browser, network_of_two, choice):
    go_on(browser, choice, SECOND, remember=False)
    assert COOKIE not in cookies(browser)
    again = to_broker(browser, network_of_two, "gemeente", 9001)
    assert marked(again) == []
    go_on(browser, again, SECOND)
    assert COOKIE in cookies(browser)
    go_on(browser, to_broker(browser, network_of_two, "gemeente", 9001), remember=False)
    assert COOKIE not in cookies(browser)


def test_a_form_without_a_choice_keeps_the_tick_as_it_was(browser, choice):
    """Nothing is remembered either."""
    unticked = browser.submit(choice.form(GO_ON), {"remember": ""})
    assert "Kies een authenticatiedienst." in unticked.text
    assert "remember" not in unticked.form(GO_ON).fields
    assert browser.submit(unticked.form(GO_ON), {"remember": "on"}).form(GO_ON).fields["remember"] == "on"
    assert COOKIE not in cookies(browser)


def test_the_cookie_is_a_preference_and_nothing_more(browser, network_of_two, choice):
    """It lasts, no script can read it, it does not come along with other sites' posts, and it is only a name."""
    go_on(browser, choice, SECOND)
    (kept,) = [cookie for cookie in browser.cookies if cookie.name == COOKIE]
    assert kept.expires is not None
    assert kept.has_nonstandard_attr("HttpOnly")
    assert kept.get_nonstandard_attr("SameSite") == "Lax"
    kept.value = "urn:etoegang:AD:00000099000000099999:entities:9001"
    again = to_broker(browser, network_of_two, "gemeente", 9001)
    assert again.heading == CHOOSE_SERVICE
    assert marked(again) == []


def test_where_there_is_no_choice_nothing_is_remembered(browser, network):
    assert to_stub(browser, network, "gemeente", 9001).heading == "Kies wie u bent"
    assert COOKIE not in cookies(browser)


def test_the_setting_turns_it_off(tmp_path: Path, installation: Path, browser: Browser):
    with running_network(
        tmp_path, installation=installation, two_services=True, broker={"remember_choice": False}
    ) as running:
        page = to_broker(browser, running, "gemeente", 9001)
        assert REMEMBER not in page.text
        assert go_on(browser, page, SECOND).heading == f"U gaat naar {SECOND}"
        assert COOKIE not in cookies(browser)
        assert marked(to_broker(browser, running, "gemeente", 9001)) == []
