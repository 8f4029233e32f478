"""A person's way from the service provider through the broker's real screens, and back."""

from dataclasses import dataclass

from .driver import Browser
from .harness import DjangoSp
from .page import Page
from .visit import Visit

LOG_IN_AS_FLEUR = "Log in met EH3 als Fleur Voorbeeld"
"""She works for the accountant."""


@dataclass
class Visitor:
    """Somebody who reads Dutch, with a browser, at the service provider `sp`."""

    browser: Browser
    sp: DjangoSp

    def __post_init__(self) -> None:
        self._already_logged = self.sp.log.stat().st_size

    def to_authentication(self, **start: str | None) -> Page:
        """Start at the service provider, with the arguments of `login_url`, as far as the authentication service."""
        request = self.browser.open(self.sp.login_url(**start)).form()
        return self.browser.submit(self.browser.submit(request).form("Ga verder"))

    def to_representation(self, **start: str | None) -> Page:
        """Log in as Fleur, as far as the broker's page that asks on behalf of whom."""
        answer = self.browser.submit(self.to_authentication(**start).form(LOG_IN_AS_FLEUR))
        return self.browser.submit(answer.form("Ga verder"))

    def log_in_for(self, organisation: str, **start: str | None) -> Visit:
        """The whole login, on behalf of `organisation`."""
        choice = self.to_representation(**start).form("Ga verder").choose(organisation)
        return self.arrive(self.browser.submit(choice))

    def arrive(self, page: Page) -> Visit:
        """Be back at the service provider, on `page`; the log starts where this visitor came in."""
        return Visit(page, self.sp.log.read_bytes()[self._already_logged :].decode())
