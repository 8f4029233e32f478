"""The register over the API: what is added or changed counts at the next login."""

from datetime import date, timedelta

import requests

from tests.control.scripted import FLEUR, status, visit

TODAY = date.today()
CLIENT = {"id": "nieuwe-klant", "kvk_number": "12345678", "name": "Nieuwe Klant B.V.", "rsin": "000010005"}
OFFICE = {"id": "nieuw-kantoor", "kvk_number": "12345679", "name": "Nieuw Kantoor B.V.", "city": "Proefhaven"}
PERSON = {
    "id": "nina-nieuw",
    "name": "Nina Nieuw",
    "employer": "nieuw-kantoor",
    "means": [{"id": "nina-eh3", "direct_mandates": [{"organisation": "nieuw-kantoor"}]}],
}
MANDATE = {"id": "nieuw", "client": "nieuwe-klant", "intermediary": "nieuw-kantoor", "couple": ["nina-eh3"]}


def filled(api):
    """The register with a client, an office, somebody who works there, and a chain mandate."""
    for path, what in (
        ("/organisations", CLIENT | {"rsin": None}),
        ("/organisations", OFFICE),
        ("/people", PERSON),
        ("/mandates", MANDATE),
    ):
        api("POST", path, what, status=201)


def test_a_register_that_was_made_over_the_api_carries_a_login_at_once(api, controlled, provider):
    api("POST", "/reset", {"register": "empty"})
    filled(api)
    addresses = controlled.simulator.addresses
    for client in ("12345678", "nieuw-kantoor"):
        api("POST", "/scripts", {"person": "Nina Nieuw", "client": client}, status=201)
        assert status(visit(addresses, provider).collected(addresses))[0] == "Success"
    assert [one["client"] for one in api("GET", "/logins")["logins"]] == ["nieuw-kantoor", "nieuwe-klant"]


def test_what_is_added_is_given_back_as_it_is(api):
    api("POST", "/reset", {"register": "empty"})
    filled(api)
    assert api("GET", "/organisations/12345679") == {
        **OFFICE,
        "legal_form": "BV",
        "rsin": None,
        "trade_names": [],
        "status": "active",
    }
    (person,) = api("GET", "/people?employer=nieuw-kantoor")["people"]
    assert person["means"][0]["valid_from"] == TODAY.isoformat()
    assert person["means"][0]["direct_mandates"][0]["scope"] == {"everything": True, "providers": [], "services": []}
    mandate = api("GET", "/mandates/nieuw")
    assert (mandate["status"], mandate["level"], mandate["couplings"][0]["means"]) == ("active", "EH3", "nina-eh3")
    assert api("GET", "/mandates?client=nieuwe-klant")["mandates"] == [mandate]
    assert api("GET", "/mandates?intermediary=nieuwe-klant") == {"mandates": []}
    assert [one["id"] for one in api("GET", "/organisations?search=kantoor")["organisations"]] == ["nieuw-kantoor"]
    assert [one["id"] for one in api("GET", "/organisations?search=12345678")["organisations"]] == ["nieuwe-klant"]


def test_a_mandate_is_suspended_resumed_and_revoked_and_each_counts_at_the_next_login(api, controlled, provider):
    addresses, name = controlled.simulator.addresses, "administratiekantoor-papiermolen--glasblazerij-zeepbel"

    def told() -> str:
        api("POST", "/scripts", FLEUR, status=201)
        answer = visit(addresses, provider).collected(addresses)
        return status(answer)[2].partition(":")[0] or status(answer)[0]

    assert told() == "Success"
    assert api("POST", f"/mandates/{name}/suspend", {"reason": "test"})["status"] == "suspended"
    assert told() == "CHAIN_SUSPENDED"
    assert api("POST", f"/mandates/{name}/resume", {})["status"] == "active"
    assert told() == "Success"
    assert api("POST", f"/mandates/{name}/revoke")["status"] == "revoked"
    assert told() == "CHAIN_REVOKED"
    again = api("POST", f"/mandates/{name}/revoke", status=409)
    assert (again["code"], bool(again["next_step"])) == ("ENDED", True)
    api("POST", "/reset")
    assert told() == "Success"


def test_people_means_and_organisations_change_at_once(api, controlled, provider):
    addresses = controlled.simulator.addresses
    api("PATCH", "/organisations/glasblazerij-zeepbel", {"status": "bankrupt"})
    api("POST", "/scripts", FLEUR, status=201)
    assert status(visit(addresses, provider).collected(addresses))[2].startswith("RELATION_NOT_ACTIVE: ")
    api("PATCH", "/organisations/68727720", {"status": "active"})
    api("PATCH", "/people/fleur-voorbeeld", {"status": "blocked"})
    api("POST", "/scripts", FLEUR, status=201)
    assert status(visit(addresses, provider).collected(addresses))[2].startswith("USER_BLOCKED: ")
    api("PATCH", "/people/fleur-voorbeeld", {"status": "active"})
    api("PATCH", "/means/fleur-eh3", {"status": "suspended"})
    api("POST", "/scripts", {"means": "fleur-eh3"}, status=201)
    assert "NOT_ACTIVE" in visit(addresses, provider).page.text
    api("PATCH", "/means/fleur-eh3", {"status": "active"})
    api("PATCH", "/direct-mandates/fleur-eh3--administratiekantoor-papiermolen", {"status": "revoked"})
    api("POST", "/scripts", {**FLEUR, "client": "68750110"}, status=201)
    assert status(visit(addresses, provider).collected(addresses))[2].startswith("DIRECT_")


def test_means_and_couplings_are_added_to_who_is_there(api, controlled, provider):
    api("POST", "/people/fleur-voorbeeld/means", {"id": "fleur-eh4", "level": "EH4"}, status=201)
    api(
        "POST",
        "/mandates/administratiekantoor-papiermolen--ijssalon-poolster/couplings",
        {"means": "fleur-eh4"},
        status=201,
    )
    direct = {"means": "fleur-eh4", "organisation": "ijssalon-poolster"}
    made = api("POST", "/direct-mandates", direct, status=201)
    assert (made["id"], made["level"]) == ("fleur-eh4--ijssalon-poolster", "EH4")
    api("POST", "/scripts", {"person": "fleur-voorbeeld", "client": "ijssalon-poolster"}, status=201)
    assert api("GET", "/scripts")["scripts"][0]["means"] == "fleur-eh4"
    addresses = controlled.simulator.addresses
    assert status(visit(addresses, provider).collected(addresses))[0] == "Success"


def test_a_scope_names_services_as_messages_do(api):
    scope = {"services": ["urn:etoegang:DV:00000099000000110000:services:9001"]}
    api(
        "POST",
        "/mandates",
        {"client": "glasblazerij-zeepbel", "intermediary": "salarisbureau-loonstrook", "scope": scope},
        status=201,
    )
    made = api("GET", "/mandates/salarisbureau-loonstrook--glasblazerij-zeepbel")
    assert made["scope"]["services"] == ["d0000099-0011-4000-8000-000000009001"]
    wrong = {"client": "glasblazerij-zeepbel", "intermediary": "slagerij-tofu", "scope": {"services": ["x"]}}
    assert api("POST", "/mandates", wrong, status=422)["code"] == "EH-API-03"


def test_what_the_register_may_never_hold_is_refused_and_nothing_changes(api):
    far = (TODAY + timedelta(days=4000)).isoformat()
    for path, what, code in (
        ("/organisations", CLIENT | {"kvk_number": "1"}, "EH-API-03"),
        ("/organisations", CLIENT | {"rsin": "123456789"}, "EH-API-03"),
        ("/organisations", CLIENT | {"more": 1}, "EH-API-03"),
        ("/organisations", CLIENT | {"name": "a\u0000b"}, "EH-API-03"),
        ("/mandates", {"client": "ijssalon-poolster", "intermediary": "ijssalon-poolster"}, "EH-API-03"),
        ("/mandates", {"client": "ijssalon-poolster", "intermediary": "uitgeverij", "valid_until": far}, "EH-API-03"),
    ):
        assert api("POST", path, what, status=422)["code"] == code
    for path, what in (
        ("/organisations", CLIENT | {"kvk_number": "68727720"}),
        ("/people", PERSON | {"employer": "nobody"}),
        ("/mandates", {"client": "ijssalon-poolster", "intermediary": "nobody"}),
        (
            "/mandates",
            MANDATE | {"client": "ijssalon-poolster", "intermediary": "slagerij-tofu", "couple": ["nothing"]},
        ),
    ):
        assert api("POST", path, what, status=409)["code"] == "EH-STO-02"
    assert api("GET", "/organisations/nieuwe-klant", status=404)["code"] == "EH-WEB-404"
    assert api("GET", "/mandates/slagerij-tofu--ijssalon-poolster", status=404)["code"] == "EH-WEB-404"


def test_a_service_provider_is_registered_by_xml_or_by_address_and_told_what_is_wrong(api, controlled, provider):
    xml = {"Content-Type": "application/samlmetadata+xml"}
    known = api("POST", "/service-providers", data=provider.metadata(), headers=xml, status=201)
    assert (known["entity_id"], known["usable"]) == (provider.entity_id, True)
    assert known["services"][0] == {"index": 9001, "service_id": provider.services[9001], "known": True}
    assert {"rule", "clause", "fix", "line", "where"} <= set(known["findings"][0])
    assert known["needed"]["metadata"] == controlled.simulator.addresses.metadata
    assert api("GET", f"/service-providers/{provider.entity_id}") == known
    assert provider.entity_id in [one["entity_id"] for one in api("GET", "/service-providers")["service_providers"]]

    broken = api("POST", "/service-providers", data=b"<x/>", headers=xml, status=422)
    assert (broken["code"], broken["findings"][0]["severity"]) == (broken["findings"][0]["rule"], "error")
    assert broken["next_step"] == broken["findings"][0]["fix"]
    by_address = {"url": f"{controlled.demo}/metadata/kvk"}
    assert api("POST", "/service-providers", by_address, status=201)["name"] == "KVK (test)"
    assert api("POST", "/service-providers", {"url": "file:///etc/passwd"}, status=422)["code"] == "EH-API-03"
    assert api("POST", "/service-providers", {"url": f"{controlled.demo}/nothing"}, status=422)["findings"]

    api("DELETE", f"/service-providers/{provider.entity_id}", status=204)
    assert api("GET", f"/service-providers/{provider.entity_id}", status=404)["code"] == "EH-WEB-404"
    assert api("DELETE", f"/service-providers/{provider.entity_id}", status=404)["code"] == "EH-WEB-404"
    assert not visit(controlled.simulator.addresses, provider).arrived
    api("POST", "/service-providers", data=provider.metadata(), headers=xml, status=201)


def test_logins_are_listed_and_their_messages_are_given_byte_for_byte(api, controlled, provider):
    addresses = controlled.simulator.addresses
    api("POST", "/scripts", FLEUR, status=201)
    done = visit(addresses, provider)
    done.collected(addresses)
    login = api("GET", f"/logins/{done.request.get('ID')}")
    assert [one["what"] for one in login["history"]][:2] == ["started", "bound"]
    assert login["history"][-1]["facts"]["client"] == "glasblazerij-zeepbel"
    kept = api("GET", f"/logins/{login['id']}/messages")["messages"]
    assert [one["kind"] for one in kept] == [
        "AuthnRequest",
        "AuthnRequest",
        "Response",
        *["Assertion"] * 2,  # what the registers stated
        "Response",
        "ArtifactResolve",
        "ArtifactResponse",
    ]
    first = requests.get(f"{controlled.broker}/api/v1/logins/{login['id']}/messages/{kept[0]['number']}", timeout=10)
    assert (first.headers["Content-Type"], first.text) == ("application/xml", kept[0]["xml"])
    assert api("GET", "/logins?outcome=cancelled") == {"logins": []}
    assert api("GET", f"/logins?service_provider={provider.entity_id}")["logins"][0]["id"] == login["id"]
    assert api("GET", f"/logins/{login['id']}/messages/1000000", status=404)["code"] == "EH-WEB-404"


def test_reset_puts_everything_back_and_keeps_who_is_registered_unless_asked(api, controlled, provider):
    addresses = controlled.simulator.addresses
    api("POST", "/scripts", FLEUR, status=201)
    assert visit(addresses, provider).arrived
    api("PUT", "/clock", {"now": "2027-06-01T12:00:00Z", "frozen": True})
    api("PATCH", "/people/fleur-voorbeeld", {"status": "blocked"})
    api("POST", "/scripts", FLEUR, status=201)
    run = api("POST", "/reset")["run"]
    assert api("GET", "/logins") == {"logins": []}
    assert api("GET", "/scripts") == {"scripts": []}
    assert api("GET", "/clock")["offset_seconds"] == 0
    assert api("GET", "/people/fleur-voorbeeld")["status"] == "active"
    assert api("GET", f"/service-providers/{provider.entity_id}")["usable"]
    assert api("POST", "/reset", {"register": "keep"})["run"] == run + 1
    before = api("GET", "/service-providers")["service_providers"]
    api("POST", "/reset", {"keep_service_providers": False, "register": "empty"})
    assert [one["entity_id"] for one in api("GET", "/service-providers")["service_providers"]] == [
        controlled.simulator.module.entity_id
    ]
    assert api("GET", "/organisations") == {"organisations": []}
    for one in before:
        if one["entity_id"] == provider.entity_id:
            headers = {"Content-Type": "text/xml"}
            api("POST", "/service-providers", data=provider.metadata(), headers=headers, status=201)
        elif one["consumers"][0].startswith(controlled.demo):  # what other tests registered they register anew
            key = one["consumers"][0].rpartition("/")[2]
            api("POST", "/service-providers", {"url": f"{controlled.demo}/metadata/{key}"}, status=201)


def test_a_part_of_a_list_that_cannot_be_is_refused_and_one_beyond_its_end_is_empty(api):
    assert api("GET", f"/logins?offset={10**9}") == {"logins": []}
    assert "offset" in str(api("GET", f"/logins?offset={10**20}", status=422))
