"""HTTP to the broker: over the network, or straight into its application in this process."""

import http.client
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from flask import Flask


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `location` is where a redirect leads, as the broker wrote it."""

    status: int
    location: str
    cookies: tuple[str, ...]
    body: bytes


class Line(Protocol):
    """A way to the broker."""

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """One request and its answer."""

    def close(self) -> None:
        """Hang up."""


class Network:
    """A connection of its own, kept open between requests."""

    def __init__(self, base: str) -> None:
        """`base`: the broker's address, http://host:port."""
        self._connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """One request and its answer."""
        self._connection.request(method, path, body, dict(headers))
        answer = self._connection.getresponse()
        cookies = tuple(answer.headers.get_all("Set-Cookie", ()))
        return Answer(answer.status, answer.headers.get("Location", ""), cookies, answer.read())

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


class InProcess:
    """Straight into the application, which handles each request inside an `around()`."""

    def __init__(self, app: Flask, base: str, around: Callable[[], AbstractContextManager[None]]) -> None:
        """`base`: the address that the application believes to be at."""
        self._client, self._base, self._around = app.test_client(use_cookies=False), base, around

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """One request and its answer."""
        with self._around():
            answer = self._client.open(path, method=method, base_url=self._base, data=body, headers=dict(headers))
        cookies = tuple(answer.headers.getlist("Set-Cookie"))
        return Answer(answer.status_code, answer.headers.get("Location", ""), cookies, answer.data)

    def close(self) -> None:
        """Nothing to hang up."""


@dataclass(slots=True)
class Browser:
    """A person's browser: it keeps cookies, and sends them along with what did not start as another site's form."""

    line: Line
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Open a page, or follow a redirect."""
        return self._send("GET", path, None, self._cookie_header())

    def post(self, path: str, fields: Mapping[str, str], *, cross_site: bool = False) -> Answer:
        """Send a form; `cross_site`: one that stood on another party's page."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send(
            "POST", path, urlencode(fields).encode(), headers | ({} if cross_site else self._cookie_header())
        )

    def _cookie_header(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        answer = self.line.send(method, path, body, {"Accept-Language": "nl", **headers})
        for cookie in answer.cookies:
            self.cookies.update({name: item.value for name, item in SimpleCookie(cookie).items()})
        return answer
