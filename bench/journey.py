"""One complete chain login, as the browser and the service provider see it: six requests to the broker."""

import base64
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

import lxml.html

from bench.parties import AuthenticationService, ServiceProvider
from bench.traffic import Answer, Browser, Line
from broker.core.ids import RandomIds
from broker.saml import names
from broker.simulator.context import Addresses

STEPS: Final = ("request", "question", "statement", "selection", "choice", "resolve")
WHAT: Final = {
    "request": "the service provider's AuthnRequest is taken",
    "question": "page that sends the AuthnRequest to the authentication service",
    "statement": "the authentication service's Response is taken",
    "selection": "page with the organisations to act for",
    "choice": "decided, stated, signed; back with an artifact",
    "resolve": "the service provider resolves the artifact",
}

_PATHS: Final = Addresses("")
_IDS: Final = RandomIds()
_SOAP_HEADERS: Final = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": names.SOAP_ACTION}
_OK, _SEE_OTHER = 200, 303


class WentWrong(Exception):
    """The broker answered something else than a login that goes well gives."""


@dataclass(frozen=True, slots=True)
class Messages:
    """What was said to the broker and what it said, as XML."""

    request: bytes
    question: bytes
    statement: bytes
    resolve: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class Journey:
    """A login that succeeded: `kvk_number` is the client's, `seconds` what the browser waited at each of `STEPS`."""

    request_id: str
    resolve_id: str
    kvk_number: str
    seconds: tuple[float, ...]
    messages: Messages


@dataclass(frozen=True, slots=True)
class Client:
    """A client on the selection page, and the fields that choose it."""

    kvk_number: str
    form: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Traveller:
    """The parties, and how they reach the broker: `dial` gives a new connection."""

    service_provider: ServiceProvider
    authentication_service: AuthenticationService
    dial: Callable[[], Line]

    def travel(self, number: int) -> Journey:
        """Log in on behalf of client `number` of the first page, counted round. Raises `WentWrong`."""
        browser, back_channel = Browser(self.dial()), self.dial()
        try:
            return self._travel(browser, back_channel, number)
        finally:
            browser.line.close()
            back_channel.close()

    def arrive(self, browser: Browser) -> str:
        """As far as the list of organisations: the address of the login. Raises `WentWrong`."""
        return self._arrive(browser, _Watch()).address

    def _arrive(self, browser: Browser, watch: "_Watch") -> "_Arrived":
        request_id = _IDS.message_id()
        request = self.service_provider.request(request_id)
        fields = {"SAMLRequest": _encoded(request), "RelayState": request_id}
        began = watch.time(lambda: browser.post(_PATHS.sso, fields, cross_site=True), _SEE_OTHER)
        asked = watch.time(lambda: browser.get(began.location), _OK)
        question = _fields(asked, "SAMLRequest")
        statement = self.authentication_service.answer(question)
        fields = {"SAMLResponse": _encoded(statement), "RelayState": question["RelayState"]}
        arrived = watch.time(lambda: browser.post(_PATHS.consumer, fields, cross_site=True), _SEE_OTHER)
        selection = watch.time(lambda: browser.get(arrived.location), _OK)
        asked_xml = base64.b64decode(question["SAMLRequest"])
        return _Arrived(request_id, arrived.location.partition("?")[0], selection, request, asked_xml, statement)

    def _travel(self, browser: Browser, back_channel: Line, number: int) -> Journey:
        watch, resolve_id = _Watch(), _IDS.message_id()
        there = self._arrive(browser, watch)
        client = _client(there.selection, number)
        delivered = watch.time(lambda: browser.post(client.form, client.fields), _SEE_OTHER)
        resolve = self.service_provider.resolve(resolve_id, _artifact(delivered, there.request_id))
        answer = watch.time(lambda: back_channel.send("POST", _PATHS.resolution, resolve, _SOAP_HEADERS), _OK)
        if names.STATUS_AUTHN_FAILED.encode() in answer.body or b"Assertion>" not in answer.body:
            raise WentWrong(f"no assertion: {answer.body[:2000]!r}")
        messages = Messages(there.request, there.question, there.statement, resolve, answer.body)
        return Journey(there.request_id, resolve_id, client.kvk_number, tuple(watch.seconds), messages)

    def check(self, journey: Journey) -> None:
        """Verify what arrived and see that it names the client that was chosen; raises `WentWrong` or `Refused`."""
        facts = self.service_provider.read(journey.messages.answer, journey.request_id, journey.resolve_id)
        subjects = {identifier.type: identifier.value for identifier in facts.legal_subject}
        if journey.kvk_number not in subjects.values() or facts.intermediary is None:
            raise WentWrong(f"chosen was {journey.kvk_number}, the assertion names {subjects}")


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A login at the list of organisations, and the messages so far."""

    request_id: str
    address: str
    selection: Answer
    request: bytes
    question: bytes
    statement: bytes


class _Watch:
    def __init__(self) -> None:
        self.seconds: list[float] = []

    def time(self, send: Callable[[], Answer], status: int) -> Answer:
        began = time.perf_counter()
        answer = send()
        self.seconds.append(time.perf_counter() - began)
        if answer.status != status:
            step = STEPS[len(self.seconds) - 1]
            raise WentWrong(f"{step}: HTTP status {answer.status}, expected {status}: {answer.body[:2000]!r}")
        return answer


def _encoded(message: bytes) -> str:
    return base64.b64encode(message).decode()


def _fields(page: Answer, wanted: str) -> dict[str, str]:
    for form in lxml.html.document_fromstring(page.body).forms:
        if wanted in form.fields:
            return dict(form.form_values())
    raise WentWrong(f"no form with {wanted}: {page.body[:2000]!r}")


def _client(page: Answer, number: int) -> Client:
    """Client `number`, counted round, of those with an intermediary."""
    root = lxml.html.document_fromstring(page.body)
    choices = [item for item in root.xpath("//input[@name='choice']") if item.xpath("../label/span")]
    if not choices:
        raise WentWrong(f"no clients to choose from: {page.body[:2000]!r}")
    chosen = choices[number % len(choices)]
    form = chosen.xpath("ancestor::form")[0]
    kvk_number = re.search(r"\b[0-9]{8}\b", chosen.getparent().text_content())
    if kvk_number is None:
        raise WentWrong("a client without a KvK number")
    return Client(kvk_number.group(), form.action, {**dict(form.form_values()), "choice": chosen.get("value")})


def _artifact(delivered: Answer, relay_state: str) -> str:
    parameters = parse_qs(urlsplit(delivered.location).query)
    if parameters.get("RelayState") != [relay_state]:
        raise WentWrong(f"RelayState came back as {parameters.get('RelayState')}")
    return parameters["SAMLart"][0]
