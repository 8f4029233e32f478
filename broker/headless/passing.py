"""The broker's side of a login alone: from what a browser brings to what it takes back to the service provider.

For logins whose choices are written down at the broker: one form after another is sent, until the way leads elsewhere.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import requests

from broker.headless.addresses import login_of, origin_of
from broker.headless.browser import Browser, Files
from broker.headless.driving import form_with_message, form_without_fields
from broker.headless.faults import Stuck
from broker.headless.page import Page

_MOST_PAGES: Final = 12


@dataclass(frozen=True, slots=True)
class Onwards:
    """What a browser would ask the service provider next: the method, the address, and what a form would hold."""

    method: str
    url: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Passed:
    """Where it ended: on the way `onwards`, or at a `page` that leads no further; and the login, if one began."""

    onwards: Onwards | None
    page: Page | None
    login_id: str | None


def pass_through(
    url: str, fields: Mapping[str, str], *, within: Collection[str], authorities: Sequence[Path] = ()
) -> Passed:
    """Bring a request to the broker as a browser does, with the `fields` of a form if there are any.

    `within` are the origins of the broker and of authentication services: whatever else it leads to is where it ends.
    Raises `Stuck` when one of them does not answer.
    """
    with _Within(within, authorities) as browser:
        try:
            page = browser.bring(url, fields)
            for _ in range(_MOST_PAGES):
                form = form_with_message(page) or form_without_fields(page)
                if form is None:
                    return Passed(None, page, browser.login_id)
                page = browser.submit(form)
        except _Left as left:
            return Passed(left.onwards, None, browser.login_id)
        raise Stuck(f"after {_MOST_PAGES} pages the login has not ended")


class _Left(Exception):
    def __init__(self, onwards: Onwards) -> None:
        self.onwards = onwards


class _Within(Browser):
    """A browser that goes no further than the origins `within`."""

    def __init__(self, within: Collection[str], authorities: Sequence[Path]) -> None:
        super().__init__(authorities=authorities)
        self.within = frozenset(within)

    def bring(self, url: str, fields: Mapping[str, str]) -> Page:
        """Come from somewhere else, with a form or without."""
        return self._navigate("POST" if fields else "GET", url, list(fields.items()), None)

    @property
    def login_id(self) -> str | None:
        """The login of the last address that was one of a login."""
        return login_of(sent.url for sent in self.sent)

    def _send(
        self, method: str, url: str, pairs: list[tuple[str, str]], initiator: str | None, files: Files | None = None
    ) -> requests.Response:
        if origin_of(url) not in self.within:
            raise _Left(Onwards(method, url, tuple(pairs)))
        return super()._send(method, url, pairs, initiator, files)
