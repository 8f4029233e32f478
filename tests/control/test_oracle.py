"""What the API says that a correct service provider understood is what independent readers get out of the answer."""

import pytest

from tests.control.scripted import FLEUR, visit
from tests.flow.answers import Answer
from tests.flow.steps import choose, facts, prove, to_stub
from tests.interop.driver import Browser
from tests.requester import opened

KVK = "urn:etoegang:1.9:EntityConcernedID:KvKnr"
RSIN = "urn:etoegang:1.9:EntityConcernedID:RSIN"
TYPES = {KVK: "kvk_number", RSIN: "rsin"}


def read(answer: Answer) -> dict[str, object]:
    """What the tests' own reader, with other libraries than the broker's, finds in an answer of dialect 1.13."""

    def values(name: str) -> list[tuple[str, str]]:
        found = [opened(one, answer.requester.encryption) for one in answer.encrypted(name)]
        return [(one.get("NameQualifier"), one.text) for one in found]

    through = answer.attributes.get("urn:etoegang:1.9:IntermediateEntityID:KvKnr")
    return {
        "service_provider": answer.requester.entity_id,
        "level": answer.level,
        "service_ids": answer.texts("core:ServiceID"),
        "service_uuid": answer.texts("core:ServiceUUID")[0],
        "acting_subject": values("core:ActingSubjectID")[0][1],
        "identifiers": [{"type": TYPES[kind], "value": value} for kind, value in values("core:LegalSubjectID")],
        "is_chain": through is not None,
        "through": through[0].text if through else None,
    }


@pytest.mark.parametrize("client", ["glasblazerij-zeepbel", "68750110"], ids=["chain", "direct"])
def test_it_agrees_with_another_reader_of_the_same_answer(api, controlled, provider, client):
    api("POST", "/scripts", {**FLEUR, "client": client}, status=201)
    addresses = controlled.simulator.addresses
    done = visit(addresses, provider)
    found = read(done.collected(addresses))
    told = api("GET", f"/logins/{done.request.get('ID')}/oracle")
    understood = told["understood"]
    assert told["outcome"] == "granted"
    assert {name: understood[name] for name in found if name != "through"} == {
        name: value for name, value in found.items() if name != "through"
    }
    assert (understood["intermediary"] or {"kvk_number": None})["kvk_number"] == found["through"]


def test_it_agrees_with_the_demo_service_provider_on_pysaml2(api, controlled):
    with Browser() as browser:
        page = prove(browser, to_stub(browser, controlled, "belastingdienst", 9001), "Fleur Voorbeeld")
        page = choose(browser, browser.submit(page.form()), "Glasblazerij Zeepbel")
        shown = facts(page)
    (login,) = api("GET", "/logins")["logins"]
    told = api("GET", f"/logins/{login['id']}/oracle")
    text = " ".join(value for values in shown.values() for value in values)
    understood = told["understood"]
    for value in (
        *(one["value"] for one in understood["identifiers"]),
        understood["acting_subject"],
        understood["intermediary"]["kvk_number"],
        understood["intermediary"]["name"],
        understood["service_uuid"],
    ):
        assert value in text, (value, shown)


def test_open_forms_keeps_a_chain_with_a_mandate_and_a_direct_login_without(api, controlled, provider):
    addresses = controlled.simulator.addresses
    api("POST", "/scripts", FLEUR, status=201)
    found = read(visit(addresses, provider).collected(addresses))
    (login,) = api("GET", "/logins")["logins"]
    assert api("GET", f"/logins/{login['id']}/oracle")["open_forms"] == {
        "source": "eherkenning",
        "levelOfAssurance": "urn:etoegang:core:assurance-class:loa3",
        "representee": {"identifierType": "kvkNummer", "identifier": "68727720"},
        "authorizee": {
            "legalSubject": {"identifierType": "kvkNummer", "identifier": "68750110"},
            "actingSubject": {"identifierType": "opaque", "identifier": found["acting_subject"]},
        },
        "mandate": {"services": [{"id": found["service_ids"][0], "uuid": found["service_uuid"]}]},
    }
    api("POST", "/scripts", {**FLEUR, "client": "68750110"}, status=201)
    done = visit(addresses, provider)
    direct = api("GET", f"/logins/{done.request.get('ID')}/oracle")["open_forms"]
    assert set(direct) == {"source", "levelOfAssurance", "authorizee"}
    assert direct["authorizee"]["legalSubject"] == {"identifierType": "kvkNummer", "identifier": "68750110"}


def test_who_was_not_logged_in_was_understood_as_nobody(api, controlled, provider):
    api("POST", "/scripts", {**FLEUR, "refused": "expired"}, status=201)
    done = visit(controlled.simulator.addresses, provider)
    told = api("GET", f"/logins/{done.request.get('ID')}/oracle")
    assert told["understood"] is None
    assert told["open_forms"] is None
    assert (told["outcome"], told["reason"]) == ("refused", "CHAIN_EXPIRED")
    assert api("GET", "/logins/nothing/oracle", status=404)["code"] == "EH-WEB-404"
