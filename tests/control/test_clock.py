"""One clock for broker, registers and stub, which every process of a network follows at once."""

from datetime import UTC, datetime, timedelta

import pytest

from broker import timekeeping
from broker.core.errors import ConfigError
from broker.simulator.layout import Layout
from tests.control.scripted import FLEUR, status, visit
from tests.requester import at


def moment(told: dict) -> datetime:
    return datetime.fromisoformat(told["now"])


def test_it_is_set_frozen_advanced_and_put_back(api):
    noon = datetime(2027, 6, 1, 12, tzinfo=UTC)
    frozen = api("PUT", "/clock", {"now": noon.isoformat(), "frozen": True})
    assert (moment(frozen), frozen["frozen"]) == (noon, True)
    assert moment(api("POST", "/clock/advance", {"days": 1, "seconds": 1})) == noon + timedelta(days=1, seconds=1)
    going = api("PUT", "/clock", {})
    assert not going["frozen"]
    assert moment(going) - noon >= timedelta(days=1)
    assert moment(api("PUT", "/clock", {"frozen": True})) == moment(api("GET", "/clock"))
    real = api("PUT", "/clock", {"real": True})
    assert (real["offset_seconds"], real["frozen"]) == (0, False)


def test_what_no_clock_can_say_is_refused_and_changes_nothing(api):
    before = api("GET", "/clock")["offset_seconds"]
    beyond = api("PUT", "/clock", {"now": "2126-01-01T00:00:00Z"}, status=422)
    assert (beyond["code"], "valid from" in beyond["detail"]) == ("EH-CLK-01", True)
    assert api("POST", "/clock/advance", {"days": 100_000}, status=422)["code"] == "EH-CLK-01"
    assert api("POST", "/clock/advance", {"days": -100_000, "seconds": -1e10}, status=422)["status"] == 422
    for wrong in ({"now": "2027-06-01T12:00:00"}, {"now": "noon"}, {"real": True, "frozen": True}, {"more": 1}):
        assert api("PUT", "/clock", wrong, status=422)["code"] == "EH-API-03"
    assert api("GET", "/clock")["offset_seconds"] == before


@pytest.mark.parametrize(("days", "reason"), [(0, ""), (150, "CHAIN_EXPIRED"), (-150, "CHAIN_NOT_YET_VALID")])
def test_all_parties_follow_it_and_mandates_begin_and_expire(api, controlled, provider, days, reason):
    """Over the ninety days of the network's metadata too, and back to before anything was made."""
    today = moment(api("GET", "/clock")).date()
    period = {name: (today + timedelta(days=there)).isoformat() for name, there in PERIOD.items()}
    parties = {"client": "salarisklant-0001", "intermediary": "administratiekantoor-papiermolen"}
    api("POST", "/mandates", {**parties, **period, "couple": ["fleur-eh3"]}, status=201)
    there = api("POST", "/clock/advance", {"days": days})
    api("POST", "/scripts", {"person": "fleur-voorbeeld", "client": "salarisklant-0001"}, status=201)
    done = visit(controlled.simulator.addresses, provider, IssueInstant=at(moment(there)))
    assert done.arrived
    (login,) = api("GET", "/logins")["logins"]
    assert (login["reason"], login["outcome"]) == (reason, "refused" if reason else "granted")
    assert moment({"now": login["started_at"]}) >= moment(there)


PERIOD = {"valid_from": -100, "valid_until": 100}


def test_a_service_provider_that_keeps_real_time_is_refused(api, controlled, provider):
    api("POST", "/clock/advance", {"days": 1})
    done = visit(controlled.simulator.addresses, provider)
    assert (done.arrived, done.page.status) == (False, 400)


def test_the_command_line_moves_the_clock_of_a_running_network(api, controlled, provider):
    settings = controlled.settings
    assert timekeeping.show(settings).endswith("(the system's time)")
    assert timekeeping.set_to(settings, "2027-06-01T14:00:00+02:00", frozen=True) == (
        "2027-06-01T12:00:00+00:00  (stands still)"
    )
    assert api("GET", "/clock")["now"] == "2027-06-01T12:00:00+00:00"
    assert timekeeping.advance(settings, "-2h") == "2027-06-01T10:00:00+00:00  (stands still)"
    assert timekeeping.set_to(settings, "now", frozen=False).endswith("(the system's time)")
    assert "and 1 day" in timekeeping.advance(settings, "1d")
    for wrong in ("soon", "5", "5y"):
        with pytest.raises(ConfigError, match="expected"):
            timekeeping.advance(settings, wrong)
    with pytest.raises(ConfigError, match="expected now, or a moment"):
        timekeeping.set_to(settings, "soon", frozen=False)
    with pytest.raises(ConfigError, match="valid from"):
        timekeeping.advance(settings, "9999d")
    api("POST", "/scripts", FLEUR, status=201)
    api("PUT", "/clock", {"real": True})
    addresses = controlled.simulator.addresses
    assert status(visit(addresses, provider).collected(addresses))[0] == "Success"


def test_a_file_of_conditions_that_cannot_be_read_stops_the_start_and_never_a_running_program(api, controlled):
    file = Layout.of(controlled.settings).conditions
    api("PUT", "/clock", {"now": "2027-06-01T12:00:00Z", "frozen": True})
    good = file.read_text()
    assert api("GET", "/clock")["frozen"]
    try:
        for text in ("{", "[]", '{"offset_seconds": "x", "frozen_at": null, "seed": null, "run": 1}'):
            file.write_text(text)
            assert api("GET", "/clock")["now"] == "2027-06-01T12:00:00+00:00"
            with pytest.raises(ConfigError, match=r"conditions\.json"):
                timekeeping.show(controlled.settings)
    finally:
        file.write_text(good)
