"""The broker's side of a login in one call: what comes back is what a browser would have brought."""

from urllib.parse import parse_qs, urlsplit

from tests.control.scripted import FLEUR, status
from tests.flow.answers import Answer
from tests.requester import form


def brought(requester, sso):
    """A request, and what a browser would bring of it."""
    message = requester.request(sso)
    return message, {"url": sso, "fields": form("SAMLRequest", requester.signed(message), "state")}


def test_a_request_goes_in_and_the_way_back_comes_out(api, controlled, provider):
    addresses = controlled.simulator.addresses
    message, request = brought(provider, addresses.sso)
    done = api("POST", "/logins", {**request, **FLEUR})
    assert done["outcome"] == "granted"
    assert api("GET", f"/logins/{done['login']}")["client"] == "glasblazerij-zeepbel"
    back = done["back"]
    assert (back["method"], back["url"].partition("?")[0]) == ("GET", provider.consumer)
    query = {**parse_qs(urlsplit(back["url"]).query), **{name: [value] for name, value in back["fields"].items()}}
    assert query["RelayState"] == ["state"]
    artifact = query["SAMLart"][0]
    answer = Answer(provider, message, artifact, provider.collect(addresses.resolution, artifact))
    assert status(answer)[0] == "Success"


def test_a_refusal_comes_back_too_with_its_reason(api, controlled, provider):
    _, request = brought(provider, controlled.simulator.addresses.sso)
    done = api("POST", "/logins", {**request, **FLEUR, "refused": "expired"})
    assert (done["outcome"], done["reason"]) == ("refused", "CHAIN_EXPIRED")


def test_what_cannot_be_carried_is_said_and_leaves_no_script(api, controlled, provider):
    sso = controlled.simulator.addresses.sso
    _, request = brought(provider, sso)
    elsewhere = api("POST", "/logins", {**request, **FLEUR, "url": provider.consumer}, status=422)
    assert "is no address of this broker" in str(elsewhere)
    assert "say who logs in" in str(api("POST", "/logins", request, status=422))
    spoilt = {**request["fields"], "SAMLRequest": "AAAA"}
    told = api("POST", "/logins", {**request, **FLEUR, "fields": spoilt}, status=422)
    assert "leads to a page and no further" in str(told)
    assert api("GET", "/scripts") == {"scripts": []}
