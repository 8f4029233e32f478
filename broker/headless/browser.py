"""A browser without a window: cookies, redirects, forms and links, for driving a login by hand.

It follows redirects, but sends a form only when told to. Cookies are kept and sent as current browsers
do: they belong to a host name whatever the port, and one with `SameSite=Lax`, or without `SameSite`, does
not go along with a POST that another site's page started. It is meant for loopback, where browsers let
`Secure` cookies travel over http too, and goes nowhere else unless told which hosts.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import Request

import requests
from requests.cookies import extract_cookies_to_jar, get_cookie_header

from broker.core.loopback import is_loopback
from broker.headless.addresses import origin_of
from broker.headless.faults import NotAllowed, Stuck
from broker.headless.page import Form, Page
from broker.headless.transport import connections, unanswered

_REDIRECTS: Final = {301, 302, 303, 307, 308}
_REDIRECTS_THAT_REPEAT: Final = {307, 308}
_MOST_REDIRECTS: Final = 20
_ALL: Final = frozenset({"none", "lax", "strict"})
Files = Mapping[str, tuple[str, bytes]]
_Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that was answered: method, whole address, status."""

    method: str
    url: str
    status: int


@dataclass
class Browser:
    """One person's browser, to be used in a `with` statement. `language` is sent as Accept-Language.

    `authorities` are files with certificates that it trusts over https, besides the usual ones; making one raises
    `Stuck` when such a file is no use. `hosts` are those that it may visit besides this machine. `sent` holds what it
    asked, in order.
    """

    language: str = "nl"
    timeout: float = 30
    authorities: Sequence[Path] = ()
    hosts: Collection[str] = ()
    sent: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._policy = _BrowserPolicy()
        self.cookies = CookieJar(self._policy)
        self._transport = connections(self.authorities)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    def open(self, url: str, *, from_page: Page | None = None) -> Page:
        """Go to `url`: typed in the address bar, or, with `from_page`, because that page led there.

        Raises `NotAllowed`, and `Stuck` when nobody answers or redirects go on and on; so do the two below.
        """
        return self._navigate("GET", url, [], from_page.url if from_page else None)

    def follow(self, page: Page, link: str) -> Page:
        """Click the link that reads `link`; raises `NotOnPage`."""
        return self.open(page.link(link), from_page=page)

    def submit(self, form: Form, values: Mapping[str, str] | None = None, files: Files | None = None) -> Page:
        """Fill in `values`, choose `files` (name and content, by field) and send the form; raises as `Form.fill`."""
        pairs = [(name, value) for name, value in form.fill(values or {}).pairs if name not in (files or {})]
        return self._navigate(form.method, form.action, pairs, form.url, files)

    def _navigate(
        self, method: str, url: str, pairs: _Pairs, initiator: str | None, files: Files | None = None
    ) -> Page:
        """Ask for `url` and go where it redirects to; `initiator` is the page that led there, None: it was typed in."""
        hops: list[tuple[int, str]] = []
        while len(hops) <= _MOST_REDIRECTS:
            response = self._send(method, url, pairs, initiator, files)
            if method == "GET" and pairs:
                url = str(response.url)  # with what the form put behind it
            location = response.headers.get("Location")
            if response.status_code not in _REDIRECTS or location is None:
                return Page(url, response, tuple(hops))
            hops.append((response.status_code, url))
            url = urljoin(url, location)
            if method == "GET" or response.status_code not in _REDIRECTS_THAT_REPEAT:
                method, pairs, files = "GET", [], None
        again = [
            f"{address} ({times} times)" for address, times in Counter(bare(url) for _, url in hops).most_common(3)
        ]
        raise Stuck(f"more than {_MOST_REDIRECTS} redirects in a row, to {', '.join(again)}")

    def _send(
        self, method: str, url: str, pairs: _Pairs, initiator: str | None, files: Files | None = None
    ) -> requests.Response:
        """One request and its answer."""
        self._require_allowed(url)
        body: dict[str, Any] = {"params": pairs} if method == "GET" else {"data": pairs, "files": files}
        headers = {"Accept-Language": self.language, **_origin(method, url, initiator)}
        request = requests.Request(method, urldefrag(url).url, headers=headers, **body).prepare()
        crosses_sites = initiator is not None and urlsplit(initiator).hostname != urlsplit(url).hostname
        self._policy.sendable = _sendable(method) if crosses_sites else _ALL
        # requests and http.cookiejar take each other's requests and answers for what these look like
        if cookies := get_cookie_header(self.cookies, request):  # type: ignore[no-untyped-call]
            request.headers["Cookie"] = cookies
        try:
            response = self._transport.send(request, allow_redirects=False, timeout=self.timeout)
        except requests.RequestException as error:
            raise unanswered(bare(url), error, self.authorities) from error
        extract_cookies_to_jar(self.cookies, request, response.raw)  # type: ignore[no-untyped-call]
        self.sent.append(Sent(method, str(response.url), response.status_code))
        return response

    def _require_allowed(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NotAllowed(f"{json.dumps(url[:200])} is no address that starts with http:// or https://")
        if not is_loopback(parts.hostname) and parts.hostname not in self.hosts:
            raise NotAllowed(f"{bare(url)} is not on this machine, and {parts.hostname} was not allowed")


class _BrowserPolicy(DefaultCookiePolicy):
    """What browsers add to the standard library's rules; told before each request which `SameSite` may be sent."""

    def __init__(self) -> None:
        super().__init__(secure_protocols=("http", "https"))
        self.sendable = _ALL

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        """Also refuses `SameSite=None` without `Secure`."""
        return super().set_ok(cookie, request) and (_same_site(cookie) != "none" or bool(cookie.secure))

    def return_ok(self, cookie: Cookie, request: Request) -> bool:
        """Also keeps cookies at home that may not cross sites."""
        return super().return_ok(cookie, request) and _same_site(cookie) in self.sendable


def bare(url: str) -> str:
    """An address without what stands behind the question mark: that may be a message, or an artifact."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _origin(method: str, url: str, initiator: str | None) -> dict[str, str]:
    """What a browser tells of the page that led to a POST."""
    if initiator is None or method != "POST":
        return {}
    there, here = urlsplit(url), urlsplit(initiator)
    told = {"Origin": origin_of(initiator)}
    return {**told, "Referer": initiator} if there[:2] == here[:2] else told


def _sendable(method: str) -> frozenset[str]:
    """The values of `SameSite` that may cross sites with this method."""
    return frozenset({"none", "lax"}) if method == "GET" else frozenset({"none"})


def _same_site(cookie: Cookie) -> str:
    named = cookie.get_nonstandard_attr("SameSite") or cookie.get_nonstandard_attr("samesite") or "lax"
    return named.lower()
