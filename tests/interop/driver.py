"""A browser without a window: cookies, redirects, forms and links, for driving a login by hand.

It follows redirects, but sends a form only when told to. Cookies are kept and sent as current browsers
do: they belong to a host name whatever the port, and one with `SameSite=Lax`, or without `SameSite`, does
not go along with a POST that another site's page started. It is meant for loopback, where browsers let
`Secure` cookies travel over http too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Self
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import Request

import requests
from requests.cookies import extract_cookies_to_jar, get_cookie_header

from .page import Form, NotOnPage, Page

REDIRECTS = {301, 302, 303, 307, 308}
REDIRECTS_THAT_REPEAT = {307, 308}
MOST_REDIRECTS = 20
ALL = frozenset({"none", "lax", "strict"})
Files = Mapping[str, tuple[str, bytes]]


@dataclass
class Browser:
    """One person's browser, to be used in a `with` statement. `language` is sent as Accept-Language.

    `authority` is the file with the certificates that it trusts over https.
    """

    language: str = "nl"
    timeout: float = 30
    authority: Path | None = None

    def __post_init__(self) -> None:
        self._policy = _BrowserPolicy()
        self.cookies = CookieJar(self._policy)
        self._transport = requests.Session()
        self._transport.trust_env = False  # loopback never goes through a proxy
        if self.authority:
            self._transport.verify = str(self.authority)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    def open(self, url: str, *, from_page: Page | None = None) -> Page:
        """Go to `url`: typed in the address bar, or, with `from_page`, because that page led there."""
        return self._navigate("GET", url, [], from_page.url if from_page else None)

    def follow(self, page: Page, link: str) -> Page:
        """Click the link that reads `link`; raises `NotOnPage`."""
        return self.open(page.link(link), from_page=page)

    def submit(self, form: Form, values: Mapping[str, str] | None = None, files: Files | None = None) -> Page:
        """Fill in `values`, choose `files` (name and content, by field) and send the form; raises as `Form.fill`."""
        pairs = [(name, value) for name, value in form.fill(values or {}).pairs if name not in (files or {})]
        return self._navigate(form.method, form.action, pairs, form.url, files)

    def _navigate(
        self,
        method: str,
        url: str,
        pairs: list[tuple[str, str]],
        initiator: str | None,
        files: Files | None = None,
    ) -> Page:
        hops: list[tuple[int, str]] = []
        while len(hops) <= MOST_REDIRECTS:
            response = self._send(method, url, pairs, initiator, files)
            if method == "GET" and pairs:
                url = response.url  # with what the form put behind it
            if response.status_code not in REDIRECTS:
                return Page(url, response, tuple(hops))
            hops.append((response.status_code, url))
            url = urljoin(url, response.headers["Location"])
            if response.status_code not in REDIRECTS_THAT_REPEAT:
                method, pairs, files = "GET", [], None
        raise NotOnPage(f"more than {MOST_REDIRECTS} redirects: {hops}")

    def _send(
        self,
        method: str,
        url: str,
        pairs: list[tuple[str, str]],
        initiator: str | None,
        files: Files | None = None,
    ) -> requests.Response:
        sent_in = {"params": pairs} if method == "GET" else {"data": pairs, "files": files}
        headers = {"Accept-Language": self.language}
        if initiator and method == "POST":
            headers["Origin"] = "{0.scheme}://{0.netloc}".format(urlsplit(initiator))
            if urlsplit(url)[:2] == urlsplit(initiator)[:2]:
                headers["Referer"] = initiator
        request = requests.Request(method, urldefrag(url).url, headers=headers, **sent_in).prepare()
        crosses_sites = bool(initiator) and urlsplit(initiator).hostname != urlsplit(url).hostname
        self._policy.sendable = _sendable(method) if crosses_sites else ALL
        if cookies := get_cookie_header(self.cookies, request):
            request.headers["Cookie"] = cookies
        response = self._transport.send(request, allow_redirects=False, timeout=self.timeout)
        extract_cookies_to_jar(self.cookies, request, response.raw)
        return response


class _BrowserPolicy(DefaultCookiePolicy):
    """What browsers add to the standard library's rules; told before each request which `SameSite` may be sent."""

    def __init__(self) -> None:
        super().__init__(secure_protocols=("http", "https"))
        self.sendable = ALL

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        """Also refuses `SameSite=None` without `Secure`."""
        return super().set_ok(cookie, request) and (_same_site(cookie) != "none" or cookie.secure)

    def return_ok(self, cookie: Cookie, request: Request) -> bool:
        """Also keeps cookies at home that may not cross sites."""
        return super().return_ok(cookie, request) and _same_site(cookie) in self.sendable


def _sendable(method: str) -> frozenset[str]:
    """The values of `SameSite` that may cross sites with this method."""
    return frozenset({"none", "lax"}) if method == "GET" else frozenset({"none"})


def _same_site(cookie: Cookie) -> str:
    named = cookie.get_nonstandard_attr("SameSite") or cookie.get_nonstandard_attr("samesite") or "lax"
    return named.lower()
