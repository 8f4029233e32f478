"""Logins at the service provider, each with what the visitor gets to see."""

import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

FLEUR = {"person": "fleur-voorbeeld"}
ON_BEHALF = {**FLEUR, "client": "glasblazerij-zeepbel"}


def test_on_behalf_of_a_client(site, eherkenning_login):
    login = eherkenning_login(f"{site}/login", **ON_BEHALF)

    assert (login.outcome, login.accepted) == ("granted", True)
    assert "KvK-nummer 68727720, via KvK-nummer 68750110" in login.page.text
    understood = login.oracle["understood"]
    assert understood["identifiers"][0] == {"type": "kvk_number", "value": "68727720"}
    assert understood["intermediary"]["kvk_number"] == "68750110"


def test_for_the_own_organisation(site, eherkenning_login):
    login = eherkenning_login(f"{site}/login", **FLEUR, client="administratiekantoor-papiermolen")

    assert login.page.title == "U bent ingelogd"
    assert "via" not in login.page.text


@pytest.mark.parametrize("refused", ["no_mandate", "expired", "revoked", "level_too_low"])
def test_refusal(refused, site, eherkenning_login):
    login = eherkenning_login(f"{site}/login", **ON_BEHALF, refused=refused)

    assert (login.outcome, login.page.title) == ("refused", "U bent niet ingelogd")


@pytest.mark.parametrize("screen", ["sign_in", "organisation"])
def test_somebody_stops(screen, site, eherkenning_login):
    login = eherkenning_login(f"{site}/login", **FLEUR, cancel_at=screen)

    assert (login.outcome, login.page.title) == ("cancelled", "U bent niet ingelogd")


def test_answer_that_is_too_old(site, eherkenning, eherkenning_login):
    eherkenning.clock.advance(minutes=-10)
    login = eherkenning_login(f"{site}/login", **ON_BEHALF)

    assert (login.outcome, login.accepted) == ("granted", False)
    assert (login.page.status, login.page.title) == (400, "Het antwoord is geweigerd")


def test_answer_to_somebody_elses_question(site, eherkenning_login):
    login = eherkenning_login(f"{site}/login", **ON_BEHALF)
    brought = next(step.url for step in login.steps if urlsplit(step.url).path == "/acs")

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(brought)
    assert refused.value.code == 400
    refused.value.close()
