"""What the next login does is said over the API; pages, messages, decisions and signatures are those of any login."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from broker.core.script import Point, Refused, Screen
from broker.simulator.compose import compose
from broker.simulator.control import scripting
from tests.control.scripted import FLEUR, status, visit


def test_a_scripted_login_goes_over_all_parties_and_ends_with_a_genuine_answer(api, controlled, provider):
    queued = api("POST", "/scripts", FLEUR, status=201)
    assert queued["means"] == "fleur-eh3"
    addresses = controlled.simulator.addresses
    done = visit(addresses, provider)
    assert done.headings == (
        "U gaat naar Stub Authenticatiedienst A",
        "Terug naar Ketenbroker (simulator)",
        "U gaat terug naar de dienstverlener",
    )
    answer = done.collected(addresses)
    assert status(answer)[0] == "Success"
    assert len(answer.evidence) == 3
    assert answer.texts("1.9:IntermediateEntityID:KvKnr") == ["68750110"]
    (login,) = api("GET", "/logins")["logins"]
    assert [login[name] for name in ("outcome", "person", "client")] == [
        "granted",
        "fleur-voorbeeld",
        "glasblazerij-zeepbel",
    ]
    assert api("GET", "/scripts") == {"scripts": []}


def test_first_in_first_out_and_then_the_person_chooses_again(api, controlled, provider):
    addresses = controlled.simulator.addresses
    for client in ("glasblazerij-zeepbel", "ijssalon-poolster"):
        api("POST", "/scripts", {"means": "fleur-eh3", "client": client}, status=201)
    assert [one["client"] for one in api("GET", "/scripts")["scripts"]] == ["glasblazerij-zeepbel", "ijssalon-poolster"]
    assert all(visit(addresses, provider).arrived for _ in range(2))
    assert [one["client"] for one in api("GET", "/logins")["logins"]] == ["ijssalon-poolster", "glasblazerij-zeepbel"]
    left = visit(addresses, provider)
    assert (left.arrived, left.page.heading) == (False, "Kies wie u bent")


def test_a_script_for_one_service_provider_waits_for_it(api, controlled, provider, make_requester):
    other = make_requester(controlled, entity=9066)
    api("POST", "/scripts", {**FLEUR, "service_provider": other.entity_id}, status=201)
    assert not visit(controlled.simulator.addresses, provider).arrived
    assert visit(controlled.simulator.addresses, other).arrived


@pytest.mark.parametrize("screen", Screen)
def test_the_person_stops_at_each_screen(api, controlled, provider, screen):
    api("POST", "/scripts", {**FLEUR, "cancel_at": screen.value}, status=201)
    done = visit(controlled.simulator.addresses, provider)
    assert status(done.collected(controlled.simulator.addresses)) == (
        "Responder",
        "AuthnFailed",
        "Authentication cancelled",
    )
    assert len(done.headings) == {"authentication_service": 1, "sign_in": 3, "organisation": 3}[screen.value]
    assert api("GET", "/logins")["logins"][0]["outcome"] == "cancelled"


REASONS = {
    Refused.NO_MANDATE: "NO_MANDATE",
    Refused.EXPIRED: "CHAIN_EXPIRED",
    Refused.REVOKED: "CHAIN_REVOKED",
    Refused.SUSPENDED: "CHAIN_SUSPENDED",
    Refused.LEVEL_TOO_LOW: "LOA_TOO_LOW",
}


@pytest.mark.parametrize("refused", Refused)
def test_the_register_refuses_for_this_login_alone(api, controlled, provider, refused):
    api("POST", "/scripts", {**FLEUR, "refused": refused.value}, status=201)
    api("POST", "/scripts", FLEUR, status=201)
    addresses = controlled.simulator.addresses
    answer = visit(addresses, provider).collected(addresses)
    assert status(answer)[:2] == ("Responder", "AuthnFailed")
    assert status(answer)[2].startswith(f"{REASONS[refused]}: ")
    login = api("GET", "/logins")["logins"][0]
    assert (login["outcome"], login["reason"]) == ("refused", REASONS[refused])
    assert status(visit(addresses, provider).collected(addresses))[0] == "Success"


def test_a_direct_mandate_is_refused_alike(api, controlled, provider):
    own = {"person": "Fleur Voorbeeld", "client": "68750110"}
    addresses = controlled.simulator.addresses
    api("POST", "/scripts", {**own, "refused": "expired"}, status=201)
    assert status(visit(addresses, provider).collected(addresses))[2].startswith("DIRECT_EXPIRED: ")
    api("POST", "/scripts", own, status=201)
    assert status(visit(addresses, provider).collected(addresses))[0] == "Success"


@pytest.mark.parametrize("point", Point)
def test_E07_the_mandate_is_revoked_after_each_point(api, controlled, provider, point):
    api("POST", "/scripts", {**FLEUR, "revoke_after": point.value}, status=201)
    addresses = controlled.simulator.addresses
    answer = visit(addresses, provider).collected(addresses)
    if point is Point.ANSWER_ISSUED:
        assert status(answer)[0] == "Success"
    else:
        assert status(answer)[2].startswith("CHAIN_REVOKED: ")
    mandate = api("GET", "/mandates/administratiekantoor-papiermolen--glasblazerij-zeepbel")
    assert mandate["status"] == "revoked"


def test_a_client_without_a_mandate_is_refused_by_the_decision_itself(api, controlled, provider):
    api("POST", "/scripts", {"person": "fleur-voorbeeld", "client": "salarisklant-0001"}, status=201)
    addresses = controlled.simulator.addresses
    assert status(visit(addresses, provider).collected(addresses))[2].startswith("NO_MANDATE: ")


def test_means_of_a_level_that_is_too_low_are_refused_where_the_person_logs_in(api, controlled, provider):
    api("POST", "/scripts", {"person": "bram-proef", "level": "EH2+"}, status=201)
    done = visit(controlled.simulator.addresses, provider)
    assert done.page.heading == "U bent niet ingelogd"
    assert "LEVEL_TOO_LOW" in done.page.text


def test_the_authentication_service_is_down(api, controlled, provider):
    api("POST", "/scripts", {**FLEUR, "authentication_service_down": True}, status=201)
    done = visit(controlled.simulator.addresses, provider)
    assert (done.page.status, done.page.url.startswith(controlled.stub)) == (503, True)
    assert "STUB-DOWN" in done.page.text


def test_the_answer_is_slow(api, controlled, provider):
    addresses, delay = controlled.simulator.addresses, 0.4
    api("POST", "/scripts", {**FLEUR, "answer_delay_seconds": delay}, status=201)
    done = visit(addresses, provider)
    before = time.monotonic()
    assert status(done.collected(addresses))[0] == "Success"
    assert time.monotonic() - before >= delay


def test_the_way_back_keeps_what_stands_in_the_address_of_the_service_provider(api, controlled, provider):
    api("POST", "/scripts", FLEUR, status=201)
    done = visit(controlled.simulator.addresses, provider, AssertionConsumerServiceIndex="1")
    assert done.page.url.startswith(f"{provider.consumer}/second?x=1&SAMLart=")


def test_what_a_script_names_must_be_there(api):
    assert api("POST", "/scripts", {"person": "nobody"}, status=404)["code"] == "EH-WEB-404"
    assert api("POST", "/scripts", {"means": "nothing"}, status=404)["code"] == "EH-WEB-404"
    assert api("POST", "/scripts", {"client": "nothing"}, status=404)["code"] == "EH-WEB-404"
    wrong = api("POST", "/scripts", {"cancel_at": "nowhere", "more": 1}, status=422)
    assert {one["place"] for one in wrong["problems"]} == {"cancel_at", "more"}
    assert api("POST", "/scripts", {"level": "EH3"}, status=422)["problems"][0]["place"] == "level"
    assert api("POST", "/scripts", {"person": "fleur-voorbeeld", "level": "EH4"}, status=422)["code"] == "EH-API-03"


def test_the_queue_is_emptied_and_bounded(api, controlled, monkeypatch):
    api("POST", "/scripts", FLEUR, status=201)
    api("DELETE", "/scripts", status=204)
    assert api("GET", "/scripts") == {"scripts": []}
    monkeypatch.setattr(scripting, "MOST", 1)
    api("POST", "/scripts", FLEUR, status=201)
    assert api("POST", "/scripts", FLEUR, status=422)["code"] == "EH-API-03"


def test_two_processes_never_take_the_same_script(api, controlled):
    """Two simulators on one store are what two processes are; each takes in a transaction of its own."""
    with_others = compose(controlled.settings, controlled.clock, controlled.simulator.ids)
    count = 12
    for _ in range(count):
        api("POST", "/scripts", FLEUR, status=201)

    def take(number):
        sim = (controlled.simulator, with_others)[number % 2]
        return sim.store.write(lambda tx: scripting.take(tx, "anybody"))

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take, range(count + 3)))
    with_others.store.close()
    assert sum(one is not None for one in taken) == count
