"""Logging in without a browser, at the demo's portals and at a service provider that nobody knows."""

import re
from collections.abc import Iterator

import pytest

from broker.headless import Browser, Outcome, Screen, Stuck, log_in
from broker.headless.result import Party
from tests.headless.stranger import strange_service_provider
from tests.network import Network

FLEUR = "Fleur Voorbeeld"
CLIENT = "Glasblazerij Zeepbel"


@pytest.fixture
def start(network: Network) -> str:
    """Where a login at the municipality begins."""
    return network.login_address("gemeente", 9001)


@pytest.fixture(scope="module")
def stranger(network: Network) -> Iterator[str]:
    with strange_service_provider(network.login_address("gemeente", 9001)) as address:
        yield address


def test_accountant_logs_in_for_a_client_and_every_request_is_told(network: Network, start: str) -> None:
    result = log_in(start, person=FLEUR, client=CLIENT)

    assert (result.outcome, result.page.status, result.code) == (Outcome.LOGGED_IN, 200, None)
    assert result.page.heading.startswith("U handelt namens KvK-nummer 68727720 via Administratiekantoor Papiermolen")
    assert f"{network.broker}/login/{result.login_id}/choose" in [step.url for step in result.steps]
    assert [step.party for step in result.steps] == [
        Party.SERVICE_PROVIDER,
        *[Party.BROKER] * 2,
        *[Party.AUTHENTICATION_SERVICE] * 3,
        *[Party.BROKER] * 3,
        *[Party.SERVICE_PROVIDER] * 2,
    ]


@pytest.mark.parametrize(
    ("portal", "choices", "said"),
    [
        ("gemeente", {"person": FLEUR, "client": "68727720"}, "KvK-nummer 68727720 via"),
        ("gemeente", {"person": FLEUR, "client": CLIENT, "via": "Papiermolen"}, "KvK-nummer 68727720 via"),
        ("gemeente", {"person": "Bram Proef", "level": "EH3", "client": CLIENT}, "KvK-nummer 68727720 via"),
        ("gemeente", {"person": "Bram Proef", "means": "bram-eh3", "client": CLIENT}, "KvK-nummer 68727720 via"),
        ("gemeente", {"person": "Otto Enkel"}, "KvK-nummer 69599084 via Wolkenfabriek"),  # no choice, so none needed
        ("uwv", {"person": "Noor Proef", "client": "00020117"}, "KvK-nummer 00020117"),  # one of 1,200: searched for
    ],
)
def test_client_and_means_are_chosen_as_they_are_named(
    network: Network, portal: str, choices: dict[str, str], said: str
) -> None:
    result = log_in(network.login_address(portal, 9001), **choices)

    assert result.outcome is Outcome.LOGGED_IN
    assert said in result.page.heading


@pytest.mark.parametrize(
    ("portal", "choices", "outcome", "code"),
    [
        ("gemeente", {"person": "Nina Nul"}, Outcome.DENIED, "NO_MANDATE"),
        ("gemeente", {"person": FLEUR, "client": "Pannenkoekenhuis"}, Outcome.DENIED, "CHAIN_EXPIRED"),
        ("belastingdienst", {"person": "Saskia Test", "client": CLIENT}, Outcome.DENIED, "MEANS_TYPE_NOT_ALLOWED"),
        ("gemeente", {"person": "Bram Proef", "level": "EH2+"}, Outcome.MEANS_REFUSED, "LEVEL_TOO_LOW"),
        *[
            ("gemeente", {"person": FLEUR, "client": CLIENT, "cancel_at": screen}, Outcome.CANCELLED, None)
            for screen in (Screen.SIGN_IN, Screen.ORGANISATION)
        ],
    ],
)
def test_login_that_does_not_succeed_ends_at_the_service_provider_with_the_reason(
    network: Network, portal: str, choices: dict[str, object], outcome: Outcome, code: str | None
) -> None:
    result = log_in(network.login_address(portal, 9001), **choices)

    assert (result.outcome, result.code) == (outcome, code)
    assert result.page.url == f"{network.demo}/portal/{portal}/outcome"


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ({}, r"at the stub: say which person logs in; there are: .*Fleur Voorbeeld"),
        ({"person": "Fleur"}, r"at the stub: no person named 'Fleur'; there are: .*Fleur Voorbeeld"),
        ({"person": "Bram Proef", "level": "EH4"}, r"no means of level EH4; there are: bram-eh2plus \(EH2\+\)"),
        ({"person": FLEUR}, r"at the broker: say which client is acted for; there are: .*and \d+ more"),
        ({"person": FLEUR, "client": "Niemand"}, r"at the broker: no client 'Niemand' to choose; there are: nothing"),
        ({"person": "Otto Enkel", "client": "Niemand"}, r"no client 'Niemand' to choose; there are: Bakkerij"),
        ({"person": FLEUR, "client": "K"}, r"at the broker: 'K' is the name of several; there are: K"),
        ({"person": FLEUR, "client": CLIENT, "via": "Wolken"}, r"no client 'Glasblazerij Zeepbel' via 'Wolken'"),
    ],
)  # fmt: skip
def test_choice_that_is_not_there_is_told_with_those_that_are(start: str, choices: dict[str, str], reason: str) -> None:
    with pytest.raises(Stuck, match=reason) as stuck:
        log_in(start, **choices)

    assert stuck.value.steps[0].url == start


def test_authentication_service_is_chosen_by_its_name_or_is_the_first(network_of_two: Network) -> None:
    start = network_of_two.login_address("gemeente", 9001)

    first = log_in(start, person=FLEUR, client=CLIENT)
    cancelled = log_in(start, cancel_at=Screen.AUTHENTICATION_SERVICE)
    stopped_there = log_in(start, cancel_at=Screen.SIGN_IN)

    assert (first.outcome, cancelled.outcome, stopped_there.outcome) == (
        Outcome.LOGGED_IN,
        Outcome.CANCELLED,
        Outcome.CANCELLED,
    )
    assert not any(step.party is Party.AUTHENTICATION_SERVICE for step in cancelled.steps)
    with pytest.raises(Stuck, match=r"no authentication service named 'Niemand'; there are: .*, "):
        log_in(start, authentication_service="Niemand")


@pytest.mark.parametrize(
    ("path", "press"),
    [("refresh", None), ("script", None), ("hop", None), ("button", "Zakelijk"), ("link", "eHerkenning")],
)
def test_stranger_sends_its_visitor_on_in_its_own_way(stranger: str, path: str, press: str | None) -> None:
    result = log_in(f"{stranger}/{path}", press=press, person="Otto Enkel")

    assert result.outcome is Outcome.LOGGED_IN
    assert (result.steps[0].url, result.steps[0].party) == (f"{stranger}/{path}", Party.SERVICE_PROVIDER)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nowhere", "does not lead to the broker: status 500, 'Kapot'"),
        ("button", "does not lead to the broker: status 200, .*; it has the buttons: Zakelijk"),
        ("empty", "does not lead to the broker: status 200, ''"),
    ],
)
def test_stranger_that_does_not_lead_to_the_broker_is_told_so(stranger: str, path: str, reason: str) -> None:
    result = log_in(f"{stranger}/{path}", person=FLEUR)

    assert result.outcome is Outcome.NOT_SENT
    assert re.search(reason, result.reason)


@pytest.mark.parametrize(
    ("path", "press", "reason"),
    [
        ("self", None, r"more than 20 redirects in a row, to http://127\.0\.0\.1:\d+/self \(11 times\), .*/other"),
        ("round", None, r"after 30 pages the login has not ended; it goes round by http://127\.0\.0\.1:\d+/round"),
        ("away", None, r"^http://login\.example\.org/ is not on this machine, and login"),
        ("link", "Verder", r"no button or link 'Verder'.*links: \['eHerkenning'\]"),
    ],
)  # fmt: skip
def test_stranger_that_leads_nowhere_is_left_with_the_reason(
    stranger: str, path: str, press: str | None, reason: str
) -> None:
    with pytest.raises(Stuck, match=reason):
        log_in(f"{stranger}/{path}", press=press, person=FLEUR)


def test_party_that_does_not_answer_is_named() -> None:
    with pytest.raises(Stuck, match=r"^http://127\.0\.0\.1:1/login does not answer: no connection; is it running"):
        log_in("http://127.0.0.1:1/login?SAMLRequest=secret")
    with pytest.raises(Stuck, match=r'^"ftp://127\.0\.0\.1/" is no address that starts with http:// or https://'):
        log_in("ftp://127.0.0.1/")


def test_two_logins_in_one_browser_keep_its_cookies(network: Network, start: str) -> None:
    with Browser(language="en") as browser:
        first = log_in(start, browser=browser, person=FLEUR, client=CLIENT)
        second = log_in(
            network.login_address("kvk", 9001), browser=browser, person=FLEUR, client="Administratiekantoor"
        )
        still = browser.open(f"{network.demo}/portal/gemeente")

    assert first.login_id != second.login_id
    assert "KvK number 68727720" in still.heading
    assert second.page.heading.startswith("You are acting on behalf of KvK number 68750110")


def test_module_of_the_broker_is_a_service_provider_too(network: Network) -> None:
    result = log_in(f"{network.broker}/beheer", press="Inloggen met eHerkenning (simulator)", person="Gijs Glas")

    assert result.outcome is Outcome.LOGGED_IN
    assert result.page.url == f"{network.broker}/beheer/overzicht"
