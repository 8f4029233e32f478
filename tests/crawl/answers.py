"""One answer, as it came over the wire."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from http.cookies import Morsel, SimpleCookie
from urllib.parse import urljoin, urlsplit

import lxml.html
import requests
from lxml.html import FormElement, HtmlElement
from werkzeug.test import TestResponse

from tests.crawl.parties import Party


@dataclass(frozen=True)
class Answer:
    """What `party` answered to `method` on `url`; `language` is what a page should speak."""

    party: Party
    endpoint: str | None
    method: str
    url: str
    language: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def of(cls, party: Party, method: str, url: str, language: str, got: requests.Response) -> "Answer":
        """An answer that came over a socket."""
        headers = tuple(got.raw.headers.items())
        return cls(party, party.endpoint(url, method), method, url, language, got.status_code, headers, got.content)

    @classmethod
    def of_client(cls, party: Party, method: str, path: str, language: str, got: TestResponse) -> "Answer":
        """An answer that came from the application itself."""
        url, headers = party.base + path, tuple(got.headers.items())
        with got:
            return cls(party, party.endpoint(url, method), method, url, language, got.status_code, headers, got.data)

    def __str__(self) -> str:
        return f"{self.party.name} {self.method} {self.endpoint or urlsplit(self.url).path} {self.status}"

    def values(self, name: str) -> list[str]:
        """The values of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def value(self, name: str) -> str:
        """The value of a header, or an empty text."""
        return ", ".join(self.values(name))

    @property
    def kind(self) -> str:
        """The media type."""
        return self.value("Content-Type").partition(";")[0]

    @property
    def is_page(self) -> bool:
        """Whether this is something for people to look at: a redirect is not."""
        return self.kind == "text/html" and bool(self.body) and "Location" not in dict(self.headers)

    @property
    def is_file(self) -> bool:
        """Whether this is a static file, which is the same for everybody."""
        return self.endpoint == "static" and self.status in (200, 304)

    @property
    def policy(self) -> dict[str, list[str]]:
        """The Content-Security-Policy: directives with their sources."""
        parts = (part.split() for part in self.value("Content-Security-Policy").split(";"))
        return {part[0]: part[1:] for part in parts if part}

    @property
    def cookies(self) -> list[Morsel[str]]:
        """The cookies that it sets."""
        return [morsel for line in self.values("Set-Cookie") for morsel in SimpleCookie(line).values()]

    @cached_property
    def document(self) -> HtmlElement:
        """The page, parsed."""
        return lxml.html.document_fromstring(self.body)

    @property
    def forms(self) -> list[tuple[str, str, FormElement]]:
        """The forms of the page: method, address, form."""
        return [(form.method, urljoin(self.url, form.get("action") or self.url), form) for form in self.document.forms]

    def links(self) -> Iterator[tuple[str, set[int]]]:
        """Where somebody may go from here, by links and forms that fetch something, and what there may be.

        A form without anything filled in may be shown again; a page in another language is what it was.
        """
        for address in self.document.xpath("//a/@href"):
            if not address.startswith("#"):
                target = urlsplit(urljoin(self.url, address))
                same = target.path == urlsplit(self.url).path and "lang=" in target.query
                yield target.geturl(), {self.status if same else 200}
        for method, address, form in self.forms:
            if method == "GET":
                sent = requests.Request("GET", address.partition("?")[0], params=form.form_values()).prepare()
                yield sent.url or address, {200, 422}

    def loaded(self) -> Iterator[str]:
        """What a browser loads for the page."""
        for address in self.document.xpath("//script/@src | //link/@href | //img/@src | //source/@src | //iframe/@src"):
            yield urljoin(self.url, address)
