"""The calls on the page about the API, made as they stand there."""

import shlex
from collections.abc import Iterator

import requests

from tests.control.scripted import FLEUR, visit
from tests.docs.pages import read
from tests.requester import form


def call(line: str) -> requests.Response:
    """What curl would ask: headers, a body that makes it a POST, and the address."""
    words = iter(shlex.split(line)[1:])
    headers, body, address = {}, None, ""
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        else:
            address = word
    return requests.request("GET" if body is None else "POST", address, headers=headers, data=body, timeout=10)


def calls(told: dict[str, str]) -> Iterator[requests.Response]:
    """The answers to all calls of the page in their order, with what stands there replaced by what is `told`."""
    blocks = read("docs/api.md").blocks
    assert {language for language, _ in blocks} == {"sh"}
    code = "\n".join(code for _, code in blocks)
    for here, there in told.items():
        assert here in code
        code = code.replace(here, there)
    lines = code.replace(",\n  ", ", ").splitlines()
    for line in lines:
        name, is_set, value = line.partition("=")
        if is_set and name.isidentifier():
            lines = [one.replace(f"${name}", shlex.split(value)[0]) for one in lines]
    return (call(line) for line in lines if line.startswith("curl "))


def test_the_calls_of_the_page_work_in_their_order(api, controlled, provider):
    addresses = controlled.simulator.addresses
    api("POST", "/scripts", FLEUR, status=201)
    visit(addresses, provider)
    (login,) = api("GET", "/logins")["logins"]
    request = form("SAMLRequest", provider.signed(provider.request(addresses.sso)), None)["SAMLRequest"]
    told = {"http://localhost:8080": controlled.broker, "logins/ID/": f"logins/{login['id']}/", "…": request}
    answers = list(calls(told))
    assert [answer.status_code for answer in answers] == [201, 201, 200, 200, 200, 200]
    assert answers[3].json()["open_forms"]
    assert answers[5].json()["outcome"] == "granted"
    assert api("GET", "/scripts") == {"scripts": []}
