"""A browser that keeps every answer, and looks behind every link on a page."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import parse_qsl, urldefrag, urlsplit

import requests
from lxml.html import HtmlElement

from broker.core.text import LANGUAGES
from tests.crawl.answers import Answer
from tests.crawl.parties import Party
from tests.interop.driver import Browser, Files
from tests.interop.page import Form, NotOnPage, Page
from tests.requester import enveloped

LEAVES_THE_MODULE = {"broker POST management.login", "broker POST management.logout", "broker POST management.consume"}


@dataclass
class Found:
    """All answers of a crawl, and what was wrong besides."""

    answers: list[Answer] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    known: set[object] = field(default_factory=set)

    def is_new(self, found: object) -> bool:
        """Whether this was not found before; from now on it was."""
        before = len(self.known)
        self.known.add(found)
        return len(self.known) > before


class Visitor(Browser):
    """Somebody who goes from page to page of the parties in one language, and notes what they meet in `found`."""

    def __init__(self, known: Iterable[Party], language: str, authorities: Sequence[Path] = ()) -> None:
        super().__init__(language=language, authorities=authorities)
        self.parties = {urlsplit(party.base).netloc: party for party in known}
        self.found = Found()
        self.spoken = language

    def press(
        self,
        page: Page,
        to: str,
        button: str | None = None,
        files: Files | None = None,
        **values: str | tuple[str, ...],
    ) -> Page:
        """Send the form that goes to the endpoint `to` (`broker POST login.choose`), by its `button`: name or value.

        Of `values` those for boxes to tick are tuples.
        """
        for element in page.document.forms:
            form = Form(page.url, element)
            if self._named(form.method, form.action) == to:
                buttons = element.xpath(".//button | //button[@form=$id]", id=element.get("id", ""))
                form.button = next((item for item in buttons if button in _known_by(item)), None)
                return self.submit(form.fill(values), files=files)
        raise NotOnPage(f"{page.status} {page.url}: no form to {to}; {page.text!r}")

    def post(self, page: Page, url: str, fields: dict[str, str]) -> Page:
        """Send what no form on the page holds, as one that did."""
        return self._navigate("POST", url, list(fields.items()), page.url)

    def soap(self, url: str, message: bytes) -> requests.Response:
        """Ask something without a browser, in an envelope."""
        got = self._transport.post(url, enveloped(message), headers={"Content-Type": "text/xml"}, timeout=30)
        self._keep("POST", url, got)
        return got

    def _named(self, method: str, url: str) -> str:
        party = self.parties.get(urlsplit(url).netloc)
        return f"{party.name} {method} {party.endpoint(url, method)}" if party else url

    def _send(
        self,
        method: str,
        url: str,
        pairs: list[tuple[str, str]],
        initiator: str | None,
        files: Files | None = None,
    ) -> requests.Response:
        got = super()._send(method, url, pairs, initiator, files)
        asked = _query(url).get("lang")
        self.language = asked if asked in LANGUAGES else self.language
        answer = self._keep(method, url, got)
        # In the other language a page is looked at, and not behind it: that is for the crawl in that language.
        if answer and answer.is_page and self.language == self.spoken:
            self._look_around(answer)
        return got

    def _keep(self, method: str, url: str, got: requests.Response) -> Answer | None:
        party = self.parties.get(urlsplit(url).netloc)
        if party is None:
            return None
        answer = Answer.of(party, method, url, self.language, got)
        self.found.answers.append(answer)
        return answer

    def _look_around(self, answer: Answer) -> None:
        """Load what the page loads, and go to where it leads with a copy of the cookies, so that nothing changes."""
        for address in filter(self.found.is_new, answer.loaded()):
            got = self._transport.get(address, timeout=30)
            self._keep("GET", address, got)
            if got.status_code != 200:
                self.found.broken.append(f"{answer}: {address}, which it loads, is {got.status_code}")
        for address, expected in answer.links():
            # Links that differ in values alone are of one kind, and one of a kind is followed, once.
            kind = (str(answer), self.language, self._named("GET", address), frozenset(_query(address)))
            if self.found.is_new(kind) and ("lang" in kind[-1] or self.found.is_new((self.language, address))):
                page = self._copy().open(urldefrag(address).url)
                if page.status not in expected:
                    self.found.broken.append(f"{answer}: a link to {address} leads to {page.status}")
        self._press_what_changes(answer)

    def _press_what_changes(self, answer: Answer) -> None:
        """Send the forms of the Beheermodule as they are, by each of their buttons."""
        for element in answer.document.forms:
            form = Form(answer.url, element)
            to = self._named(form.method, form.action)
            if to.startswith("broker POST management.") and to not in LEAVES_THE_MODULE:
                for button in element.xpath(".//button"):
                    if self.found.is_new((answer.endpoint, self.language, to, button.get("name"), button.get("value"))):
                        self._copy().submit(Form(answer.url, element, button))

    def _copy(self) -> "Visitor":
        other = copy(self)
        other.cookies = CookieJar(self._policy)
        for cookie in self.cookies:
            other.cookies.set_cookie(cookie)
        return other


def _known_by(button: HtmlElement) -> tuple[str, ...]:
    return tuple(value for value in (button.get("name"), button.get("value")) if value)


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
