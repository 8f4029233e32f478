"""Who may call the API: programs on this machine, or whoever has the token; never a page of another site."""

import pytest
import requests

from broker.web.front import create_front
from tests.network import Network

TOKEN = "a-token-of-the-test-0123456789"
CALL = "/api/v1/network"
TENANT = {"name": "stranger"}


@pytest.fixture(scope="module")
def client(controlled: Network):
    """Asks the broker of `controlled` with other settings, as if the request came over the network."""

    def make(**sections):
        changed = {
            name: getattr(controlled.settings, name).model_copy(update=values) for name, values in sections.items()
        }
        settings = controlled.settings.model_copy(update=changed)
        return create_front(settings, controlled.simulator, controlled.clock, controlled.simulator.ids).test_client()

    return make


def asked(client, *, host="localhost", origin="127.0.0.1", **headers):
    """The answer to a call from an address to a host, with these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(CALL, headers={"Host": host, **named}, environ_base={"REMOTE_ADDR": origin})


def refused(answer, status, code):
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    problem = answer.get_json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["next_step"]
    assert problem["title"]


def test_without_a_token_it_is_for_this_machine_by_its_own_name(client):
    own = client()
    assert asked(own).status_code == 200
    for other in (
        {"origin": "192.0.2.1"},
        {"host": "evil.example"},
        {"host": "[x"},
        {"host": "localhost.evil.example"},
    ):
        refused(asked(own, **other), 403, "EH-API-01")
    refused(asked(own, origin="192.0.2.1", X_Forwarded_For="127.0.0.1"), 403, "EH-API-01")


@pytest.mark.parametrize("open_to_others", [{"host": "0.0.0.0"}, {"base_url": "https://broker.example"}])
def test_open_to_others_it_answers_nobody_without_a_token(client, open_to_others):
    refused(asked(client(broker=open_to_others)), 403, "EH-API-01")
    with_token = client(broker=open_to_others, api={"token": TOKEN})
    refused(asked(with_token), 401, "EH-API-02")
    answer = asked(with_token, origin="192.0.2.1", host="broker.example", Authorization=f"Bearer {TOKEN}")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[1:]}"]
)
def test_with_a_token_nobody_comes_in_without_it(client, given):
    own = client(api={"token": TOKEN})
    answer = asked(own, **({} if given is None else {"Authorization": given}))
    refused(answer, 401, "EH-API-02")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert TOKEN not in answer.text
    assert asked(own, Authorization=f"bearer {TOKEN}").status_code == 200


def test_the_token_is_not_shown_where_settings_are(client, controlled):
    api = controlled.settings.api.model_copy(update={"token": TOKEN})
    assert TOKEN not in repr(controlled.settings.model_copy(update={"api": api}))


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_is_refused_whatever_it_has(client, site):
    for own, headers in ((client(), {}), (client(api={"token": TOKEN}), {"Authorization": f"Bearer {TOKEN}"})):
        refused(asked(own, Sec_Fetch_Site=site, **headers), 403, "EH-API-01")
        for origin in ("https://evil.example", "null", "http://localhost:1"):
            refused(asked(own, Origin=origin, **headers), 403, "EH-API-01")


def test_the_brokers_own_pages_may_call(client, controlled):
    assert asked(client(), Sec_Fetch_Site="same-origin", Origin=controlled.broker).status_code == 200


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", None])
def test_what_a_form_can_send_is_not_taken(api, controlled, kind):
    headers = {"Content-Type": kind} if kind else {}
    answer = requests.post(f"{controlled.broker}/api/v1/tenants", data=b'{"name": "x"}', headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (415, "EH-WEB-415")
    assert "x" not in [one["name"] for one in api("GET", "/tenants")["tenants"]]


def test_switched_off_it_is_not_there(client):
    answer = asked(client(api={"enabled": False}))
    assert answer.status_code == 404
    assert answer.content_type.startswith("text/html")


def test_every_call_is_guarded(client):
    """All but the document, which tells nothing that the documentation does not."""
    own = client(api={"token": TOKEN})
    paths = own.get("/api/openapi.json").get_json()["paths"]
    assert len(paths) > 20
    for path, methods in paths.items():
        for method in methods:
            answer = own.open(path.replace("{", "").replace("}", ""), method=method.upper(), json={})
            assert answer.status_code == 401, (method, path)


def test_errors_have_one_shape(api, controlled):
    for path, method, body, status, code in (
        ("/nothing", "GET", None, 404, "EH-WEB-404"),
        ("/clock", "DELETE", None, 405, "EH-WEB-405"),
        ("/people?most=0", "GET", None, 422, "EH-API-03"),
        ("/people?more=1", "GET", None, 422, "EH-API-03"),
        ("/tenants", "POST", TENANT | {"sample": "perhaps"}, 422, "EH-API-03"),
        ("/mandates/nothing/revoke", "POST", {}, 404, "NOT_FOUND"),
    ):
        answer = requests.request(method, f"{controlled.broker}/api/v1{path}", json=body, timeout=10)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (status, code), problem
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert set(problem) == {
            "type",
            "title",
            "status",
            "detail",
            "code",
            "next_step",
            "incident",
            "problems",
            "findings",
        }
        assert all(problem[name] for name in ("title", "detail", "next_step", "incident"))
    bad = requests.post(
        f"{controlled.broker}/api/v1/reset", data=b"{", headers={"Content-Type": "application/json"}, timeout=10
    )
    assert (bad.status_code, bad.json()["problems"][0]["detail"]) == (422, "the body is not JSON")
