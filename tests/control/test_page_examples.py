"""The calls that the page about the API begins with, made as they stand there."""

import shlex

import requests

from tests.control.scripted import FLEUR, visit
from tests.docs.pages import read


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


def test_the_calls_of_the_page_work_in_their_order(api, controlled, provider):
    language, code = read("docs/api.md").blocks[0]
    assert language == "sh"
    api("POST", "/scripts", FLEUR, status=201)
    visit(controlled.simulator.addresses, provider)
    (login,) = api("GET", "/logins")["logins"]
    told = {"http://localhost:8080": controlled.broker, "logins/ID/": f"logins/{login['id']}/"}
    for here, there in told.items():
        code = code.replace(here, there)
    lines = code.splitlines()
    for line in lines:
        name, is_set, value = line.partition("=")
        if is_set and name.isidentifier():
            lines = [one.replace(f"${name}", shlex.split(value)[0]) for one in lines]
    answers = [call(line) for line in lines if line.startswith("curl ")]
    assert [answer.status_code for answer in answers] == [201, 201, 200, 200, 200]
    assert answers[3].json()["open_forms"]
    assert api("GET", "/scripts") == {"scripts": []}
